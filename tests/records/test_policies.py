"""Every way in which a clinical step is refused beyond the charter."""

from datetime import date

import pytest

from clearpath.core.outcomes import Objection
from clearpath.records import policies
from clearpath.records.flying import Wait

TODAY = date(2026, 6, 1)
OPINION = {
    "suitability": "suitable", "conditions": "", "plan": "p", "risks": "r", "alternatives": "a", "stay_days": 7,
}  # fmt: skip
DISCHARGE = {
    "discharged_on": TODAY, "summary": "s", "medicines": "m", "warning_signs": "w", "follow_up": "f", "today": TODAY,
}  # fmt: skip


def code_of(objection):
    return objection.code if objection else None


BROKEN = Objection("xml_broken", "Broken.")


@pytest.mark.parametrize(
    ("objection", "already", "whose", "confirmed", "code"),
    [
        (None, False, "same", False, None),
        (BROKEN, False, "same", True, "xml_broken"),
        (BROKEN, True, "other", True, "xml_broken"),
        (None, True, "same", False, "record_already_there"),
        (None, False, "other", False, "other_patient"),
        (None, False, "other", True, "other_patient"),
        (None, False, "unsure", False, "patient_unsure"),
        (None, False, "unsure", True, None),
    ],
)
def test_why_not_add(objection, already, whose, confirmed, code):
    assert code_of(policies.why_not_add(objection, already=already, whose=whose, confirmed=confirmed)) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"suitability": "not_suitable"}, "not_an_opinion"),
        ({"suitability": "suitable_if"}, "conditions_needed"),
        ({"suitability": "suitable_if", "conditions": "stops smoking"}, None),
        ({"plan": " "}, "opinion_incomplete"),
        ({"risks": ""}, "opinion_incomplete"),
        ({"alternatives": ""}, "opinion_incomplete"),
        ({"stay_days": 0}, "stay_out_of_range"),
        ({"stay_days": 366}, "stay_out_of_range"),
    ],
)
def test_why_not_give_opinion(change, code):
    assert code_of(policies.why_not_give_opinion(**OPINION | change)) == code


@pytest.mark.parametrize(
    ("text", "verdict", "tied", "code"),
    [
        ("I agree.", "agrees", False, None),
        ("I agree.", "agrees", True, "second_doctor_is_tied"),
        ("I agree.", "", False, "verdict_needed"),
        ("I agree.", "perhaps", False, "verdict_needed"),
        ("", "differs", False, "text_needed"),
    ],
)
def test_why_not_give_second_opinion(text, verdict, tied, code):
    assert code_of(policies.why_not_give_second_opinion(text, verdict=verdict, is_tied=tied)) == code


@pytest.mark.parametrize(
    ("wording", "language", "explained", "in_force", "code"),
    [
        ("I agree.", "en", True, False, None),
        ("I agree.", "en", False, False, "nothing_explained"),
        ("", "en", True, False, "wording_needed"),
        ("I agree.", "", True, False, "wording_needed"),
        ("I agree.", "en", True, True, "informed_consent_in_force"),
    ],
)
def test_why_not_give_informed_consent(wording, language, explained, in_force, code):
    found = policies.why_not_give_informed_consent(wording, language, is_explained=explained, in_force=in_force)
    assert code_of(found) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"summary": ""}, "discharge_incomplete"),
        ({"medicines": " "}, "discharge_incomplete"),
        ({"warning_signs": ""}, "discharge_incomplete"),
        ({"follow_up": ""}, "discharge_incomplete"),
        ({"discharged_on": date(2026, 6, 2)}, "day_is_ahead"),
    ],
)
def test_why_not_discharge(change, code):
    assert code_of(policies.why_not_discharge(**DISCHARGE | change)) == code


@pytest.mark.parametrize(
    ("first", "last", "discharged", "code"),
    [
        (TODAY, TODAY, TODAY, None),
        (TODAY, TODAY, None, None),
        (date(2026, 6, 2), TODAY, TODAY, "fit_ends_before_it_begins"),
        (TODAY, TODAY, date(2026, 6, 2), "fit_before_discharge"),
    ],
)
def test_why_not_declare_fit(first, last, discharged, code):
    assert code_of(policies.why_not_declare_fit(first, last, discharged_on=discharged, wait=Wait(1))) == code
