"""What a repair keeps, whom it touches, and that no plan touches fewer."""

import copy
import json
import time
from random import Random

import numpy as np
import pytest
from benchmarks.forums_generate import forum

from clearpath.forums.command_line.solve import document
from clearpath.forums.planning.answer import Answer, Plan, Status
from clearpath.forums.planning.checker import faults_of
from clearpath.forums.planning.format import read
from clearpath.forums.planning.problem import NOWHERE
from clearpath.forums.planning.repair import Change, repair
from clearpath.forums.planning.value import most_value

SLOTS = 8


def planned(said):
    problem = read(json.dumps(said), "forum")
    answer = most_value(problem, deadline=time.monotonic() + 600, tell=str)
    return problem, answer.plan


def agendas(problem, plan):
    """Of each delegate: what they have when."""
    found = {}
    for meeting in np.flatnonzero(plan.slot != NOWHERE).tolist():
        for end, other in ((problem.first, problem.second), (problem.second, problem.first)):
            found.setdefault(int(end[meeting]), set()).add((int(plan.slot[meeting]), int(other[meeting])))
    return found


def differing(problem, one, other, but):
    before, after = agendas(problem, one), agendas(problem, other)
    return {each for each in before | after if before.get(each) != after.get(each)} - set(but)


def changed(said, change):
    """The forum as it is after the change, for the checker; what has been may stay."""
    said = copy.deepcopy(said)
    slots = [slot["id"] for slot in said["slots"]]
    for delegate, slot in change.gone:
        said["delegates"][delegate]["not_free"] += slots[max(slot, change.now) :]
    for delegate, slot in change.late:
        said["delegates"][delegate]["not_free"] += slots[change.now : slot]
    return said


def somebody_falls_ill(problem, seed):
    random = Random(seed)
    now = random.randrange(SLOTS)
    ill = random.sample(range(len(problem.delegates)), 5)
    return Change(
        now,
        gone=tuple((each, now) for each in ill[:3]),
        late=tuple((each, min(now + 2, SLOTS)) for each in ill[3:]),
        said_no=frozenset(random.sample(range(len(problem.delegates)), 10)) - set(ill),
    )


@pytest.mark.parametrize("seed", range(8))
def test_a_repair_keeps_every_rule_and_what_has_been_and_touches_as_few_as_any_plan(seed):
    said = forum(60, SLOTS, 6, two_sided=bool(seed % 2), seed=seed)
    problem, plan = planned(said)
    change = somebody_falls_ill(problem, seed)

    done = repair(problem, plan, change)

    written = document(problem, Answer(Status.FEASIBLE, done.plan, done.value, None), "value", 0)
    assert faults_of(changed(said, change), json.loads(json.dumps(written))) == []
    been = plan.slot < change.now
    been &= plan.slot != NOWHERE
    assert (done.plan.slot[been] == plan.slot[been]).all()
    hit = [each for each, _slot in (*change.gone, *change.late)]
    assert differing(problem, plan, done.plan, hit) <= set(done.touched)
    assert len(done.touched) == done.least_touched
    for each in done.moved:
        assert (each.before, each.after) == (plan.slot[each.meeting], done.plan.slot[each.meeting])
        ends = {int(problem.first[each.meeting]), int(problem.second[each.meeting])}
        assert each.after in (NOWHERE, each.before) or not ends & change.said_no
    assert len(done.moved) == len({each.meeting for each in done.moved})


def test_every_meeting_that_changes_is_told_with_its_reason():
    said = forum(60, SLOTS, 6, two_sided=True)
    problem, plan = planned(said)

    done = repair(problem, plan, Change(2, gone=((4, 2),)))

    lost = {each.meeting for each in done.moved if each.after == NOWHERE}
    mine = (problem.first == 4) | (problem.second == 4)
    assert lost == set(np.flatnonzero(mine & (plan.slot >= 2)).tolist())
    assert {str(each.why) for each in done.moved if each.meeting in lost} == {"p4 cannot be there."}
    other = np.flatnonzero(done.plan.slot != plan.slot).tolist()
    assert set(other) == {each.meeting for each in done.moved}


def test_a_broken_table_moves_its_meetings_to_another_table_at_the_same_time():
    said = forum(20, SLOTS, 6, two_sided=True)
    said["halls"] = [{"id": "north", "tables": 10}]
    problem, plan = planned(said)

    done = repair(problem, plan, Change(3, broken=((0, 0, 3),)))

    there = (plan.table == 0) & (plan.slot >= 3)
    assert there.any()
    assert (done.plan.slot == plan.slot).all()
    assert (done.plan.table[there] != 0).all()
    assert {str(each.why) for each in done.moved} == {"Table 1 in hall north cannot be used."}


def test_who_has_said_no_is_asked():
    said = {
        "format": "clearpath-forum/1", "slots": [{"id": "s1"}, {"id": "s2"}], "halls": [{"id": "h", "tables": 2}],
        "delegates": [{"id": "a", "not_free": []}, {"id": "b", "not_free": []}],
        "wishes": [{"from": "a", "to": "b", "value": 3}],
    }  # fmt: skip
    problem = read(json.dumps(said), "forum")
    first = Plan(*(np.array([0], np.int32) for _each in range(3)))

    done = repair(problem, first, Change(0, late=((0, 1),), said_no=frozenset({1})))

    assert done.plan.slot.tolist() == [NOWHERE]
    [asked] = done.asks
    assert (asked.before, asked.after) == (0, 1)
    assert (str(asked.why), asked.ask) == ("a cannot be there.", (1,))
    assert repair(problem, first, Change(0, late=((0, 1),))).plan.slot.tolist() == [1]


def test_a_newcomer_reaches_their_least_with_as_few_others_as_any_plan():
    said = forum(40, SLOTS, 6, two_sided=True)
    alone = copy.deepcopy(said)
    alone["wishes"] = [wish for wish in said["wishes"] if "p7" not in (wish["from"], wish["to"])]
    small, plan = planned(alone)
    problem = read(json.dumps(said), "forum")
    place = {pair: number for number, pair in enumerate(zip(small.first.tolist(), small.second.tolist(), strict=True))}
    rows = [place.get(pair) for pair in zip(problem.first.tolist(), problem.second.tolist(), strict=True)]
    before = Plan(
        *(np.array([NOWHERE if row is None else column[row] for row in rows], np.int32)
          for column in (plan.slot, plan.hall, plan.table))
    )  # fmt: skip

    done = repair(problem, before, Change(2, newcomers=(7,)))

    held = ((problem.first == 7) | (problem.second == 7)) & (done.plan.slot != NOWHERE)
    assert 1 <= held.sum() <= problem.least[7]
    assert held.sum() == len(done.touched) == done.least_touched
    assert (done.plan.slot[held] >= 2).all()


def test_a_meeting_that_must_be_moves_others_only_where_it_has_to():
    """A and B must meet and lose their slot; the one in which both are free is made by moving one meeting of B."""
    said = {
        "format": "clearpath-forum/1", "slots": [{"id": f"s{each}"} for each in range(3)],
        "halls": [{"id": "h", "tables": 2}],
        "delegates": [{"id": "a"}, {"id": "b"}, {"id": "c"}, {"id": "d", "not_free": ["s1"]}],
        "wishes": [{"from": "b", "to": "c", "value": 3}, {"from": "a", "to": "d", "value": 3}],
        "meetings": [{"delegates": ["a", "b"], "must": True}],
    }  # fmt: skip
    problem = read(json.dumps(said), "forum")
    assert list(zip(problem.first.tolist(), problem.second.tolist(), strict=True)) == [(0, 1), (0, 3), (1, 2)]
    plan = Plan(np.array([0, 2, 1], np.int32), *(np.zeros(3, np.int32) for _each in range(2)))

    done = repair(problem, plan, Change(1, late=((0, 1),)))

    assert done.plan.slot.tolist() == [0, 2, 1]  # what has been stays, even of one who is late
    done = repair(problem, plan, Change(0, late=((0, 1),)))
    assert done.plan.slot.tolist() == [1, 2, 0]
    assert done.touched == (1, 2)
    assert done.least_touched == 1
    assert "a and b must meet" in " ".join(str(each.why) for each in done.moved)


def test_nobody_is_moved_to_a_table_at_which_somebody_sits_who_was_given_their_own_since():
    """As above, but E sits at the one free table of s0, to which C would have to go."""
    said = {
        "format": "clearpath-forum/1", "slots": [{"id": f"s{each}"} for each in range(3)],
        "halls": [{"id": "h", "tables": 2}],
        "delegates": [{"id": "a"}, {"id": "b"}, {"id": "c"}, {"id": "d", "not_free": ["s1"]},
                      {"id": "e", "table": "h"}, {"id": "f"}],
        "wishes": [{"from": "b", "to": "c", "value": 3}, {"from": "a", "to": "d", "value": 3},
                   {"from": "e", "to": "f", "value": 3}],
        "meetings": [{"delegates": ["a", "b"], "must": True}],
    }  # fmt: skip
    problem = read(json.dumps(said), "forum")
    assert list(zip(problem.first.tolist(), problem.second.tolist(), strict=True)) == [(0, 1), (0, 3), (1, 2), (4, 5)]
    plan = Plan(np.array([0, 2, 1, 0], np.int32), np.zeros(4, np.int32), np.array([0, 1, 1, 1], np.int32))

    done = repair(problem, plan, Change(0, late=((0, 1),)))

    taking_place = done.plan.slot != NOWHERE
    assert (done.plan.hall[taking_place] != NOWHERE).all()
    assert not taking_place[0]
    assert done.plan.slot[1:].tolist() == [2, 1, 0]
