"""What stands out in an advertisement, as pages show it and as forms ask about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from clearpath.charter.actor import Actor
from clearpath.marketing import queries
from clearpath.marketing.advertising_rules import EVERYWHERE
from clearpath.marketing.landing import countries_in
from clearpath.marketing.marks import Mark
from clearpath.marketing.models import Creative
from clearpath.turns.sight import shown

CONCERNS: dict[str, Any] = {
    "before_after_pictures": gettext_lazy("Before and after"),
    "guarantee": gettext_lazy("A promise that it works"),
    "no_risk": gettext_lazy("No risk or no pain"),
    "unlicensed_treatment": gettext_lazy("A treatment that may not be approved"),
    "celebrity_or_testimonial": gettext_lazy("Praise by patients or famous people"),
    "price_without_inclusions": gettext_lazy("A price"),
    "free_or_discount": gettext_lazy("Free or reduced"),
    "urgency": gettext_lazy("Pressure to decide soon"),
    "superlative": gettext_lazy("The best, the first, the only one"),
    "comparative": gettext_lazy("A comparison with others"),
    "trivialised": gettext_lazy("An operation as a holiday"),
    "permit": gettext_lazy("A licence for the advertisement"),
}


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One mark: what it is about, what was found, what the rule says and from where, and who answered what."""

    key: str
    title: str | Promise
    place: str
    found: tuple[str, ...]
    is_about_picture: bool
    says: str
    rule: str
    read_on: date | None
    sources: tuple[str, ...]
    asked: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]  # position, and why it is right


def mark_rows_for(actor: Actor, creative: Creative) -> list[MarkRow] | None:
    """The marks of an advertisement; None when the actor sees nothing of it."""
    row = shown(creative, to=actor)
    return None if row.hidden else mark_rows(queries.marks_on(creative), row.reviewed or {})


def mark_rows(marks: Iterable[Mark], reviewed: Mapping[str, Mapping[str, str]]) -> list[MarkRow]:
    return [_mark_row(mark, reviewed) for mark in marks]


def _mark_row(mark: Mark, reviewed: Mapping[str, Mapping[str, str]]) -> MarkRow:
    rule = mark.rule
    return MarkRow(
        key=mark.key,
        title=CONCERNS.get(rule.concern.key, rule.concern.key) if rule else _("No rules on file"),
        place=place_words(rule.jurisdiction if rule else mark.country),
        found=tuple(dict.fromkeys(each.words for each in mark.found)),
        is_about_picture=mark.is_about_picture,
        says=rule.says if rule else unknown_words(mark.country),
        rule=rule.rule if rule else "",
        read_on=rule.read_on if rule else None,
        sources=rule.sources if rule else (),
        asked=mark.asked,
        answers=tuple((who, told[mark.key]) for who, told in sorted(reviewed.items()) if mark.key in told),
    )


def unknown_words(country: str) -> str:
    """What is told where nothing is known: it never means that something is allowed."""
    if not country:
        return _("It is not said in which countries this is shown. Ask a lawyer there.")
    return _("No rules are on file for %(country)s. Ask a lawyer there.") % {"country": place_words(country)}


def place_words(jurisdiction: str) -> str:
    """A jurisdiction by its name in the reader's language."""
    if jurisdiction in {EVERYWHERE, ""}:
        return _("Everywhere")
    if jurisdiction == "EU":
        return _("European Union")
    return dict(countries_in(get_language() or "en")).get(jurisdiction) or jurisdiction
