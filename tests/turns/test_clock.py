from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearpath.turns.clock import due_at
from clearpath.turns.hooks import Hours

ISTANBUL = Hours("Europe/Istanbul", time(9), time(18), frozenset({1, 2, 3, 4, 5}))  # UTC+3, all year
BERLIN = Hours("Europe/Berlin", time(9), time(18), frozenset({1, 2, 3, 4, 5}))
ALWAYS = Hours("UTC", time(0), time(23, 59), frozenset(range(1, 8)))


def utc(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "within", "due"),
    [
        (utc(1, 7), timedelta(hours=2), utc(1, 9)),  # Monday 10:00 there
        (utc(1, 14), timedelta(hours=2), utc(2, 7)),  # one hour is left on Monday
        (utc(5, 14), timedelta(hours=2), utc(8, 7)),  # Friday: goes on after the weekend
        (utc(6, 9), timedelta(hours=2), utc(8, 8)),  # Saturday: begins on Monday at nine
        (utc(1, 22), timedelta(minutes=5), utc(2, 6, 5)),  # at night: begins in the morning
        (utc(1, 3), timedelta(hours=2), utc(1, 8)),  # before opening
        (utc(1, 7), timedelta(hours=20), utc(3, 9)),  # more than two working days of hours
        (utc(1, 7), timedelta(days=3), utc(4, 7)),  # whole days keep the time of day
        (utc(4, 7), timedelta(days=2), utc(8, 7)),  # Thursday and two working days
        (utc(6, 9), timedelta(days=1), utc(9, 6)),  # Saturday counts from Monday's opening
    ],
)
def test_due_at_counts_the_business_time_of_the_seat(start, within, due):
    assert due_at(start, within, ISTANBUL) == due


def test_due_at_counts_real_hours_when_the_clocks_change():
    saturday_hours = Hours("Europe/Berlin", time(0), time(23, 59), frozenset({6, 7}))

    # Summer time begins on Sunday, 29 March 2026, at 02:00 there: that night has one hour less.
    assert due_at(utc(28, 23, 30, month=3), timedelta(hours=3), saturday_hours) == utc(29, 2, 30, month=3)


def test_a_whole_day_over_the_change_of_clocks_keeps_the_local_time():
    assert due_at(utc(27, 9, month=3), timedelta(days=1), BERLIN) == utc(30, 8, month=3)


@given(
    st.integers(0, 365 * 24 * 60).map(lambda minutes: utc(1, 0, month=1) + timedelta(minutes=minutes)),
    st.timedeltas(timedelta(minutes=1), timedelta(days=20)),
    st.sampled_from([ISTANBUL, BERLIN, ALWAYS]),
)
def test_due_at_is_never_before_the_target_and_always_when_somebody_works(start, within, hours):
    due = due_at(start, within, hours)

    there = due.astimezone(ZoneInfo(hours.time_zone))
    assert due >= start + min(within, timedelta(days=within.days)) - timedelta(hours=1)
    assert there.isoweekday() in hours.workdays
    assert hours.opens <= there.time() <= hours.closes or within % timedelta(days=1) == timedelta()
