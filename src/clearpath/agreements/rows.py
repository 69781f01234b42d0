"""Agreements, terms and fees as an agreement's page shows them: plain rows, blanked for the reader."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clearpath.agreements import fee_table
from clearpath.agreements.changes import Change, Line, changes, lines_of
from clearpath.agreements.models import Agreement, Fee, Reopening, Signature, Terms
from clearpath.agreements.wording import how_much, percent
from clearpath.charter.actor import Actor
from clearpath.parties.queries import names_of, people_named
from clearpath.turns.sight import shown, visible

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
UNCLEAR = _("Not clear")  # a rule is known, but not what it means for this fee


@dataclass(frozen=True, slots=True)
class TermsRow:
    """One version of the terms: what it says, what changed against the one before, who has signed it."""

    number: int
    lines: list[Line]
    changes: list[Change]
    note: str
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
    more: tuple[Words, ...]  # what else the law may depend on
    verdict: Words
    tone: str
    cap: str
    rule: fee_table.Rule | None
    sources: tuple[tuple[str, str], ...]  # the name of the site, and the address
    checked_at: datetime
    ruled_because: str
    ruled_source: str
    ruled_at: datetime | None
    reopened: tuple[tuple[Words, Words, datetime], ...]  # what was known, what is known since, from when


def terms_rows_for(actor: Actor, agreement: Agreement) -> list[TermsRow]:
    """Every version that the actor may read, the newest first."""
    versions = list(visible(Terms, to=actor).filter(agreement=agreement).order_by("-number"))
    fees = list(visible(Fee, to=actor).filter(terms__in=versions).order_by("number"))
    signed = list(visible(Signature, to=actor).filter(terms__in=versions).order_by("signed_at", "pk"))
    names = names_of({agreement.first_id, agreement.second_id})
    people = people_named(each.person_id for each in signed)
    said = [
        lines_of(
            cast(Terms, shown(terms, to=actor)),
            [cast(Fee, shown(fee, to=actor)) for fee in fees if fee.terms_id == terms.pk],
            names,
        )
        for terms in versions
    ]
    return [
        TermsRow(
            number=terms.number,
            lines=now,
            changes=changes(before, now) if before else [],
            note=terms.note,
            proposed_by=names.get(terms.proposed_by_id, ""),
            proposed_at=terms.proposed_at,
            signed=tuple(
                (names[each.organisation_id], people.get(each.person_id, ""), each.signed_at)
                for each in signed
                if each.terms_id == terms.pk
            ),
        )
        for terms, now, before in zip(versions, said, [*said[1:], []], strict=False)  # before the oldest there was none
    ]


def fee_lines_for(actor: Actor, agreement: Agreement) -> list[FeeLine]:
    """The fees of the latest terms that the actor may see, in their order."""
    latest = Terms.objects.filter(agreement=agreement).order_by("-number").first()
    fees = list(visible(Fee, to=actor).filter(terms=latest).order_by("number")) if latest else []
    names = names_of({key for fee in fees for key in (fee.payer_id, fee.payee_id)})
    worse = list(visible(Reopening, to=actor).filter(fee__in=fees).order_by("-reopened_at", "pk"))
    return [
        _fee_line(cast(Fee, shown(fee, to=actor)), names, [each for each in worse if each.fee_id == fee.pk])
        for fee in fees
    ]


def _fee_line(fee: Fee, names: dict[Any, str], worse: list[Reopening]) -> FeeLine:
    rule = fee_table.rule(fee.rule)
    cap = rule.cap_bps.get(fee.institution) if rule else None
    return FeeLine(
        number=fee.number,
        what_for=Fee.Type(fee.fee_type).label,
        payer=names.get(fee.payer_id, ""),
        payee=names.get(fee.payee_id, ""),
        how_much=how_much(fee),
        jurisdiction="-".join(filter(None, (fee.jurisdiction, fee.region))),
        more=tuple(_depends_on(fee)),
        verdict=_words(fee.answer, fee.rule),
        tone=TONES[fee.answer],
        cap=percent(cap) if cap else "",
        rule=rule,
        sources=tuple((urlsplit(each).hostname or each, each) for each in rule.sources) if rule else (),
        checked_at=fee.checked_at,
        ruled_because=fee.ruled_lawful_because,
        ruled_source=fee.ruled_source,
        ruled_at=fee.ruled_at or None,
        reopened=tuple(
            (_words(each.was, each.was_rule), _words(each.became, each.became_rule), each.reopened_at) for each in worse
        ),
    )


def _words(answer: str, rule: str) -> Words:
    if answer == "ruled_lawful":
        return RULED
    return UNCLEAR if answer == Fee.Verdict.UNKNOWN and rule else Fee.Verdict(answer).label


def _depends_on(fee: Fee) -> Iterator[Words]:
    if fee.institution:
        yield Fee.Institution(fee.institution).label
    if fee.care_paid_by:
        yield Fee.CarePaidBy(fee.care_paid_by).label
    yield from (Fee.Bundled(each).label for each in fee.bundled)
