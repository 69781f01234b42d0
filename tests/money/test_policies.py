"""Every way in which money is refused beyond the charter, and how a fee is computed."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from clearpath.money import policies


def code_of(objection):
    return objection.code if objection else None


@pytest.mark.parametrize(
    ("wording", "language", "accepted", "signed", "code"),
    [
        ("I sign.", "en", True, False, None),
        ("I sign.", "en", False, False, "no_accepted_offer"),
        ("I sign.", "en", True, True, "already_signed"),
        (" ", "en", True, False, "wording_needed"),
        ("I sign.", "", True, False, "wording_needed"),
    ],
)
def test_why_not_sign(wording, language, accepted, signed, code):
    assert code_of(policies.why_not_sign(wording, language, is_accepted=accepted, is_signed=signed)) == code


@pytest.mark.parametrize(
    ("amount", "held", "total", "code"),
    [
        (100, 0, 100, None),
        (100, 0, None, "no_contract"),
        (0, 0, 100, "amount_not_positive"),
        (60, 50, 100, "deposit_above_price"),
    ],
)
def test_why_not_confirm_deposit(amount, held, total, code):
    assert code_of(policies.why_not_confirm_deposit(amount, held_minor=held, total_minor=total)) == code


@pytest.mark.parametrize(
    ("total", "so_far", "signed", "code"),
    [
        (100, 0, 100, None),
        (100, 0, None, "no_contract"),
        (0, 0, 100, "amount_not_positive"),
        (60, 50, 100, "invoice_above_contract"),
    ],
)
def test_why_not_invoice(total, so_far, signed, code):
    assert code_of(policies.why_not_invoice(total, invoiced_minor=so_far, signed_minor=signed)) == code


@pytest.mark.parametrize(
    ("amount", "reason", "held", "code"),
    [
        (100, "", 100, None),
        (40, "By the refund table", 100, None),
        (40, " ", 100, "reason_needed"),
        (0, "", 0, "nothing_held"),
        (101, "", 100, "refund_above_deposit"),
        (-1, "x", 100, "refund_above_deposit"),
    ],
)
def test_why_not_refund(amount, reason, held, code):
    assert code_of(policies.why_not_refund(amount, reason, held_minor=held)) == code


@pytest.mark.parametrize(
    ("rate", "amount", "cap", "price", "fee"),
    [
        (1_500, None, None, 950_000, 142_500),
        (1_500, None, 100_000, 950_000, 100_000),
        (None, 30_000, None, 950_000, 30_000),
        (1, None, None, 5_000, 1),  # half a minor unit counts as one
        (1, None, None, 4_999, 0),
    ],
)
def test_fee_minor(rate, amount, cap, price, fee):
    assert policies.fee_minor(rate, amount, cap, price_minor=price) == fee


@given(some.integers(0, 10**12), some.integers(1, 10_000))
def test_fee_is_within_half_a_minor_unit_of_the_share(price, rate):
    assert abs(policies.fee_minor(rate, None, None, price_minor=price) * 10_000 - price * rate) <= 5_000
