"""What a journey costs beside the treatment, by `data/travel_costs.yaml`, and prices in euro. All in cents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from math import asin, cos, radians, sin, sqrt
from typing import Any

import yaml
from currency_converter import CurrencyConverter

from clearpath.core.money import from_minor, to_minor
from clearpath.offers.finding.vocabulary import DATA, in_language

EARTH_KM = 6371
CENT = Decimal("0.01")
EURO = "EUR"


@dataclass(frozen=True, slots=True)
class Country:
    """Where a journey begins or ends; `at`: latitude and longitude of the capital."""

    code: str
    words: tuple[tuple[str, ...], ...]
    at: tuple[float, float]
    night_minor: int

    def name(self, language: str = "en") -> str:
        return in_language(self.words, language)[0]


@dataclass(frozen=True, slots=True)
class Costs:
    """The table. `bands`: up to how many km, and the return journey of one person."""

    as_of: str
    source: str
    bands: tuple[tuple[int, int], ...]
    countries: Mapping[str, Country]
    pegs: Mapping[str, Decimal]


@cache
def costs() -> Costs:
    found = yaml.safe_load((DATA / "travel_costs.yaml").read_text(encoding="utf-8"))
    nights = {level: 100 * amount for level, amount in found["nights"].items()}
    return Costs(
        str(found["as_of"]),
        found["source"],
        tuple((band["km"], 100 * band["return"]) for band in found["bands"]),
        {code: _country(code, each, nights) for code, each in found["countries"].items()},
        {currency: Decimal(str(rate)) for currency, rate in found["pegs"].items()},
    )


def _country(code: str, said: list[Any], nights: Mapping[str, int]) -> Country:
    *names, north, east, level = said
    return Country(code, tuple((name,) for name in names), (north, east), nights[level])


def country_name(code: str, language: str) -> str:
    """The name of a country; its two letters where the table does not know it."""
    known = costs().countries.get(code)
    return known.name(language) if known else code


@cache
def travel_minor(home: str, there: str) -> int | None:
    """The return journey of one person between two countries; None when the table does not know one of them."""
    known = costs()
    if home not in known.countries or there not in known.countries:
        return None
    km = 0.0 if home == there else max(1.0, distance_km(known.countries[home].at, known.countries[there].at))
    return next(minor for most, minor in known.bands if km <= most)


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The great circle between two places, by the haversine formula."""
    north, east, north2, east2 = map(radians, (*one, *other))
    half = sin((north2 - north) / 2) ** 2 + cos(north) * cos(north2) * sin((east2 - east) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def nights_nearby(stay_nights: int, recovery_days: int) -> int:
    """Nights outside the hospital: the one before, and until the flight after the nights in the hospital."""
    return 1 + max(0, recovery_days - stay_nights)


def stay_minor(country: str, nights: int) -> int | None:
    """Nights near a hospital; None when the table does not know the country."""
    known = costs().countries.get(country)
    return nights * known.night_minor if known else None


def in_euro(minor: int, currency: str) -> int | None:
    """An amount in cents of a euro, at the newest rate on file; None without one."""
    rate = units_for_a_euro(currency)
    if rate is None:
        return None
    return to_minor((from_minor(minor, currency) / rate).quantize(CENT, ROUND_HALF_UP), EURO)


@cache
def units_for_a_euro(currency: str) -> Decimal | None:
    """How much of a currency is one euro, at the newest reference rate of the European Central Bank on file."""
    if currency == EURO:
        return Decimal(1)
    peg = costs().pegs.get(currency)
    if peg is not None:
        dollars = units_for_a_euro("USD")
        return peg * dollars if dollars else None
    rates = _rates()
    if currency not in rates.currencies:
        return None
    return Decimal(str(rates.convert(1, EURO, currency, date=rates.bounds[currency].last_date)))


@cache
def rate_date() -> date:
    """The day of the newest rates on file."""
    last: date = _rates().bounds["USD"].last_date
    return last


@cache
def _rates() -> Any:
    return CurrencyConverter()
