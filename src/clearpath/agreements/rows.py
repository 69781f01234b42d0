"""Agreements, terms and fees as an agreement's page shows them: plain rows, blanked for the reader."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clearpath.agreements import fee_table
from clearpath.agreements.models import Agreement, Fee, Signature, Terms
from clearpath.charter.actor import Actor
from clearpath.core.money import as_text
from clearpath.parties.queries import names_of, people_named
from clearpath.turns.sight import Shown, shown, visible

Words = str | Promise
TONES = {
    "lawful": "good",
    "allowed_with_disclosure": "good",
    "ruled_lawful": "good",
    "forbidden": "bad",
    "over_cap": "bad",
    "unknown": "warn",
}
RULED = _("Found lawful by the steward")


@dataclass(frozen=True, slots=True)
class TermsRow:
    """One version of the terms, with who has signed it."""

    number: int
    text: str
    governing_law: str
    starts_on: date | None
    ends_on: date | None
    proposed_by: str
    proposed_at: datetime
    signed: tuple[tuple[str, str, datetime], ...]  # organisation, person, when


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One fee with what is known of its lawfulness: verdict, rule, source and date."""

    number: int
    what_for: Words
    payer: str
    payee: str
    how_much: str
    jurisdiction: str
    institution: Words
    verdict: Words
    tone: str
    cap: str
    rule: fee_table.Rule | None
    checked_at: datetime
    ruled_because: str
    ruled_source: str
    ruled_at: datetime | None


def terms_rows_for(actor: Actor, agreement: Agreement) -> list[TermsRow]:
    """Every version that the actor may read, the newest first."""
    versions = list(visible(Terms, to=actor).filter(agreement=agreement).order_by("-number"))
    signed = list(visible(Signature, to=actor).filter(terms__in=versions).order_by("signed_at", "pk"))
    names = names_of({each.proposed_by_id for each in versions} | {each.organisation_id for each in signed})
    people = people_named(each.person_id for each in signed)
    return [_terms_row(shown(terms, to=actor), terms, signed, names, people) for terms in versions]


def _terms_row(
    row: Shown, terms: Terms, signed: list[Signature], names: dict[Any, str], people: dict[Any, str]
) -> TermsRow:
    return TermsRow(
        number=row.number,
        text=row.text,
        governing_law=row.governing_law,
        starts_on=row.starts_on or None,
        ends_on=row.ends_on or None,
        proposed_by=names.get(row.proposed_by_id, ""),
        proposed_at=row.proposed_at,
        signed=tuple(
            (names[each.organisation_id], people.get(each.person_id, ""), each.signed_at)
            for each in signed
            if each.terms_id == terms.pk
        ),
    )


def fee_lines_for(actor: Actor, agreement: Agreement) -> list[FeeLine]:
    """The fees of the latest terms that the actor may see, in their order."""
    latest = Terms.objects.filter(agreement=agreement).order_by("-number").first()
    fees = list(visible(Fee, to=actor).filter(terms=latest).order_by("number")) if latest else []
    names = names_of({key for fee in fees for key in (fee.payer_id, fee.payee_id)})
    return [_fee_line(cast(Fee, shown(fee, to=actor)), names) for fee in fees]


def _fee_line(fee: Fee, names: dict[Any, str]) -> FeeLine:
    rule = fee_table.rule(fee.rule)
    ruled = fee.verdict == Fee.Verdict.UNKNOWN and fee.is_lawful
    cap = rule.cap_bps.get(fee.institution) if rule else None
    return FeeLine(
        number=fee.number,
        what_for=Fee.Type(fee.fee_type).label,
        payer=names.get(fee.payer_id, ""),
        payee=names.get(fee.payee_id, ""),
        how_much=how_much(fee),
        jurisdiction=fee.jurisdiction,
        institution=Fee.Institution(fee.institution).label if fee.institution else "",
        verdict=RULED if ruled else Fee.Verdict(fee.verdict).label,
        tone=TONES["ruled_lawful" if ruled else fee.verdict],
        cap=percent(cap) if cap else "",
        rule=rule,
        checked_at=fee.checked_at,
        ruled_because=fee.ruled_lawful_because,
        ruled_source=fee.ruled_source,
        ruled_at=fee.ruled_at or None,
    )


def how_much(fee: Any) -> str:
    """A share of the treatment's cost, or an amount, as people write it."""
    if fee.rate_bps is None:
        return as_text(fee.amount_minor, fee.currency)
    share = percent(fee.rate_bps)
    return f"{share} (≤ {as_text(fee.cap_minor, fee.currency)})" if fee.cap_minor else share


def percent(bps: int) -> str:
    """Hundredths of a percent as people write them: 1250 is 12.5 %."""
    places = 0 if bps % 100 == 0 else 1 if bps % 10 == 0 else 2
    return gettext("%(number)s\u00a0%%") % {"number": number_format(bps / 100, places)}
