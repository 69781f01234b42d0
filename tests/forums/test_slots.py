from datetime import timedelta

from clearpath.forums.slots import slots
from tests.factories import NOON

TIMES = [NOON + timedelta(minutes=20 * number) for number in range(4)]


def test_slots_are_those_that_end_in_time():
    assert slots(NOON, NOON + timedelta(minutes=79), 20) == TIMES[:3]
    assert slots(NOON, NOON + timedelta(minutes=80), 20) == TIMES
    assert slots(NOON, NOON + timedelta(minutes=19), 20) == []
