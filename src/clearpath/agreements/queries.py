"""Reads about agreements and fees; scoped to the actor, but for what the network itself must know."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clearpath.agreements import fee_table, lawful, policies
from clearpath.agreements.fee_table import Rule
from clearpath.agreements.models import Agreement, Fee, Terms
from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.parties.queries import names_of
from clearpath.turns.sight import visible


def agreements_for(actor: Actor) -> QuerySet[Agreement]:
    """The agreements of which the actor sees anything, newest first."""
    return visible(Agreement, to=actor).order_by("-pk")


def agreement_for(actor: Actor, agreement_id: UUID) -> Agreement:
    """Raises NotFound alike for a missing agreement and for one the actor may not see."""
    found = agreements_for(actor).filter(pk=agreement_id).first()
    if found is None:
        raise NotFound(Objection("no_such_agreement", _("There is no such agreement.")))
    return found


def open_terms(agreement: Agreement) -> Terms:
    """The latest version of the terms: open while it is negotiated, binding once signed."""
    found = Terms.objects.filter(agreement=agreement).order_by("-number").first()
    if found is None:
        raise NotFound(Objection("no_terms", _("No terms have been proposed yet.")))
    return found


def missing_parts(agreement: Agreement) -> list[Any]:
    """What the open terms must still say before they can be signed, in words for people."""
    return policies.missing_parts(open_terms(agreement), {agreement.first_role, agreement.second_role})


def fees_of(terms: Terms) -> QuerySet[Fee]:
    """The fees of one version of the terms, ready for the table of rules to be asked."""
    return terms.fees.select_related("terms__agreement").order_by("number")


def is_signed_between(agreement_id: UUID, organisations: Collection[UUID]) -> bool:
    """Whether an agreement is in force and exactly these two are its parties."""
    found = Agreement.objects.filter(pk=agreement_id, stage="signed").values_list("first_id", "second_id").first()
    return found is not None and set(found) == set(organisations)


def signed_among(organisations: Collection[UUID]) -> list[tuple[frozenset[UUID], datetime]]:
    """Which two of these signed an agreement with each other, and when; one that has ended was signed too.

    Not scoped: the network counts by it what became of a meeting; hand it to nobody else.
    """
    found = Agreement.objects.filter(first__in=organisations, second__in=organisations, signed_at__isnull=False)
    rows = found.order_by("signed_at", "pk").values_list("first_id", "second_id", "signed_at")
    return [(frozenset({first, second}), at) for first, second, at in rows if at is not None]


@dataclass(frozen=True, slots=True)
class Agreed:
    """How what an agency brought is divided; "" and None where the agreement does not say."""

    model: str = ""
    days: int | None = None


def attribution_agreed(agreements: Collection[UUID]) -> dict[UUID, Agreed]:
    """What the latest terms of each agreement say of attribution; one query.

    Not scoped to an actor, like `fees_in_force`.
    """
    found = Terms.objects.filter(agreement__in=agreements).order_by("number")
    rows = found.values_list("agreement_id", "attribution", "attribution_days")
    return {key: Agreed(model, days) for key, model, days in rows}  # the last one stays


@dataclass(frozen=True, slots=True)
class FeeRow:
    """One fee in force, with what is known of its lawfulness now. Money in minor units of `currency`.

    `verdict`: lawful, allowed_with_disclosure or ruled_lawful (these may be paid), forbidden, over_cap or unknown.
    `rule` is the row of the table on which it rests, with its sources and the day it was read; None: none is known.
    """

    id: UUID
    agreement_id: UUID
    payer: str
    payer_id: UUID
    payer_role: str
    payee: str
    payee_id: UUID
    payee_role: str
    fee_type: str
    rate_bps: int | None  # of `base`
    amount_minor: int | None  # each time of `per`
    cap_minor: int | None
    currency: str
    jurisdiction: str
    verdict: str
    base: str = "treatment"
    per: str = "treated"
    institution: str = ""
    rule: Rule | None = None
    ruled_because: str = ""

    @property
    def may_be_paid(self) -> bool:
        """By a known rule, or because the steward ruled so."""
        return self.verdict in PAYABLE


PAYABLE = lawful.MAY_BE_PAID | {"ruled_lawful"}


def fees_in_force(organisations: Collection[UUID], *, on: date | None = None) -> list[FeeRow]:
    """The fees that these organisations owe each other under signed agreements on a day (today if not said).

    Both payer and payee are among them. The table of rules is asked anew, so that a rule that changed counts at
    once; a fee of an agreement that was reopened is of unknown law until somebody found it lawful again.
    Not scoped to an actor: it is the network that tells the patient and settles; hand it to nobody else.
    Ordered by payer, payee and number. Two queries, however many fees.
    """
    return _rows(Q(payer_id__in=organisations, payee_id__in=organisations), on)


def fees_touching(organisations: Collection[UUID], *, on: date | None = None) -> list[FeeRow]:
    """As `fees_in_force`, of these organisations with anybody: what they earn, and what is earned from them."""
    return _rows(Q(payer_id__in=organisations) | Q(payee_id__in=organisations), on)


def fee_answers(
    organisations: Collection[UUID], *, on: date | None = None, countries: Collection[str] | None = None
) -> list[FeeRow]:
    """The fees between these organisations for treatment in these countries, each with verdict, rule and source."""
    rows = fees_in_force(organisations, on=on)
    return [row for row in rows if countries is None or row.jurisdiction in countries]


def why_not_offer_on(
    organisations: Collection[UUID], *, on: date | None = None, countries: Collection[str] | None = None
) -> Objection | None:
    """Why no offer may be built on the agreements between these organisations: a fee that may not be paid."""
    return policies.why_not_rest_on(fee_answers(organisations, on=on, countries=countries))


def why_not_pay(fees: Sequence[FeeRow], *, price_minor: int, currency: str) -> Objection | None:
    """Why these fees may not be paid for a treatment of this price: what is a share only now is seen only now."""
    return policies.why_not_rest_on([at_price(fee, price_minor, currency) for fee in fees])


def at_price(fee: FeeRow, price_minor: int, currency: str) -> FeeRow:
    """The fee with the verdict that its share of this price has, if it was agreed as an amount and has a cap."""
    known = fee.may_be_paid and fee.rule is not None and fee.rule.verdict == "capped"
    if not known or fee.rule is None or fee.amount_minor is None or fee.currency != currency:
        return fee
    rate_bps = -(-fee.amount_minor * 10_000 // price_minor) if price_minor else 10_000
    finding = lawful.under_cap(fee.rule, rate_bps, fee.institution)
    return fee if finding.verdict == lawful.UNKNOWN else replace(fee, verdict=finding.verdict)


def _rows(whose: Q, on: date | None) -> list[FeeRow]:
    on = on or timezone.now().date()
    begun = Q(terms__starts_on=None) | Q(terms__starts_on__lte=on)
    not_over = Q(terms__ends_on=None) | Q(terms__ends_on__gt=on)
    found = (
        Fee.objects.filter(begun, not_over, whose)
        .filter(terms__agreement__stage="signed", terms__signatures__position="second")
        .select_related("terms__agreement")
        .order_by("payer_id", "payee_id", "terms_id", "number")
    )
    fees = list(found)
    for _terms, of_one in groupby(sorted(fees, key=lambda fee: fee.terms_id), key=lambda fee: fee.terms_id):
        lawful.found(of_one, at=timezone.now())
    names = names_of({key for fee in fees for key in (fee.payer_id, fee.payee_id)})
    return [_row_of(fee, names) for fee in fees]


def _row_of(fee: Fee, names: dict[UUID, str]) -> FeeRow:
    return FeeRow(
        id=fee.pk,
        agreement_id=fee.terms.agreement_id,
        payer=names[fee.payer_id],
        payer_id=fee.payer_id,
        payer_role=fee.payer_role,
        payee=names[fee.payee_id],
        payee_id=fee.payee_id,
        payee_role=fee.payee_role,
        fee_type=fee.fee_type,
        rate_bps=fee.rate_bps,
        amount_minor=fee.amount_minor,
        cap_minor=fee.cap_minor,
        currency=fee.currency,
        jurisdiction=fee.jurisdiction,
        verdict=fee.answer if "lawful" in fee.terms.agreement.facts or not fee.is_lawful else lawful.UNKNOWN,
        base=fee.base,
        per=fee.per,
        institution=fee.institution,
        rule=fee_table.rule(fee.rule),
        ruled_because=fee.ruled_lawful_because if fee.is_ruled_lawful else "",
    )
