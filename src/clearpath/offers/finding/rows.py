"""What a page shows of a listing, in the reader's language."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clearpath.offers.finding import bits, costs
from clearpath.offers.finding.form import language_name
from clearpath.offers.finding.search import Wish
from clearpath.offers.finding.vocabulary import procedures
from clearpath.offers.models import Listing
from clearpath.offers.ranking import wording
from clearpath.offers.ranking.rule import rule
from clearpath.offers.ranking.score import from_json, judged

# What narrows a search, and what to do without it; in the order in which one gives it up most easily.
FILTERS: dict[str, tuple[dict[str, Any], Any]] = {
    "first_day": ({"first_day": None, "last_day": None}, _("Look without the dates")),
    "language": ({"languages": ()}, _("Look in every language")),
    "city": ({"city": ""}, _("Look in every city")),
    "budget": ({"budget_minor": None}, _("Look at every price")),
    "accredited": ({"accredited": False}, _("Look without an accreditation too")),
    "country": ({"country": "", "city": ""}, _("Look in every country")),
    "part": ({"part": ""}, _("Look at every part of the body")),
    "words": ({"words": ""}, _("Look at every treatment")),
}


@dataclass(frozen=True, slots=True)
class Door:
    """The price to the patient's door and back, in cents of a euro. None: not known; `total` needs all parts."""

    treatment: int | None
    nights: int
    stay: int | None
    travel: int | None  # of everybody who travels
    has_home: bool

    @property
    def total(self) -> int | None:
        if self.treatment is None or self.stay is None or (self.has_home and self.travel is None):
            return None
        return self.treatment + self.stay + (self.travel or 0)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One service among the results. Prices in minor units of `currency`."""

    id: UUID
    provider_id: UUID
    provider: str
    procedure: str
    title: str
    city: str
    country: str
    price_from: int
    price_to: int
    currency: str
    priced_on: date
    door: Door
    languages: tuple[str, ...]
    doctor_languages: tuple[str, ...]
    accredited_until: date | None
    outcome: str
    answers: str
    higher: tuple[str, ...]
    lower: tuple[str, ...]


def row_of(listing: Listing, wish: Wish) -> ResultRow:
    """One result with its own reasons, which are those of the day on which it was put in order."""
    language, service, standing = get_language() or "en", listing.service, listing.standing
    known, on = from_json(standing.known), standing.on
    stands = judged(known, rule(), standing.usual, on=on)
    procedure = procedures().get(listing.procedure)
    return ResultRow(
        id=service.pk,
        provider_id=listing.provider_id,
        provider=listing.provider.name,
        procedure=procedure.name(language) if procedure else service.title,
        title=service.title,
        city=service.site.city,
        country=costs.country_name(listing.country, language),
        price_from=service.price_from_minor,
        price_to=service.price_to_minor,
        currency=service.currency,
        priced_on=service.priced_on,
        door=door_of(listing, wish),
        languages=_named(bits.languages_of(listing.languages)),
        doctor_languages=_named(standing.languages),
        accredited_until=listing.accredited_until,
        outcome=wording.outcome_sentence(known),
        answers=wording.answer_words(known),
        higher=tuple(wording.reason(each, known, on=on) for each in stands.reasons if each.change > 0),
        lower=tuple(wording.reason(each, known, on=on) for each in stands.reasons if each.change < 0),
    )


def door_of(listing: Listing, wish: Wish) -> Door:
    """What the whole journey costs from where the patient lives."""
    treatment, there = listing.treatment_minor, listing.there_minor
    travel = costs.travel_minor(wish.home, listing.country) if wish.home else None
    return Door(
        treatment,
        costs.nights_nearby(listing.service.stay_nights, listing.service.recovery_days),
        None if treatment is None or there is None else there - treatment,
        None if travel is None else wish.travellers * travel,
        bool(wish.home),
    )


def _named(codes: list[str]) -> tuple[str, ...]:
    return tuple(language_name(code) for code in codes)


def narrowing(wish: Wish) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """The filters in use: name of the field, what to change in the wish to do without it, and in words."""
    empty = Wish()
    for name, (without, words) in FILTERS.items():
        if any(getattr(wish, field) != getattr(empty, field) for field in without):
            yield name, without, words
