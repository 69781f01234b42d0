"""The European Central Bank's reference rates, dated. Where it gives none, there is none."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from currency_converter import CurrencyConverter, RateNotFoundError

from clearpath.core.money import decimals

LONGEST_PAUSE = 14  # days without a rate, such as at the turn of a year


@dataclass(frozen=True, slots=True)
class Rate:
    """How much of `to` one unit of `currency` was worth, on that day."""

    currency: str
    to: str
    value: Decimal
    on: date | None  # None: the same currency

    def converted(self, minor: int) -> int:
        """Minor units of one in minor units of the other, rounded half up."""
        if self.on is None:
            return minor
        scale = decimals(self.to) - decimals(self.currency)
        return int((minor * self.value).scaleb(scale).quantize(Decimal(1), ROUND_HALF_UP))


@lru_cache(maxsize=512)
def rate(currency: str, to: str, on: date) -> Rate | None:
    """The newest rate of that day or before it; None where the bank gives none."""
    if currency == to:
        return Rate(currency, to, Decimal(1), None)
    bank = _bank()
    if not {currency, to} <= bank.currencies:
        return None
    last = min(on, bank.bounds["USD"].last_date)
    for day in (last - timedelta(days=back) for back in range(LONGEST_PAUSE)):
        try:
            return Rate(currency, to, Decimal(bank.convert(1, currency, to, day)), day)
        except (RateNotFoundError, ValueError):
            continue
    return None


def known_currencies() -> list[str]:
    """Those for which the bank gives a rate today."""
    bank = _bank()
    last = bank.bounds["USD"].last_date
    return sorted(each for each in bank.currencies if bank.bounds[each].last_date == last)


@cache
def _bank() -> CurrencyConverter:
    """Read once: the file has every day since 1999."""
    return CurrencyConverter(decimal=True)
