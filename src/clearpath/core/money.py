"""Amounts: integers in minor units of an ISO 4217 currency, and how people write them."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.formats import number_format

# ISO 4217, list one, minor units other than two; read 2026-11-23.
NO_MINOR_UNITS = frozenset({
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF",
})  # fmt: skip
# Those that people pay with, of the same list; from general knowledge.
CURRENCIES = frozenset({
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BHD", "BIF", "BMD",
    "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP", "CRC",
    "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL",
    "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR",
    "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP",
    "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK",
    "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR",
    "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE",
    "SOS", "SRD", "SSP", "STN", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS",
    "UAH", "UGX", "USD", "UYU", "UZS", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XOF", "XPF", "YER", "ZAR",
    "ZMW",
})  # fmt: skip
THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


def decimals(currency: str) -> int:
    """How many decimals a currency has: 2 for EUR, 0 for JPY, 3 for KWD."""
    return 0 if currency in NO_MINOR_UNITS else 3 if currency in THREE_DECIMALS else 2


def to_minor(amount: Decimal, currency: str) -> int:
    """An amount as people write it, in minor units.

    Raises ValueError when it has more decimals than the currency, zeros too: 8.000 EUR may be meant as 8,000 EUR.
    """
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent > decimals(currency):
        raise ValueError(f"{amount} has too many decimals for {currency}")
    return int(amount.scaleb(decimals(currency)))


def from_minor(minor: int, currency: str) -> Decimal:
    """Minor units as people write them."""
    return Decimal(minor).scaleb(-decimals(currency))


def as_text(minor: int, currency: str) -> str:
    """An amount as plain text in the reader's language, kept on one line."""
    places = decimals(currency)
    return f"{currency}\u00a0{number_format(from_minor(minor, currency), places, force_grouping=True)}"


def split_by_weight(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Split an amount so that the parts always add up to the whole.

    Units: `total_minor` and every part are minor units of one currency. Weights have no unit; only their ratio matters.
    Raises ValueError when the amount or a weight is negative, or no weight is above zero.
    Source: largest-remainder (Hamilton) method; ties go to the earlier weight.
    """
    whole = sum(weights)
    if total_minor < 0 or min(weights, default=0) < 0 or whole == 0:
        raise ValueError("split_by_weight needs an amount and weights of zero or more")
    parts = [total_minor * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: total_minor * weights[i] % whole, reverse=True)
    for i in by_remainder[: total_minor - sum(parts)]:
        parts[i] += 1
    return parts
