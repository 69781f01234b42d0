"""Supply and demand at a forum: who offers and wants what, in patients a year where it is told; and by trade. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from clearpath.forums.suggestions import Profile
from clearpath.forums.vocabulary import SELLERS, specialities_of


@dataclass(frozen=True, slots=True)
class Told:
    """How many patients a year a delegate says of a speciality or a procedure. `house` is whom they come for."""

    house: str
    delegate: UUID
    side: str  # offers: treats so many; wants: looks for a place for so many
    kind: str
    code: str
    patients: int


@dataclass(frozen=True, slots=True)
class Year:
    """Patients a year, and how many delegates told them."""

    patients: int
    told_by: int


@dataclass(frozen=True, slots=True)
class Side:
    """How many delegates offer something and how many look for it; patients a year where somebody told them."""

    kind: str
    code: str
    offer: int
    want: int
    offer_year: Year | None = None
    want_year: Year | None = None

    @property
    def is_uneven(self) -> bool:
        """One side has nobody, or less than a third of the other; in patients where both sides told them."""
        here = (self.offer, self.want)
        if self.offer_year and self.want_year:
            here = (self.offer_year.patients, self.want_year.patients)
        few, many = sorted(here)
        return few * 3 < many


@dataclass(frozen=True, slots=True)
class Come:
    """How many of a trade come, and how many may (None: as many as wish)."""

    trade: str
    here: int
    most: int | None


def balance(profiles: Iterable[Profile], told: Iterable[Told] = ()) -> list[Side]:
    """Specialities and services by who offers and wants them, countries by who has and who seeks patients from there,
    languages by who treats in them and who asks in them. What is most uneven first within its kind, by delegates.
    """
    offer: dict[tuple[str, str], int] = defaultdict(int)
    want: dict[tuple[str, str], int] = defaultdict(int)
    for each in profiles:
        sells = each.trade in SELLERS
        for kind, code in each.offers:
            offer[kind, code] += kind != "procedure"
        for kind, code in each.wants:
            want[kind, code] += kind != "procedure"
        for code in each.markets:  # patients from there are what the sender offers and the hospital wants
            (want if sells else offer)["country", code] += 1
        for code in each.languages:
            (offer if sells else want)["language", code] += 1
    years = yearly(told)
    sides = [
        Side(*key, offer[key], want[key], years.get(("offers", *key)), years.get(("wants", *key)))
        for key in sorted(offer.keys() | want.keys())
        if offer[key] or want[key]
    ]
    return sorted(sides, key=lambda each: (each.kind, -abs(each.offer - each.want), each.code))


def yearly(told: Iterable[Told]) -> dict[tuple[str, str, str], Year]:
    """Patients a year by side, kind and code of specialities. Nobody counts twice: a procedure is a part of its
    specialities, and of several who come for one house the one who says most speaks for it.
    """
    own: dict[tuple[str, UUID, str, str], int] = {}
    parts: dict[tuple[str, UUID, str, str], int] = defaultdict(int)
    for each in told:
        if each.kind == "speciality":
            own[each.house, each.delegate, each.side, each.code] = each.patients
        for code in specialities_of(each.code) if each.kind == "procedure" else ():
            parts[each.house, each.delegate, each.side, code] += each.patients
    houses: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    people: dict[tuple[str, str], set[UUID]] = defaultdict(set)
    for key in own.keys() | parts.keys():
        house, delegate, side, code = key
        houses[side, code][house] = max(houses[side, code][house], own.get(key, 0), parts.get(key, 0))
        people[side, code].add(delegate)
    return {
        (side, "speciality", code): Year(sum(each.values()), len(people[side, code]))
        for (side, code), each in houses.items()
    }


def come(profiles: Iterable[Profile], places: Mapping[str, int], trades: Iterable[str]) -> list[Come]:
    """How many of each trade come, beside the organizer's plan."""
    here: dict[str, int] = defaultdict(int)
    for each in profiles:
        here[each.trade] += 1
    return [Come(trade, here[trade], places.get(trade)) for trade in trades if here[trade] or trade in places]
