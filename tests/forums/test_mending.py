from datetime import timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from clearpath.forums.mending import Placed, mend
from clearpath.forums.planning.problem import NOWHERE, Hall, Problem, Slot
from tests.factories import NOON


def problem(pairs, *, delegates=8, slots=4, halls=((2, ()),), most=4, free=None, times=()):
    """Every pair may meet; the value falls with its place in the list."""
    times = times or [(None, None)] * slots
    return Problem(
        slots=tuple(Slot(str(number), 0, *times[number]) for number in range(slots)),
        halls=tuple(Hall(str(number), tables, minutes) for number, (tables, minutes) in enumerate(halls)),
        delegates=tuple(str(number) for number in range(delegates)),
        trades=("",) * delegates,
        free=np.ones((delegates, slots), bool) if free is None else free,
        least=np.zeros(delegates, np.int32),
        most=np.full(delegates, most, np.int32),
        booth=np.full(delegates, NOWHERE, np.int32),
        first=np.array([min(pair) for pair in pairs], np.int32),
        second=np.array([max(pair) for pair in pairs], np.int32),
        value=np.arange(len(pairs), 0, -1, dtype=np.int64),
        session=np.full(len(pairs), NOWHERE, np.int32),
        fixed=np.full(len(pairs), NOWHERE, np.int32),
        must=np.zeros(len(pairs), bool),
    )


def test_who_falls_ill_loses_their_meetings_from_then_on_and_nobody_else_is_moved():
    placed = [Placed(0, 1, 0, 0, 0), Placed(0, 2, 1, 0, 0), Placed(3, 4, 1, 0, 1)]

    found = mend(problem([(0, 1), (0, 2), (3, 4)]), placed, from_slot=1, away={0: [1, 2, 3]})

    assert (found.lost, found.moved, found.added) == ([placed[1]], [], [])
    assert found.placed == [placed[0], placed[2]]


def test_the_freed_time_goes_to_the_pair_worth_most_that_both_wanted():
    pairs = [(0, 1), (1, 2), (1, 3)]

    found = mend(problem(pairs), [Placed(0, 1, 1, 0, 0)], from_slot=1, away={0: [1, 2, 3]})

    assert found.added == [Placed(1, 2, 1, 0, 0), Placed(1, 3, 2, 0, 0)]


def test_a_broken_table_moves_its_meeting_to_another_table_of_the_same_time():
    before = Placed(0, 1, 1, 0, 0)

    found = mend(problem([(0, 1)]), [before], from_slot=0, away={}, broken={(0, 0)})

    assert found.moved == [(before, Placed(0, 1, 1, 0, 1))]


def test_who_said_no_is_not_moved_and_what_has_been_stays():
    been, later = Placed(0, 1, 0, 0, 0), Placed(0, 2, 1, 0, 0)

    found = mend(problem([(0, 1), (0, 2)]), [been, later], from_slot=1, away={}, broken={(0, 0)}, stay={2})

    assert (found.placed, found.lost) == ([been], [later])


def test_who_is_late_meets_later_where_both_are_free():
    before = Placed(0, 1, 0, 0, 0)

    found = mend(problem([(0, 1)]), [before, Placed(1, 2, 1, 0, 0)], from_slot=0, away={0: [0]})

    assert found.moved == [(before, Placed(0, 1, 2, 0, 0))]


def test_nobody_is_moved_to_a_hall_that_they_cannot_reach_in_time():
    times = [(NOON + timedelta(minutes=20 * n), NOON + timedelta(minutes=20 * n + 20)) for n in range(2)]
    halls = ((1, (0, 5)), (1, (5, 0)))
    placed = [Placed(0, 1, 0, 0, 0), Placed(0, 2, 1, 0, 0)]

    found = mend(
        problem([(0, 1), (0, 2)], halls=halls, slots=2, times=times), placed, from_slot=1, away={}, broken={(0, 0)}
    )

    assert found.lost == [placed[1]]


@settings(max_examples=60)
@given(st.data())
def test_a_mended_plan_holds_every_rule(data):
    pairs = data.draw(
        st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda p: p[0] < p[1]), unique=True)
    )
    asked = problem(pairs)
    placed = mend(asked, [], from_slot=0, away={}).placed  # everybody has none yet, so all are planned
    away = data.draw(st.dictionaries(st.integers(0, 7), st.sets(st.integers(0, 3)), max_size=3))
    broken = data.draw(st.sets(st.tuples(st.just(0), st.integers(0, 1)), max_size=1))
    from_slot = data.draw(st.integers(0, 3))
    stay = data.draw(st.sets(st.integers(0, 7)))

    found = mend(asked, placed, from_slot=from_slot, away=away, broken=broken, stay=stay)

    assert {each for each in placed if each.slot < from_slot} <= set(found.placed)
    assert len({(each.slot, each.table) for each in found.placed}) == len(found.placed)
    assert len({(each.slot, who) for each in found.placed for who in each.pair}) == 2 * len(found.placed)
    assert len({each.pair for each in found.placed}) == len(found.placed)
    for each in found.placed:
        if each.slot >= from_slot:
            assert not any(each.slot in away.get(who, ()) for who in each.pair)
            assert (0, each.table) not in broken
    moved = {who for before, _after in found.moved for who in before.pair}
    assert not moved & (stay - set(away))
    assert set(found.placed) | set(found.lost) >= set(placed) - {before for before, _after in found.moved}
