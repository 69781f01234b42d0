"""Every way in which lines or terms are no offer, each named by its line; and what returns of a deposit."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from clearpath.offers import pricing
from clearpath.offers.lines import Line, Plan, Promise, Refund, line_of, total_of
from clearpath.offers.offer_fields import lines_in, refunds_in, terms_of, typed_lines
from clearpath.offers.refunding import refund_due
from tests.factories import NOON

TOMORROW = NOON + timedelta(days=1)
OPERATION = Line("Operation", 800_000, "treatment")
PRICE = {"lines": [OPERATION], "currency": "EUR", "stay_nights": 5, "valid_until": TOMORROW}
REFUNDS = (
    Refund("patient", 30, 10_000), Refund("patient", 7, 5_000), Refund("provider", 0, 10_000),
    Refund("doctor", 0, 10_000),
)  # fmt: skip
PLAN = Plan(
    starts_on=date(2026, 7, 1), ends_on=date(2026, 7, 14), deposit_minor=160_000, refunds=REFUNDS,
    complications_paid_by="provider", aftercare=(Promise(14, "By video"),),
)  # fmt: skip


def code_of(objection):
    return objection.code if objection else None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"lines": []}, "items_needed"),
        ({"lines": [Line(" ", 1)]}, "items_needed"),
        ({"lines": [Line("Operation", -1)]}, "price_not_positive"),
        ({"lines": [Line("Operation", 0)]}, "price_not_positive"),
        ({"lines": [Line("Operation", 1, standing="optional")]}, "price_not_positive"),
        ({"lines": [Line("Operation", 1), Line("Pick-up", 0)]}, None),
        ({"lines": [OPERATION, Line("Surgery", 1, "surgery")]}, "no_such_kind"),
        ({"lines": [OPERATION, Line("Flat", 1, standing="perhaps")]}, "no_such_standing"),
        ({"lines": [OPERATION, Line("Flat", 1, tax_bps=10_001)]}, "tax_out_of_range"),
        ({"lines": [OPERATION, Line("Knee", 1, "implant")]}, "maker_needed"),
        ({"lines": [OPERATION, Line("Knee", 1, "implant", maker="Zimmer")]}, None),
        ({"lines": [OPERATION, Line("Other knee", 1, "implant", "optional")]}, None),
        ({"currency": "eur"}, "no_such_currency"),
        ({"currency": "EURO"}, "no_such_currency"),
        ({"currency": "ÄÖÜ"}, "no_such_currency"),
        ({"stay_nights": -1}, "stay_out_of_range"),
        ({"stay_nights": 366}, "stay_out_of_range"),
        ({"valid_until": NOON + timedelta(days=1, seconds=-1)}, "validity_too_short"),
    ],
)
def test_why_not_price(change, code):
    assert code_of(pricing.why_not_price(**PRICE | change, at=NOON)) == code


def test_a_refusal_names_the_line():
    refusal = pricing.why_not_price(**PRICE | {"lines": [OPERATION, Line("Knee joint", -5)]}, at=NOON)

    assert refusal.message == "Line 2 (Knee joint): the amount is below zero. Write zero or more."


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"deposit_minor": 800_001}, "deposit_above_price"),
        ({"deposit_minor": -1}, "deposit_above_price"),
        ({"complications_paid_by": "nobody"}, "nobody_pays"),
        ({"starts_on": date(2026, 5, 31)}, "starts_in_the_past"),
        ({"ends_on": date(2026, 7, 5)}, "flies_too_early"),
        ({"ends_on": date(2026, 7, 6)}, None),
        ({"refunds": ()}, "refund_table_needed"),
        ({"refunds": REFUNDS[:3]}, "refund_table_needed"),
        ({"refunds": (), "deposit_minor": 0}, None),
        ({"refunds": (*REFUNDS, Refund("facilitator", 0, 1))}, "refund_out_of_range"),
        ({"refunds": (*REFUNDS, Refund("patient", 366, 1))}, "refund_out_of_range"),
        ({"refunds": (*REFUNDS, Refund("patient", 40, 10_001))}, "refund_out_of_range"),
        ({"refunds": (*REFUNDS, REFUNDS[0])}, "refund_said_twice"),
        ({"refunds": (*REFUNDS, Refund("patient", 60, 9_000))}, "refund_falls_with_notice"),
        ({"aftercare": (Promise(-1, "By video"),)}, "aftercare_out_of_range"),
        ({"aftercare": (Promise(14, " "),)}, "aftercare_out_of_range"),
    ],
)
def test_why_not_plan(change, code):
    refusal = pricing.why_not_plan(replace(PLAN, **change), total_minor=800_000, stay_nights=5, at=NOON)

    assert code_of(refusal) == code


def test_only_what_is_included_is_the_price():
    lines = [OPERATION, Line("Flat", 60_000, "lodging", "optional"), Line("Flight", 30_000, "other", "excluded")]

    assert total_of(lines) == 800_000


def test_a_line_is_read_whole_from_json_and_as_the_old_pair():
    whole = {"label": "Knee", "amount_minor": 5, "kind": "implant", "maker": "Zimmer", "unknown": 1}

    assert line_of(whole) == Line("Knee", 5, "implant", maker="Zimmer")
    assert line_of(("Operation ", 5)) == Line("Operation", 5)


# The form


def row(label, amount, standing="included", tax=""):
    return {"label": label, "amount": amount, "kind": "other", "standing": standing, "maker": "", "tax": tax}


@pytest.mark.parametrize(
    ("typed", "currency", "line"),
    [
        (row("Bed", "80.50"), "EUR", Line("Bed", 8_050)),
        (row("Joint", "12,5", tax="7,5"), "EUR", Line("Joint", 1_250, tax_bps=750)),
        (row("Operation", "800"), "JPY", Line("Operation", 800)),
        (row("Operation", "1.250"), "KWD", Line("Operation", 1_250)),
        (row("Flat", "", "excluded"), "EUR", Line("Flat", 0, standing="excluded")),
    ],
)
def test_lines_are_read_as_typed_and_typed_as_read(typed, currency, line):
    assert lines_in([typed], currency) == [line]
    assert lines_in(typed_lines([line], currency), currency) == [line]


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        (row("Bed", ""), "EUR"), (row("", "8000"), "EUR"), (row("Bed", "8.000"), "EUR"), (row("Bed", "8.5"), "JPY"),
        (row("Bed", "NaN"), "EUR"), (row("Bed", "5x"), "EUR"), (row("Bed", "5", tax="much"), "EUR"),
    ],
)  # fmt: skip
def test_lines_that_cannot_be_read_name_their_line(typed, currency):
    with pytest.raises(ValidationError, match="Line 2"):
        lines_in([row("Joint", "1"), typed], currency)


def test_refunds_that_cannot_be_read_name_their_line():
    with pytest.raises(ValidationError, match="line 2"):
        refunds_in([{"who": "patient", "days": "7", "share": "50"}, {"who": "patient", "days": "x", "share": "50"}])


def test_a_package_fills_the_form():
    terms = {
        "lines": [{"kind": "stay", "standing": "included", "label": "Bed", "amount_minor": 5_000}],
        "stay_nights": 3,
    }

    begun = terms_of(terms, "EUR")

    assert (lines_in(begun["items"], "EUR"), begun["stay_nights"]) == ([Line("Bed", 5_000, "stay")], 3)


# What returns


@pytest.mark.parametrize(
    ("who", "days_before", "returns"),
    [
        ("patient", 31, 160_000), ("patient", 30, 160_000), ("patient", 29, 80_000), ("patient", 7, 80_000),
        ("patient", 6, 0), ("patient", -3, 0), ("provider", 0, 160_000), ("doctor", 12, 160_000),
    ],
)  # fmt: skip
def test_refund_due_is_the_row_that_the_notice_reaches(who, days_before, returns):
    starts_on = date(2026, 7, 1)

    found = refund_due(
        REFUNDS, who=who, held_minor=160_000, starts_on=starts_on, on=starts_on - timedelta(days=days_before)
    )

    assert found == returns


def test_refund_due_where_the_table_is_silent():
    asked = {"held_minor": 160_000, "starts_on": None, "on": date(2026, 7, 1)}

    assert refund_due((), who="patient", **asked) is None
    assert refund_due((), who="doctor", **asked) == 160_000  # a doctor's no is not the patient's choice
    assert refund_due(REFUNDS, who="patient", **asked) == 160_000  # no day of admission: nothing was prepared for one


@given(st.integers(0, 10_000), st.integers(0, 10**9))
def test_refund_due_never_returns_more_than_is_held_nor_less_than_the_share(share_bps, held_minor):
    table = (Refund("patient", 0, share_bps),)

    found = refund_due(table, who="patient", held_minor=held_minor, starts_on=None, on=date(2026, 7, 1))

    assert held_minor * share_bps / 10_000 <= found <= held_minor
