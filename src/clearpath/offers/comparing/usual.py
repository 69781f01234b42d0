"""What something usually costs: what the other offers say, else the table of travel costs, else nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Literal

from clearpath.offers.comparing.offered import Offered, Price
from clearpath.offers.finding import costs

Origin = Literal["offer", "others", "table"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a line that is left out costs, and who says so: the offer itself, so many others, or the table of a day."""

    minor: int
    origin: Origin
    offers: int = 0
    as_of: str = ""


def middle(values: Sequence[tuple[int, int]], nights: int | None) -> Estimate | None:
    """The median of what others say, as (amount, nights): by night where everybody's nights are known."""
    if not values:
        return None
    if nights and all(each > 0 for _amount, each in values):
        by_night = median(amount / each for amount, each in values)
        return Estimate(round(by_night * nights), "others", len(values))
    return Estimate(round(median(amount for amount, _nights in values)), "others", len(values))


def lodging_of_table(country: str, nights: int | None) -> Price | None:
    """Nights near the hospital by the table; None where the country or the nights are not known."""
    minor = costs.stay_minor(country, nights) if nights is not None else None
    return None if minor is None else Price(minor, costs.EURO, "", costs.costs().as_of)


def with_the_way(offer: Offered, home: str) -> Offered:
    """The offer with what the table knows of the way there from home, where the caller knows nothing better."""
    known = costs.costs().countries
    if offer.country not in known or home not in known:
        return offer
    minor = costs.travel_minor(home, offer.country)
    travel = Price(minor, costs.EURO, "", costs.costs().as_of) if minor is not None else None
    km = round(costs.distance_km(known[home].at, known[offer.country].at), -1)
    return replace(
        offer,
        travel=offer.travel or travel,
        distance_km=int(km) if offer.distance_km is None else offer.distance_km,
    )
