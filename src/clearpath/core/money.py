"""Amounts: integers in minor units of an ISO 4217 currency, and how people write them."""

from decimal import Decimal

from django.utils.formats import number_format

# ISO 4217, list one, minor units other than two; read 2026-11-23.
NO_MINOR_UNITS = frozenset({
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF",
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
