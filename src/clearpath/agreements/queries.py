"""Reads about agreements and fees; scoped to the actor, but for what the network itself must know."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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


def is_signed_between(agreement_id: UUID, organisations: Collection[UUID]) -> bool:
    """Whether an agreement is in force and exactly these two are its parties."""
    found = Agreement.objects.filter(pk=agreement_id, stage="signed").values_list("first_id", "second_id").first()
    return found is not None and set(found) == set(organisations)


@dataclass(frozen=True, slots=True)
class FeeRow:
    """One fee in force. Names are those of the organisations; money in minor units of `currency`."""

    id: UUID
    agreement_id: UUID
    payer: str
    payer_id: UUID
    payer_role: str
    payee: str
    payee_id: UUID
    payee_role: str
    fee_type: str
    rate_bps: int | None  # of the treatment's cost
    amount_minor: int | None  # each time
    cap_minor: int | None
    currency: str
    jurisdiction: str
    verdict: str  # lawful | ruled_lawful | forbidden | over_cap | unknown


def fees_in_force(organisations: Collection[UUID], *, on: date | None = None) -> list[FeeRow]:
    """The fees that these organisations owe each other under signed agreements on a day (today if not said).

    Both payer and payee are among them. Not scoped to an actor: it is the network that tells the patient and
    settles; hand it to nobody else. Ordered by payer, payee and number. Two queries, however many fees.
    """
    on = on or timezone.now().date()
    begun = Q(terms__starts_on=None) | Q(terms__starts_on__lte=on)
    not_over = Q(terms__ends_on=None) | Q(terms__ends_on__gt=on)
    fees = (
        Fee.objects.filter(begun, not_over, payer_id__in=organisations, payee_id__in=organisations)
        .filter(terms__agreement__stage="signed", terms__signatures__position="second")
        .annotate(agreement_key=F("terms__agreement_id"))
        .order_by("payer_id", "payee_id", "terms_id", "number")
    )
    rows = list(fees)
    names = names_of({key for fee in rows for key in (fee.payer_id, fee.payee_id)})
    return [_row_of(fee, names) for fee in rows]


def _row_of(fee: Fee, names: dict[UUID, str]) -> FeeRow:
    return FeeRow(
        id=fee.pk,
        agreement_id=fee.agreement_key,  # type: ignore[attr-defined]
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
        verdict="ruled_lawful" if fee.is_lawful and fee.verdict == Fee.Verdict.UNKNOWN else fee.verdict,
    )
