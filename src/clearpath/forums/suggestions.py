"""Whom a delegate should meet, and why: from what both say and what the network knows of how they work. Pure.

What anybody pays or owns has no place in `Profile`: a tie is told beside a suggestion and moves nobody. A property
test changes every fee, agreement and tie and finds the same order.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clearpath.forums import vocabulary
from clearpath.offers.ranking.score import interval

Thing = tuple[str, str]  # kind and code of a topic

WORTH = {"speciality": 10, "procedure": 10, "service": 6, "certification": 2}
OF_COUNTRY, OF_LANGUAGE, OF_ANSWERS, OF_OUTCOMES = 6, 3, 3, 3
MOST_NAMED = 3  # things in one sentence
QUICK_HOURS = 24.0
FEWEST_ANSWERS = 5
GOOD_SHARE = 0.8  # of treated patients who recovered as planned, at the lower end of the interval
EVERYBODY_SPEAKS = "en"


@dataclass(frozen=True, slots=True)
class Profile:
    """A delegate as suggestions know them. `offers` holds what they do or sell, `wants` what they look for.

    `markets` are the countries of the patients whom they send or seek, `sends` how many patients they sent from each
    through the network (only where they are enough to be told), `languages` what they or their doctors speak.
    """

    id: UUID
    organisation_id: UUID | None
    trade: str
    offers: frozenset[Thing] = frozenset()
    wants: frozenset[Thing] = frozenset()
    markets: frozenset[str] = frozenset()
    sends: Mapping[str, int] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    answers: int = 0
    answer_hours: float | None = None
    due: int = 0  # treated, and old enough that something should be known
    well: int = 0
    is_accredited: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody to meet: how well they fit (only to compare), and why in one sentence."""

    id: UUID
    score: int
    because: str


def suggestions(me: Profile, others: Iterable[Profile], *, most: int = 50) -> list[Suggestion]:
    """The others who fit, best first; who fits alike stands in the order of the keys.

    Nobody is suggested for their speed or outcomes alone: there must be something that one offers and the other wants.
    """
    found = [Suggestion(other.id, *judged) for other in others if (judged := _judged(me, other)) is not None]
    return sorted(found, key=lambda each: (-each.score, each.id))[:most]


@dataclass(frozen=True, slots=True)
class Reason:
    """Part of why two fit: what it is worth, and a sentence to the first about the second."""

    worth: int
    says: str


def _judged(me: Profile, other: Profile) -> tuple[int, str] | None:
    if me.organisation_id is not None and me.organisation_id == other.organisation_id:
        return None
    fits = [*_things(me, other), *_markets(me, other)]
    if not fits:
        return None
    reasons = [*fits, *_languages(me, other), *_work(other)]
    return sum(each.worth for each in reasons), _sentence(each.says for each in reasons)


def _sentence(parts: Iterable[str]) -> str:
    text = "; ".join(parts)
    return text[:1].upper() + text[1:] + "."


def _things(me: Profile, other: Profile) -> Iterator[Reason]:
    """What one of the two looks for and the other offers."""
    if mine := me.wants & other.offers:
        yield Reason(_worth(mine), _("they offer what you look for: %(some)s") % {"some": _named(mine)})
    if theirs := me.offers & other.wants:
        yield Reason(_worth(theirs), _("they look for what you offer: %(some)s") % {"some": _named(theirs)})


def _worth(things: Collection[Thing]) -> int:
    return sum(sorted((WORTH.get(kind, 0) for kind, _code in things), reverse=True)[:MOST_NAMED])


def _markets(me: Profile, other: Profile) -> Iterator[Reason]:
    """The same patients: one sends them, the other seeks them."""
    sellers = vocabulary.SELLERS
    if (me.trade in sellers) == (other.trade in sellers):
        return
    both = me.markets & other.markets
    sent = {code: me.sends[code] for code in me.sends.keys() & other.markets}
    if sent:
        code, count = max(sent.items(), key=lambda each: (each[1], each[0]))
        says = ngettext(
            "you sent %(n)d patient from %(country)s, whom they seek",
            "you sent %(n)d patients from %(country)s, whom they seek",
            count,
        )
        yield Reason(OF_COUNTRY, says % {"n": count, "country": vocabulary.name_of("country", code)})
    elif both:
        some = _some(vocabulary.name_of("country", code) for code in both)
        seek, have = _("they seek patients from %(some)s"), _("they have patients from %(some)s")
        says = have if me.trade in sellers else seek
        yield Reason(OF_COUNTRY, says % {"some": some})


def _languages(me: Profile, other: Profile) -> Iterator[Reason]:
    shared = (me.languages & other.languages) - {EVERYBODY_SPEAKS}
    if shared:
        some = _some(vocabulary.name_of("language", code) for code in shared)
        says = _("they treat in %(some)s") if other.trade in vocabulary.SELLERS else _("they speak %(some)s")
        yield Reason(OF_LANGUAGE, says % {"some": some})


def _work(other: Profile) -> Iterator[Reason]:
    """How they work, as the network knows it; the numbers are those that everybody may read."""
    if other.answer_hours is not None and other.answers >= FEWEST_ANSWERS and other.answer_hours <= QUICK_HOURS:
        hours = max(1, round(other.answer_hours))
        says = ngettext("they answer within %(n)d hour", "they answer within %(n)d hours", hours)
        yield Reason(OF_ANSWERS, says % {"n": hours})
    if other.due and interval(other.well, other.due)[0] >= GOOD_SHARE:
        says = _("%(well)d of %(due)d patients recovered there as planned")
        yield Reason(OF_OUTCOMES, says % {"well": other.well, "due": other.due})
    if other.is_accredited:
        yield Reason(1, _("their accreditation was checked"))


def _named(things: Iterable[Thing]) -> str:
    by_worth = sorted(things, key=lambda each: (-WORTH.get(each[0], 0), each))
    return _some((vocabulary.name_of(kind, code) for kind, code in by_worth), in_order=True)


def _some(names: Iterable[str], *, in_order: bool = False) -> str:
    found: list[Any] = list(names)
    return ", ".join((found if in_order else sorted(found))[:MOST_NAMED])
