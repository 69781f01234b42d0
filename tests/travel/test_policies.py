"""Every way in which a step of travel is refused beyond the charter."""

from datetime import date

import pytest

from clearpath.travel import policies

FIRST, LAST = date(2026, 6, 1), date(2026, 6, 15)


def code_of(objection):
    return objection.code if objection else None


@pytest.mark.parametrize(
    ("first", "last", "companions", "code"),
    [
        (FIRST, FIRST, 0, None),
        (LAST, FIRST, 0, "leaves_before_arrival"),
        (FIRST, LAST, -1, "companions_out_of_range"),
        (FIRST, LAST, 10, "companions_out_of_range"),
    ],
)
def test_why_not_issue_invitation(first, last, companions, code):
    assert code_of(policies.why_not_issue_invitation(first, last, companions)) == code


@pytest.mark.parametrize(
    ("leaves_on", "airport", "contact", "fit", "code"),
    [
        (LAST, "IST", "+90 555", None, None),
        (LAST, "", "+90 555", (LAST, LAST), None),
        (date(2026, 5, 31), "IST", "+90 555", None, "leaves_before_arrival"),
        (LAST, "Istanbul", "+90 555", None, "no_such_airport"),
        (LAST, "I5T", "+90 555", None, "no_such_airport"),
        (LAST, "IST", " ", None, "contact_needed"),
        (LAST, "IST", "+90 555", (date(2026, 6, 16), date(2026, 6, 30)), "not_fit_on_that_day"),
    ],
)
def test_why_not_plan(leaves_on, airport, contact, fit, code):
    assert code_of(policies.why_not_plan(FIRST, leaves_on, airport, contact, fit=fit)) == code


@pytest.mark.parametrize(
    ("fit", "code"),
    [
        ((FIRST, LAST), None),
        ((LAST, LAST), None),
        ((FIRST, date(2026, 6, 14)), "not_fit_on_that_day"),
        ((date(2026, 6, 16), date(2026, 6, 30)), "not_fit_on_that_day"),
        (None, "not_fit_on_that_day"),
    ],
)
def test_why_not_fly_on(fit, code):
    assert code_of(policies.why_not_fly_on(LAST, fit)) == code
