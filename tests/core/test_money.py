"""Amounts in minor units and as people write them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from clearpath.core.money import as_text, decimals, from_minor, split_by_weight, to_minor


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


@given(some.integers(0, 10**18), some.lists(some.integers(0, 10**30), min_size=1).filter(any))
def test_split_by_weight_adds_up_and_is_nowhere_off_by_one(total, weights):
    parts = split_by_weight(total, weights)

    assert sum(parts) == total
    assert all(
        abs(part - Fraction(total * weight, sum(weights))) < 1 for part, weight in zip(parts, weights, strict=True)
    )


def test_split_by_weight_gives_what_is_left_to_the_largest_remainder_then_to_the_earlier():
    assert split_by_weight(100, [1, 1, 1]) == [34, 33, 33]
    assert split_by_weight(10, [15, 15, 70]) == [2, 1, 7]
    assert split_by_weight(0, [1, 2]) == [0, 0]


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, [-1, 2]), (1, [0, 0]), (1, [])])
def test_split_by_weight_refuses_what_cannot_be_split(total, weights):
    with pytest.raises(ValueError, match="zero or more"):
        split_by_weight(total, weights)
