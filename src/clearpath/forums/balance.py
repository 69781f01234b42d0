"""Supply and demand at a forum: who offers and who wants what, and how many of each trade come. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clearpath.forums.suggestions import Profile
from clearpath.forums.vocabulary import SELLERS


@dataclass(frozen=True, slots=True)
class Side:
    """How many delegates offer something, and how many look for it."""

    kind: str
    code: str
    offer: int
    want: int

    @property
    def is_uneven(self) -> bool:
        """One side has nobody, or less than a third of the other."""
        few, many = sorted((self.offer, self.want))
        return few * 3 < many


@dataclass(frozen=True, slots=True)
class Come:
    """How many of a trade come, and how many may (None: as many as wish)."""

    trade: str
    here: int
    most: int | None


def balance(profiles: Iterable[Profile]) -> list[Side]:
    """Specialities and services by who offers and wants them, countries by who has and who seeks patients from there,
    languages by who treats in them and who asks in them. What is most uneven first within its kind.
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
    sides = [Side(*key, offer[key], want[key]) for key in sorted(offer.keys() | want.keys()) if offer[key] or want[key]]
    return sorted(sides, key=lambda each: (each.kind, -abs(each.offer - each.want), each.code))


def come(profiles: Iterable[Profile], places: Mapping[str, int], trades: Iterable[str]) -> list[Come]:
    """How many of each trade come, beside the organizer's plan."""
    here: dict[str, int] = defaultdict(int)
    for each in profiles:
        here[each.trade] += 1
    return [Come(trade, here[trade], places.get(trade)) for trade in trades if here[trade] or trade in places]
