"""One page of services for a wish, best first: the reader's words and filters, by indexed columns of one table."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet

from clearpath.offers.finding import bits, costs
from clearpath.offers.finding.asking import Asked, plain, understood
from clearpath.offers.finding.vocabulary import procedures
from clearpath.offers.models import Listing

PAGE = 12
Place = tuple[int, UUID]  # score and key of a listing


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for; what is empty does not narrow.

    `budget_minor` (cents of a euro) is for the patient's whole journey, of `travellers` people from `home`.
    """

    words: str = ""
    part: str = ""  # of the body, a key
    country: str = ""  # where to, ISO 3166-1 alpha-2
    city: str = ""
    home: str = ""  # where the patient lives, ISO 3166-1 alpha-2
    travellers: int = 1
    budget_minor: int | None = None
    languages: tuple[str, ...] = ()
    accredited: bool = False
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of listings. `asked`: how the words were understood; `after`: the cursor of the next page, or empty."""

    listings: tuple[Listing, ...]
    asked: Asked
    after: str = ""


def found(wish: Wish, *, today: date, after: str = "", size: int = PAGE) -> Found:
    """The services that fit, best first; from the one after the cursor on."""
    asked = understood(wish.words)
    if wish.words.strip() and not asked.procedures:
        return Found((), asked)
    places = places_of(wish, asked, today=today, after=after, size=size + 1)
    return Found(_read(places[:size]), asked, cursor(places[size - 1]) if len(places) > size else "")


def places_of(wish: Wish, asked: Asked, *, today: date, after: str = "", size: int = PAGE) -> list[Place]:
    """The first places in the order, out of the narrow table alone."""
    fits = _following(listings_for(wish, asked, today=today), after)
    return list(fits.values_list("score", "pk")[:size])


def _read(places: list[Place]) -> tuple[Listing, ...]:
    """The listings of these places with everything that a page shows of them."""
    shown = Listing.objects.select_related("standing", "service", "service__site", "provider")
    rows = shown.in_bulk([key for _score, key in places])
    return tuple(rows[key] for _score, key in places if key in rows)


def listings_for(wish: Wish, asked: Asked, *, today: date) -> QuerySet[Listing]:
    """Every listing that fits, best first, ending with the key. Only verified providers are shown."""
    fits = Listing.objects.filter(provider__stage="verified")
    wanted = wanted_procedures(wish, asked)
    if wanted is not None:
        fits = fits.filter(procedure=wanted[0]) if len(wanted) == 1 else fits.filter(procedure__in=wanted)
    if wish.country:
        fits = fits.filter(country=wish.country)
    if plain(wish.city):
        fits = fits.filter(city__startswith=plain(wish.city))
    if wish.languages:
        fits = fits.annotate(spoken=F("languages").bitand(bits.language_bits(wish.languages))).filter(spoken__gt=0)
    if wish.accredited:
        fits = fits.filter(accredited_until__gt=today)
    if wish.first_day or wish.last_day:
        weeks = bits.week_bits(wish.first_day or today, wish.last_day or date.max, today=today)
        fits = fits.annotate(room=F("open_weeks").bitand(weeks)).filter(room__gt=0)
    if wish.budget_minor is not None:
        fits = fits.filter(within(wish.budget_minor, wish.home, wish.travellers))
    return fits.order_by("-score", "service")


def wanted_procedures(wish: Wish, asked: Asked) -> list[str] | None:
    """Keys of the procedures that words and part of the body leave; None: any."""
    keys = set(asked.procedures) if asked.procedures else None
    if wish.part:
        of_part = {each.key for each in procedures().values() if wish.part in each.parts}
        keys = of_part if keys is None else keys & of_part
    return None if keys is None else sorted(keys)


def within(budget_minor: int, home: str, travellers: int) -> Q:
    """That a journey to the patient's door and back costs no more; where the way is unknown it is not within.

    Without a home the way is left out.
    """
    if not home:
        return Q(there_minor__lte=budget_minor)
    by_cost: dict[int, list[str]] = defaultdict(list)
    for country in costs.costs().countries:
        travel = costs.travel_minor(home, country)
        if travel is not None:
            by_cost[travel].append(country)
    fits = Q(pk__in=())
    for travel, countries in by_cost.items():
        fits |= Q(country__in=countries, there_minor__lte=budget_minor - travellers * travel)
    return fits


def cursor(place: Place) -> str:
    """A place in the order, to go on from."""
    score, key = place
    return f"{score}.{key.hex}"


def _following(rows: QuerySet[Listing], after: str) -> QuerySet[Listing]:
    place = read_cursor(after)
    if place is None:
        return rows
    score, key = place
    return rows.filter(Q(score__lt=score) | Q(score=score, pk__gt=key), score__lte=score)


def read_cursor(text: str) -> Place | None:
    """None for what is no cursor: the first page is shown then."""
    score, _dot, key = text.partition(".")
    try:
        return int(score), UUID(key)
    except ValueError:
        return None
