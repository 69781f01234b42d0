"""Every way in which something about an offer is refused beyond the charter."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone, translation

from clearpath.offers import policies
from clearpath.offers.cooling_off import cooling_off
from clearpath.offers.models import Offer, QuestionAsked
from tests.factories import NOON

ONE, OTHER = UUID(int=1), UUID(int=2)


def code_of(objection):
    return objection.code if objection else None


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
    [("taken", None), ("own", None), ("refused", None), ("", "insurance_answer_needed"), ("maybe", "insurance_answer_needed")],
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
