from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from clearpath.forums.agenda import Placed, first_free, slots
from tests.factories import NOON

TIMES = [NOON + timedelta(minutes=20 * number) for number in range(4)]


def test_slots_are_those_that_end_in_time():
    assert slots(NOON, NOON + timedelta(minutes=79), 20) == TIMES[:3]
    assert slots(NOON, NOON + timedelta(minutes=80), 20) == TIMES
    assert slots(NOON, NOON + timedelta(minutes=19), 20) == []


def test_a_meeting_takes_the_first_slot_in_which_both_and_a_table_are_free():
    placed = first_free([("a", "b"), ("c", "d"), ("a", "c"), ("e", "f")], TIMES[:2], tables=2)

    assert placed == [Placed(TIMES[0], 1), Placed(TIMES[0], 2), Placed(TIMES[1], 1), Placed(TIMES[1], 2)]


def test_a_meeting_without_room_has_no_time():
    assert first_free([("a", "b"), ("a", "c")], TIMES[:1], tables=5) == [Placed(TIMES[0], 1), Placed()]


@given(
    st.lists(st.lists(st.integers(0, 6), min_size=2, max_size=2, unique=True).map(tuple), max_size=30),
    st.integers(1, 3),
)
def test_nobody_is_in_two_places_and_no_table_holds_two_meetings(pairs, tables):
    placed = first_free(pairs, TIMES, tables=tables)

    where = [(place.begins_at, place.table) for place in placed if place.begins_at]
    who = [
        (place.begins_at, person)
        for pair, place in zip(pairs, placed, strict=True)
        for person in pair
        if place.begins_at
    ]
    assert len(set(where)) == len(where)
    assert len(set(who)) == len(who)
    assert all(1 <= table <= tables for _time, table in where)
