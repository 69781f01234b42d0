"""The European Central Bank's reference rates, dated; a currency held at a fixed rate to the dollar goes by the dollar.

Where there is neither, there is no rate.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from currency_converter import CurrencyConverter, RateNotFoundError

from clearpath.core.money import decimals
from clearpath.offers.finding.costs import costs

LONGEST_PAUSE = 14  # days without a rate, such as at the turn of a year
DOLLAR, EURO = "USD", "EUR"


@dataclass(frozen=True, slots=True)
class Rate:
    """How much of `to` one unit of `currency` was worth, on that day. `pegged`: those that went by the dollar."""

    currency: str
    to: str
    value: Decimal
    on: date | None  # None: the same currency
    pegged: tuple[str, ...] = ()

    def converted(self, minor: int) -> int:
        """Minor units of one in minor units of the other, rounded half up."""
        if self.on is None:
            return minor
        scale = decimals(self.to) - decimals(self.currency)
        return int((minor * self.value).scaleb(scale).quantize(Decimal(1), ROUND_HALF_UP))


@lru_cache(maxsize=512)
def rate(currency: str, to: str, on: date) -> Rate | None:
    """The newest rate of that day or before it; None where there is none."""
    if currency == to:
        return Rate(currency, to, Decimal(1), None)
    pegs = costs().pegs
    pegged = tuple(each for each in (currency, to) if each in pegs)
    here, there = (DOLLAR if each in pegs else each for each in (currency, to))
    by_bank = _by_bank(here, there, on)
    if by_bank is None:
        return None
    value, day = by_bank
    return Rate(currency, to, value / pegs.get(currency, Decimal(1)) * pegs.get(to, Decimal(1)), day, pegged)


def _by_bank(currency: str, to: str, on: date) -> tuple[Decimal, date] | None:
    bank = _bank()
    if not {currency, to} <= bank.currencies:
        return None
    last = min(on, newest_day())
    if last < bank.bounds[DOLLAR].first_date:
        return None
    for day in (last - timedelta(days=back) for back in range(LONGEST_PAUSE)):
        try:
            return Decimal(bank.convert(1, currency, to, day)), day
        except (RateNotFoundError, ValueError):
            continue
    return None


@cache
def known_currencies() -> tuple[str, ...]:
    """Those for which the bank gives a rate today, and those that go by the dollar."""
    bank, last = _bank(), newest_day()
    return tuple(sorted({*costs().pegs, *(each for each in bank.currencies if bank.bounds[each].last_date == last)}))


def in_euro(minor: int, currency: str) -> int | None:
    """An amount in cents of a euro, at the newest rate on file; None without one."""
    found = rate(currency, EURO, newest_day())
    return found.converted(minor) if found else None


def newest_day() -> date:
    """The day of the newest rates on file."""
    last: date = _bank().bounds[DOLLAR].last_date
    return last


@cache
def _bank() -> CurrencyConverter:
    """Read once: the file has every day since 1999."""
    return CurrencyConverter(decimal=True)
