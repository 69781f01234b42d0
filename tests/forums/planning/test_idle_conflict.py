"""Why there is no plan: the wishes named cannot all be kept, and without any one of them they can."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from clearpath.forums.planning import dzn
from clearpath.forums.planning.conflict import conflicts_in, only, said
from clearpath.forums.planning.problem import NOWHERE
from tests.forums.planning.test_idle import SLOTS, best_of_all, small_forum, written


def forum(**said):
    """Five participants, two of the four slots in the morning."""
    said = {"people": 5, "tables": 2} | said
    many = len(said["requested"])
    blank = {"forbidden": [[]] * 5, "fixed": [0] * many, "precedences": [[]] * many}
    return dzn.read(written(blank | said), "forum")


def smallest(problem, fairness=None):
    *_more, last = conflicts_in(problem, fairness)
    assert last.is_least
    return last


@pytest.mark.parametrize(
    ("problem", "fairness", "says"),
    [
        (forum(requested=[(1, 2, 3), (1, 3, 3), (1, 4, 3), (1, 5, 3), (2, 3, 3)], forbidden=[[2], [1], *[[]] * 3]), 2, [
            "Meeting 1 (1 with 2) takes place.", "Meeting 2 (1 with 3) takes place.",
            "Meeting 3 (1 with 4) takes place.", "Meeting 4 (1 with 5) takes place.", "1 may not meet in slot 2."]),
        (forum(requested=[(1, 2, 3), (3, 4, 3)], forbidden=[[1], [3], [], [], []], fixed=[3, 0]), 2, [
            "Meeting 1 (1 with 2) takes place.", "2 may not meet in slot 3.",
            "Meeting 1 (1 with 2) is fixed in slot 3."]),
        (forum(requested=[(1, 2, 2), (3, 4, 1)], precedences=[[], [1]]), 2, [
            "Meeting 1 (1 with 2) takes place.", "Meeting 2 (3 with 4) takes place.",
            "Meeting 1 (1 with 2) may only be in slots 3 to 4.", "Meeting 2 (3 with 4) may only be in slots 1 to 2.",
            "Meeting 1 (1 with 2) comes before meeting 2 (3 with 4)."]),
        (forum(requested=[(1, 2, 1), (3, 4, 1), (3, 5, 1)], tables=1), None, [
            "Meeting 1 (1 with 2) takes place.", "Meeting 2 (3 with 4) takes place.",
            "Meeting 3 (3 with 5) takes place.", "Meeting 1 (1 with 2) may only be in slots 1 to 2.",
            "Meeting 2 (3 with 4) may only be in slots 1 to 2.", "Meeting 3 (3 with 5) may only be in slots 1 to 2."]),
        (forum(requested=[(1, 2, 3), (1, 3, 3), (1, 4, 3)], forbidden=[[2], [], [], [], [1]]), 0, [
            "All 3 meetings take place.",
            "No two delegates are more than 0 breaks apart.", "1 may not meet in slot 2."]),
    ],
    ids=["no slot left", "fixed where closed", "order against sessions", "too few tables", "unfair"],
)  # fmt: skip
def test_the_wishes_that_exclude_each_other_are_said(problem, fairness, says):
    first, *lines, last = map(str, said(problem, smallest(problem, fairness)))
    assert first == "These cannot all be kept; without any one of them, the others can:"
    assert last == f"Slots: 4. Tables in each: {problem.tables}."
    assert lines == says


def has_plan(problem):
    """By trying every slot for every meeting."""
    for slots in product(range(SLOTS), repeat=len(problem.first)):
        people = [
            (person, slot) for ends in (problem.first, problem.second) for person, slot in zip(ends, slots, strict=True)
        ]
        if (
            len(set(people)) == len(people)
            and all(problem.free[person, slot] for person, slot in people)
            and max(map(slots.count, slots), default=0) <= problem.tables
            and all(slots[earlier] < slots[later] for earlier, later in problem.before)
            and all(each in (NOWHERE, slot) for each, slot in zip(problem.fixed, slots, strict=True))
            and all(
                each in (NOWHERE, problem.slots[slot].session)
                for each, slot in zip(problem.session, slots, strict=True)
            )
        ):
            return True
    return False


def test_no_wish_named_can_be_left_out():
    impossible = [said for said in map(small_forum, range(160)) if best_of_all(said, SLOTS) is None]
    assert len(impossible) > 10
    for each in impossible:
        problem = dzn.read(written(each), "small")

        wishes = smallest(problem).wishes

        assert not has_plan(only(problem, wishes))
        assert all(has_plan(only(problem, [other for other in wishes if other != wish])) for wish in wishes)


def test_a_forum_without_meetings_or_wishes_has_room():
    problem = forum(requested=[(1, 2, 3)])

    nothing = only(problem, [])

    assert (len(nothing.first), nothing.free.all()) == (0, True)
    assert has_plan(replace(nothing, free=np.zeros_like(nothing.free)))
