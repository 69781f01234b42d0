"""The plan of most value, against every plan that there is for small forums, and against a checker for larger ones."""

import json
import signal
import time

import numpy as np
import pytest
from benchmarks.forums_generate import forum

from clearpath.forums.command_line.solve import certificate, document
from clearpath.forums.planning.agenda import Agenda
from clearpath.forums.planning.answer import Status
from clearpath.forums.planning.checker import bound_by, faults_of
from clearpath.forums.planning.format import read
from clearpath.forums.planning.prices import Prices
from clearpath.forums.planning.rematch import Rematch
from clearpath.forums.planning.rules import Rules
from clearpath.forums.planning.until import Until
from clearpath.forums.planning.value import most_value
from tests.forums.planning.forums import best_of_all, small_forum


def planned(said, *, seconds=600.0, seed=0):
    """The answer, and how it is written."""
    problem = read(json.dumps(said), "forum")
    answer = most_value(problem, deadline=time.monotonic() + seconds, seed=seed, tell=str)
    written = json.loads(json.dumps(document(problem, answer, "value", 0)))
    return problem, answer, written


@pytest.mark.parametrize("block", range(5))
def test_no_plan_of_all_is_worth_more(block):
    for seed in range(block * 30, block * 30 + 30):
        said = small_forum(seed)
        best = best_of_all(said)

        problem, answer, written = planned(said)

        expected = (Status.OPTIMAL, best, best) if best is not None else (Status.IMPOSSIBLE, None, None)
        assert (answer.status, answer.score, answer.bound) == expected, seed
        assert faults_of(said, written) == [], seed
        if best is not None:
            assert bound_by(said, certificate(problem, answer.prices)) >= best
        else:
            assert answer.conflict


@pytest.mark.parametrize("seed", range(12))
def test_everybody_comes_in_time_from_hall_to_hall(seed):
    """Three halls a quarter of an hour apart, and ten minutes between two slots."""
    said = small_forum(seed, halls=3)
    said["meetings"], said["before"], said["quotas"] = [], [], []
    for delegate, hall in zip(said["delegates"], ("h0", "h1", "h2"), strict=False):
        delegate["table"] = hall

    _problem, answer, written = planned(said)

    assert faults_of(said, written) == []
    assert answer.plan is not None
    assert 0 < answer.score <= answer.bound


@pytest.mark.parametrize("two_sided", [True, False])
def test_a_plan_of_a_hundred_is_valid_proved_and_the_same_again(two_sided):
    said = forum(100, 10, 8, two_sided=two_sided, seed=3)
    said["delegates"][0]["table"] = said["delegates"][1]["table"] = "north"

    problem, answer, written = planned(said, seconds=60)
    _problem, again, _written = planned(said, seconds=60)

    assert faults_of(said, written) == []
    assert answer.score <= bound_by(said, certificate(problem, answer.prices))
    assert (answer.bound - answer.score) / answer.bound <= 0.005
    assert (answer.plan.slot == again.plan.slot).all()
    assert (answer.plan.table == again.plan.table).all()


def test_what_a_certificate_proves_is_the_bound():
    said = forum(60, 8, 5, two_sided=True)

    problem, answer, _written = planned(said)

    assert bound_by(said, certificate(problem, answer.prices)) == answer.bound == answer.score


def test_where_the_time_is_over_at_once_the_plan_is_valid():
    said = forum(60, 8, 5, two_sided=False)

    _problem, answer, written = planned(said, seconds=0)

    assert answer.status == Status.FEASIBLE
    assert faults_of(said, written) == []


def test_no_slot_is_planned_anew_that_would_not_be_done_in_time():
    problem = read(json.dumps(forum(40, 6, 5, two_sided=True)), "forum")
    nothing = Prices(1, np.zeros(40, np.int64), np.zeros(len(Rules(problem).quotas), np.int64), 0)
    matching = Rematch(Agenda(Rules(problem)), problem.must, nothing, 1 << 40, 0)
    matching.seconds = 1000.0

    matching.sweep(Until(time.monotonic() + 999), str)
    matching.mix(Until(time.monotonic() + 1999), fruitless=3)
    assert matching.value() == 0

    matching.sweep(Until(time.monotonic() + 2000), str, sweeps=1)
    assert matching.value() > 0
    kept = Until(100.0)
    kept.keep(7.0)
    assert kept.deadline == 93.0


def test_ctrl_c_gives_the_plan_so_far():
    said = forum(60, 8, 5, two_sided=True)
    told = []

    def stop(line):
        if not told:
            signal.raise_signal(signal.SIGINT)
        told.append(line)

    before = signal.getsignal(signal.SIGINT)
    problem = read(json.dumps(said), "forum")
    answer = most_value(problem, deadline=time.monotonic() + 600, tell=stop)

    assert answer.plan is not None
    assert signal.getsignal(signal.SIGINT) is before


def test_fairness_is_a_matter_of_plans_worth_the_same():
    """Two may meet one: who has met nobody yet is met, though both are worth the same."""
    said = small_forum(1) | {"meetings": [], "before": [], "quotas": [], "slots": [{"id": "s0"}, {"id": "s1"}]}
    said["delegates"] = [
        {"id": "a", "most": 2}, {"id": "b", "most": 2}, {"id": "c", "least": 1}, {"id": "d", "most": 1}
    ]  # fmt: skip
    said["wishes"] = [
        {"from": "a", "to": "b", "value": 5}, {"from": "a", "to": "d", "value": 5}, {"from": "c", "to": "d", "value": 5}
    ]  # fmt: skip

    _problem, answer, written = planned(said)

    assert {frozenset(each["delegates"]) for each in written["meetings"]} == {frozenset("ab"), frozenset("cd")}
    assert answer.says == ()


def test_who_cannot_reach_their_least_is_named_with_the_reason():
    said = forum(20, 6, 3, two_sided=True)
    said["delegates"][4] |= {"least": 3, "not_free": [slot["id"] for slot in said["slots"][2:]]}

    _problem, answer, _written = planned(said)

    [says] = [line for line in map(str, answer.says) if line.startswith("p4 ")]
    assert says.endswith("(2 of at least 3): they are free in 2 slots.")


def test_wishes_that_exclude_each_other_are_named_and_none_more():
    said = forum(20, 6, 3, two_sided=True)
    said["delegates"][0] |= {"not_free": [slot["id"] for slot in said["slots"][2:]]}
    said["meetings"] = [{"delegates": ["p0", f"p{other}"], "must": True} for other in (1, 3, 5, 7)]
    said["meetings"] += [{"delegates": ["p9", "p2"], "must": True}]
    for other in (1, 3, 5, 7, 9, 2):
        said["delegates"][other]["not_free"] = []

    _problem, answer, _written = planned(said)

    assert answer.status == Status.IMPOSSIBLE
    assert len([line for line in answer.conflict if line.key == "must_meet"]) == 3
    assert [str(line) for line in answer.conflict if line.key != "must_meet"] == ["p0 is free in 2 slots."]
    assert "p9" not in " ".join(map(str, answer.conflict))


@pytest.mark.parametrize(
    ("tables", "pairs", "says"),
    [
        (2, ["p0 p1", "p2 p3", "p4 p5"], ["2 meetings that need a table fit into one slot."]),
        (9, ["p0 p1", "p0 p3"], []),
    ],
)
def test_of_meetings_in_one_slot_only_what_is_too_little_is_told(tables, pairs, says):
    said = forum(20, 6, 3, two_sided=True)
    said["halls"] = [{"id": "north", "tables": tables}]
    slot = said["slots"][0]["id"]
    said["meetings"] = [{"delegates": each.split(), "must": True, "slot": slot} for each in pairs]
    for each in said["delegates"]:
        each.pop("not_free", None)

    _problem, answer, _written = planned(said)

    assert answer.status == Status.IMPOSSIBLE
    assert [str(line) for line in answer.conflict if line.key != "must_meet_in_slot"] == says
