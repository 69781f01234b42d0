"""Every way in which something about an offer is refused beyond the charter, and how a price is read."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError

from clearpath.offers import policies
from clearpath.offers.forms import items_in
from clearpath.offers.models import Offer
from clearpath.offers.policies import Item
from tests.factories import NOON

ONE, OTHER = UUID(int=1), UUID(int=2)
TOMORROW = NOON + timedelta(days=1)
PRICE = {"items": [Item("Operation", 800_000)], "currency": "EUR", "stay_nights": 5, "valid_until": TOMORROW}


def code_of(objection):
    return objection.code if objection else None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"items": []}, "items_needed"),
        ({"items": [Item(" ", 1)]}, "items_needed"),
        ({"items": [Item("Operation", -1)]}, "price_not_positive"),
        ({"items": [Item("Operation", 0)]}, "price_not_positive"),
        ({"items": [Item("Operation", 1), Item("Pick-up", 0)]}, None),
        ({"currency": "eur"}, "no_such_currency"),
        ({"currency": "EURO"}, "no_such_currency"),
        ({"currency": "ÄÖÜ"}, "no_such_currency"),
        ({"stay_nights": -1}, "stay_out_of_range"),
        ({"stay_nights": 366}, "stay_out_of_range"),
        ({"valid_until": NOON + timedelta(days=1, seconds=-1)}, "validity_too_short"),
    ],
)
def test_why_not_price(change, code):
    assert code_of(policies.why_not_price(**PRICE | change, at=NOON)) == code


@pytest.mark.parametrize(
    ("state", "valid_until", "code"),
    [
        ("sent", NOON + timedelta(seconds=1), None),
        ("sent", NOON, "offer_expired"),
        ("withdrawn", NOON + timedelta(days=1), "offer_not_open"),
        ("superseded", NOON + timedelta(days=1), "offer_not_open"),
        ("accepted", NOON + timedelta(days=1), "offer_not_open"),
    ],
)
def test_why_not_accept(state, valid_until, code):
    assert code_of(policies.why_not_accept(Offer(state=state, valid_until=valid_until), at=NOON)) == code


def test_why_not_accept_revision_of_what_is_no_revision():
    first = Offer(state="sent", valid_until=NOON + timedelta(days=1))
    changed = Offer(state="sent", valid_until=NOON + timedelta(days=1), revises_id=ONE)

    assert code_of(policies.why_not_accept_revision(first, at=NOON)) == "not_a_changed_offer"
    assert policies.why_not_accept_revision(changed, at=NOON) is None


def test_why_not_withdraw_somebody_elses_offer():
    assert code_of(policies.why_not_withdraw(Offer(provider_id=ONE), OTHER)) == "not_your_offer"
    assert policies.why_not_withdraw(Offer(provider_id=ONE), ONE) is None


@pytest.mark.parametrize(
    ("text", "currency", "items"),
    [
        ("Operation 8000", "EUR", [Item("Operation", 800_000)]),
        ("Bed: 80.50\n\n Joint, titanium; 12,5 ", "EUR", [Item("Bed", 8_050), Item("Joint, titanium", 1_250)]),
        ("Operation 5 hours 800", "JPY", [Item("Operation 5 hours", 800)]),
        ("Operation 1.250", "KWD", [Item("Operation", 1_250)]),
    ],
)
def test_items_are_read_line_by_line(text, currency, items):
    assert items_in(text, currency) == items


@pytest.mark.parametrize(
    ("text", "currency"),
    [("Bed", "EUR"), ("8000", "EUR"), ("Bed 8.000", "EUR"), ("Bed 8.5", "JPY"), ("Bed -5x", "EUR")],
)
def test_items_that_cannot_be_read_name_their_line(text, currency):
    with pytest.raises(ValidationError, match="Line 2"):
        items_in(f"Bed 1\n{text}", currency)
