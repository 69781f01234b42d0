from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from clearpath.forums import connections
from clearpath.forums.became import Patient
from clearpath.forums.connections import Count, Happened, Met
from clearpath.forums.figures import patients_counted, stem_of
from tests.factories import NOON

A, B, C = (UUID(int=number) for number in (1, 2, 3))
AB, AC = frozenset({A, B}), frozenset({A, C})
DAY = timedelta(days=1)


def met(pair=AB, at=NOON, delegates=(11, 12)):
    return Met(frozenset(UUID(int=each) for each in delegates), pair, at)


def counted(happened, *, at, days=None, meetings=None):
    meetings = meetings or [met(), met(AC)]
    first = connections.met_at(meetings)
    found = connections.firsts(first, happened)["agreement"]
    return connections.within(first, found, days, at=at) if days else connections.so_far(first, found, at=at)


def agreed(after, pair=AB):
    return Happened(pair, "agreement", NOON + after)


def test_what_happened_within_the_days_counts_of_the_pairs_that_are_old_enough():
    happened = [agreed(31 * DAY)]

    assert counted(happened, at=NOON + 90 * DAY, days=30) == Count(0, 2)
    assert counted(happened, at=NOON + 90 * DAY, days=90) == Count(1, 2)
    assert counted(happened, at=NOON + 90 * DAY, days=180) == Count(0, 0)
    assert counted(happened, at=NOON + 90 * DAY) == Count(1, 2)


def test_a_pair_counts_once_and_what_came_before_it_met_not_at_all():
    assert counted([agreed(DAY), agreed(2 * DAY)], at=NOON + 3 * DAY) == Count(1, 2)
    assert counted([agreed(-DAY)], at=NOON + 3 * DAY) == Count(0, 2)
    assert counted([agreed(DAY, frozenset({B, C}))], at=NOON + 3 * DAY) == Count(0, 2)


@given(st.lists(st.integers(-50, 400), max_size=6), st.integers(0, 400))
def test_more_time_never_takes_a_connection_away(days, age):
    happened = [agreed(each * DAY) for each in days]

    assert counted(happened, at=NOON + age * DAY).yes <= counted(happened, at=NOON + (age + 1) * DAY).yes


def test_delegates_have_the_connections_of_their_own_meetings():
    meetings = [met(AB, delegates=(11, 12)), met(AB, delegates=(11, 13)), met(AC, delegates=(11, 14))]

    counts = connections.connections_of_delegates(meetings, {AB})

    assert counts == {UUID(int=11): 1, UUID(int=12): 1, UUID(int=13): 1, UUID(int=14): 0}
    assert connections.of_trade(counts, [UUID(int=each) for each in (11, 12, 14, 99)]) == Count(2, 4)


def patients(treated, well, untreated):
    kinds = [(NOON, NOON)] * well + [(NOON, None)] * (treated - well) + [(None, None)] * untreated
    return [Patient(UUID(int=number), AB, NOON, *at) for number, at in enumerate(kinds)]


def test_patients_are_told_in_groups_that_are_not_small():
    told = patients_counted(patients(treated=20, well=10, untreated=10), at=NOON + DAY, smallest=10)
    assert told == (Count(20, 30), Count(10, 20))

    for few in (patients(1, 1, 0), patients(20, 9, 10), patients(9, 0, 30)):
        assert None in patients_counted(few, at=NOON + DAY, smallest=10)


def test_a_journey_of_two_pairs_is_one_patient():
    twice = [*patients(20, 20, 20), *(Patient(each.journey, AC, NOON, each.treated_at, each.well_at)
                                      for each in patients(20, 20, 20))]  # fmt: skip

    assert patients_counted(twice, at=NOON + DAY, smallest=10)[0] == Count(20, 40)


def test_the_same_forum_is_told_by_its_name_without_its_year():
    assert stem_of("Gulf Care Forum 2026") == stem_of("gulf care forum 2025") == stem_of("7th Gulf Care Forum")
    assert stem_of("Gulf Care Forum") != stem_of("Gulf Spa Forum")
