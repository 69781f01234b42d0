"""Amounts in minor units and as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from clearpath.core.money import as_text, decimals, from_minor, to_minor


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("8000", "EUR", 800_000), ("8.5", "EUR", 850), ("800", "JPY", 800), ("1.25", "KWD", 1_250), ("0", "EUR", 0)],
)
def test_to_minor_counts_the_decimals_of_the_currency(amount, currency, minor):
    assert to_minor(Decimal(amount), currency) == minor


@pytest.mark.parametrize(("amount", "currency"), [("8.000", "EUR"), ("0.5", "JPY"), ("1.2345", "KWD"), ("NaN", "EUR")])
def test_to_minor_refuses_what_is_finer_or_may_be_meant_as_thousands(amount, currency):
    with pytest.raises(ValueError, match="too many decimals"):
        to_minor(Decimal(amount), currency)


@given(some.integers(0, 10**15), some.sampled_from(["EUR", "JPY", "KWD"]))
def test_minor_units_survive_being_written_down(minor, currency):
    assert to_minor(from_minor(minor, currency), currency) == minor


def test_as_text_keeps_amount_and_currency_on_one_line():
    assert as_text(1_234_550, "EUR") == "EUR\u00a012,345.50"
    assert as_text(98_000, "JPY") == "JPY\u00a098,000"
    assert decimals("KWD") == 3
