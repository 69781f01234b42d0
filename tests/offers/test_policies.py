"""Every way in which something about an offer is refused beyond the charter, and how a price is read."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from clearpath.offers import policies
from clearpath.offers.cooling_off import cooling_off
from clearpath.offers.forms import items_in
from clearpath.offers.models import Offer, QuestionAsked
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
def test_why_not_answer(state, valid_until, code):
    offer = Offer(state=state, valid_until=valid_until)

    assert code_of(policies.why_not_answer(offer, at=NOON)) == code
    assert code_of(policies.why_not_accept(offer, seen_at=NOON - timedelta(days=9), at=NOON)) == code


@pytest.mark.parametrize(
    ("seen_at", "code"),
    [
        (None, "comparison_not_seen"),
        (NOON, "cooling_off"),
        (NOON - timedelta(hours=24) + timedelta(seconds=1), "cooling_off"),
        (NOON - timedelta(hours=24), None),
        (NOON - timedelta(days=9), None),
    ],
)
def test_why_not_accept_before_the_offers_were_thought_over(seen_at, code):
    offer = Offer(state="sent", valid_until=NOON + timedelta(days=1))

    assert code_of(policies.why_not_accept(offer, seen_at=seen_at, at=NOON)) == code


@pytest.mark.parametrize(
    ("zone", "language", "words"),
    [
        ("UTC", "en", "June 2, 2026, 12:00"),
        ("Asia/Kuwait", "en", "June 2, 2026, 15:00"),
        ("Pacific/Auckland", "tr", "03 Haziran 2026 00:00"),
    ],
)
def test_the_moment_from_which_one_can_choose_is_told_in_the_reader_s_words_and_time_zone(zone, language, words):
    refusal = policies.why_not_yet(NOON, at=NOON)

    with timezone.override(zone), translation.override(language):
        assert words in str(refusal.message)
    assert cooling_off() == timedelta(hours=24)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("taken", None),
        ("own", None),
        ("refused", None),
        ("", "insurance_answer_needed"),
        ("maybe", "insurance_answer_needed"),
    ],
)
def test_why_not_insured(answer, code):
    assert code_of(policies.why_not_insured(answer)) == code


@pytest.mark.parametrize(
    ("text", "asked", "code"), [("How long?", [1], None), (" ", [1], "question_needed"), ("How?", [], "nobody_asked")]
)
def test_why_not_ask(text, asked, code):
    assert code_of(policies.why_not_ask(text, asked)) == code


@pytest.mark.parametrize(
    ("provider", "answered_at", "text", "code"),
    [
        (ONE, None, "Ten days", None),
        (OTHER, None, "Ten days", "not_asked_you"),
        (ONE, NOON, "Ten days", "already_answered"),
        (ONE, None, " ", "answer_needed"),
    ],
)
def test_why_not_answer_question(provider, answered_at, text, code):
    question = QuestionAsked(provider_id=ONE, answered_at=answered_at)

    assert code_of(policies.why_not_answer_question(question, text, provider)) == code


@pytest.mark.parametrize(
    ("is_told", "read", "code"),
    [(True, "", None), (True, "now", None), (True, "before", "told_anew"), (False, "", "nothing_told")],
)
def test_why_not_acknowledge(is_told, read, code):
    assert code_of(policies.why_not_acknowledge(is_told=is_told, read=read, stands="now")) == code


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
