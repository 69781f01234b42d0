"""When an answer needs a doctor, and every way in which a step of aftercare is refused beyond the charter."""

from datetime import timedelta
from decimal import Decimal

import pytest

from clearpath.aftercare import policies
from tests.factories import NOON

WELL = {"pain": 2, "temperature_c": Decimal("36.8"), "wound": "fine", "is_bleeding": False, "is_short_of_breath": False}


def code_of(objection):
    return objection.code if objection else None


@pytest.mark.parametrize(
    ("change", "alarms"),
    [
        ({}, []),
        ({"temperature_c": None}, []),
        ({"temperature_c": Decimal("37.9")}, []),
        ({"temperature_c": Decimal("38.0")}, ["fever"]),
        ({"pain": 6}, []),
        ({"pain": 7}, ["severe_pain"]),
        ({"wound": "none"}, []),
        ({"wound": "red"}, ["wound_red"]),
        ({"wound": "open"}, ["wound_open"]),
        ({"is_bleeding": True}, ["bleeding"]),
        ({"is_short_of_breath": True, "pain": 10}, ["short_of_breath", "severe_pain"]),
    ],
)
def test_alarms_are_raised_at_the_threshold_and_not_below(change, alarms):
    assert policies.alarms_in(**WELL | change) == alarms
    assert set(alarms) <= set(policies.ALARMS)


@pytest.mark.parametrize(
    ("pain", "temperature", "wound", "code"),
    [
        (0, None, "none", None),
        (10, Decimal("45.0"), "open", None),
        (11, None, "fine", "pain_out_of_range"),
        (-1, None, "fine", "pain_out_of_range"),
        (1, Decimal("98.6"), "fine", "temperature_out_of_range"),
        (1, Decimal("29.9"), "fine", "temperature_out_of_range"),
        (1, None, "purple", "wound_unknown"),
    ],
)
def test_why_not_report(pain, temperature, wound, code):
    assert code_of(policies.why_not_report(pain, temperature, wound)) == code


@pytest.mark.parametrize(
    ("text", "is_open", "code"),
    [("Come in", True, None), ("Come in", False, "no_open_warning"), (" ", True, "text_needed")],
)
def test_why_not_answer_warning(text, is_open, code):
    assert code_of(policies.why_not_answer_warning(text, is_open=is_open)) == code


def test_why_not_finish_without_the_patients_view():
    assert code_of(policies.why_not_finish("splendid")) == "outcome_needed"
    assert policies.why_not_finish("worse") is None


def test_silence_begins_at_ninety_days():
    assert policies.is_silent(NOON, at=NOON + timedelta(days=90))
    assert not policies.is_silent(NOON, at=NOON + timedelta(days=90, seconds=-1))
