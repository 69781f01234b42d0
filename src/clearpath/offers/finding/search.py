"""One page of services for a wish, best first: the reader's words and filters, by indexed columns of one table."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Value, When

from clearpath.offers.finding import bits, costs
from clearpath.offers.finding.asking import Asked, plain, understood
from clearpath.offers.finding.vocabulary import procedures
from clearpath.offers.models import Listing

PAGE = 12
Place = tuple[int, UUID]  # score and key of a listing
BESIDE = ("standing", "service__site", "provider")
SHOWN = (
    "procedure", "country", "languages", "accredited_until", "treatment_minor", "there_minor", "score",
    "standing__known", "standing__usual", "standing__on", "standing__languages", "provider__name",
    "service__site__city", "service__title", "service__stay_nights", "service__recovery_days",
    "service__price_from_minor", "service__price_to_minor", "service__currency", "service__priced_on",
)  # fmt: skip


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
    """The listings of these places with everything that a page shows of them.

    Who was suspended since the listings were made is left out here, where it costs nothing: the page is then shorter.
    """
    shown = Listing.objects.filter(provider__stage="verified").select_related(*BESIDE).only(*SHOWN)
    rows = shown.in_bulk([key for _score, key in places])
    return tuple(rows[key] for _score, key in places if key in rows)


def listings_for(wish: Wish, asked: Asked, *, today: date) -> QuerySet[Listing]:
    """Every listing that fits, best first, ending with the key."""
    fits = Listing.objects.all()
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
        fits = fits.annotate(way=way(wish.home, wish.travellers))
        fits = fits.filter(there_minor__lte=Value(wish.budget_minor) - F("way"))
    return fits.order_by("-score", "service")


def wanted_procedures(wish: Wish, asked: Asked) -> list[str] | None:
    """Keys of the procedures that words and part of the body leave; None: any."""
    keys = set(asked.procedures) if asked.procedures else None
    if wish.part:
        of_part = {each.key for each in procedures().values() if wish.part in each.parts}
        keys = of_part if keys is None else keys & of_part
    return None if keys is None else sorted(keys)


def way(home: str, travellers: int) -> Case:
    """What the way to a listing's country costs: unknown where the table does not know it, nothing without a home."""
    if not home:
        return Case(default=Value(0), output_field=BigIntegerField())
    by_cost: dict[int, list[str]] = defaultdict(list)
    for country in costs.costs().countries:
        travel = costs.travel_minor(home, country)
        if travel is not None:
            by_cost[travel].append(country)
    known = (When(country__in=there, then=Value(travellers * travel)) for travel, there in by_cost.items())
    return Case(*known, default=None, output_field=BigIntegerField())


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
