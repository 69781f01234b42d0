"""Fewer idle gaps with the same meetings: two slots exchange what hangs together in them.

The meetings of two slots are chains of delegates. A chain exchanged as a whole leaves every agenda valid, and touches
nobody outside of it, so the chains of two slots are judged each by itself and all at once.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from clearpath.forums.planning.problem import NOWHERE
from clearpath.forums.planning.rules import Rules
from clearpath.forums.planning.until import Until

ROUNDS = 2  # over every two slots, at most


def gaps(rules: Rules, busy: NDArray[np.bool_]) -> NDArray[np.int64]:
    """[delegate] how often a next meeting of the same session is not in the next slot; `busy` is [delegate, slot]."""
    found = np.zeros(len(busy), np.int64)
    sessions = np.array([slot.session for slot in rules.problem.slots])
    for begin, end in _runs(sessions):
        part = busy[:, begin:end]
        starts = part[:, 0] + (part[:, 1:] & ~part[:, :-1]).sum(axis=1)
        found += np.maximum(starts - 1, 0)
    return found


def _runs(sessions: NDArray[np.int64]) -> list[tuple[int, int]]:
    ends = [*np.flatnonzero(np.diff(sessions)).tolist(), len(sessions) - 1]
    return list(zip([0, *[each + 1 for each in ends[:-1]]], [each + 1 for each in ends], strict=True))


def busy_in(rules: Rules, slot: NDArray[np.int32]) -> NDArray[np.bool_]:
    """[delegate, slot]"""
    problem = rules.problem
    busy = np.zeros(problem.free.shape, np.bool_)
    placed = np.flatnonzero(slot != NOWHERE)
    busy[problem.first[placed], slot[placed]] = True
    busy[problem.second[placed], slot[placed]] = True
    return busy


def tidied(rules: Rules, slot: NDArray[np.int32], until: Until) -> NDArray[np.int32]:
    """The same meetings with fewer gaps; what has an order to keep stays where it is."""
    slot = slot.copy()
    stays = rules.has_order
    busy = busy_in(rules, slot)
    room = rules.room - np.bincount(slot[(slot != NOWHERE) & rules.needs_table], minlength=len(rules.room))
    for _round in range(ROUNDS):
        moved = 0
        for one, other in combinations(range(len(rules.room)), 2):
            if until.is_over:
                return slot
            moved += _exchange(rules, slot, busy, room, stays, one, other)
        if not moved:
            break
    return slot


@dataclass(frozen=True, slots=True, eq=False)
class Chains:
    """What hangs together in two slots."""

    meetings: NDArray[np.int64]
    goal: NDArray[np.int32]  # [of meetings] the other slot
    chain: NDArray[np.int32]  # [of meetings] the number of its chain
    of: NDArray[np.int32]  # [delegate] the number of their chain
    can: NDArray[np.bool_]  # [chain] every meeting may be in the other slot
    shift: NDArray[np.int64]  # [chain] tables that the second slot needs more, and the first one less

    def chosen(self, wanted: NDArray[np.bool_], room: NDArray[np.int64], one: int, other: int) -> NDArray[np.bool_]:
        """[chain] the wanted ones that can be exchanged with the tables there are; `room` is brought up to date."""
        wanted = wanted & self.can
        chosen: NDArray[np.bool_] = wanted & (self.shift == 0)
        for each in np.flatnonzero(wanted & (self.shift != 0)).tolist():
            if room[other] >= self.shift[each] and room[one] >= -self.shift[each]:
                chosen[each] = True
                room[other] -= self.shift[each]
                room[one] += self.shift[each]
        return chosen


def chains(rules: Rules, slot: NDArray[np.int32], stays: NDArray[np.bool_], one: int, other: int) -> Chains:
    """`stays` [meeting] are left where they are."""
    problem = rules.problem
    meetings = np.flatnonzero((slot == one) | (slot == other))
    goal = (one + other - slot[meetings]).astype(np.int32)
    first, second = problem.first[meetings], problem.second[meetings]
    people = len(problem.delegates)
    graph = coo_array((np.ones(len(meetings), np.int8), (first, second)), shape=(people, people))
    _count, of = connected_components(graph, directed=False)
    chain = of[first]
    can = np.ones(people, np.bool_)
    can[chain[~rules.may[meetings, goal] | stays[meetings]]] = False
    shift = np.bincount(chain, np.where(goal == other, 1, -1) * rules.needs_table[meetings], minlength=people)
    return Chains(meetings, goal, chain, of, can, shift.astype(np.int64))


def _exchange(
    rules: Rules, slot: NDArray[np.int32], busy: NDArray[np.bool_], room: NDArray[np.int64], stays: NDArray[np.bool_],
    one: int, other: int,
) -> int:  # fmt: skip
    """How many meetings changed between two slots."""
    both = chains(rules, slot, stays, one, other)
    there = np.flatnonzero(busy[:, one] != busy[:, other])
    before = busy[there]
    after = before.copy()
    after[:, [one, other]] = before[:, [other, one]]
    gain = np.zeros(len(busy), np.int64)
    np.add.at(gain, both.of[there], gaps(rules, before) - gaps(rules, after))
    chosen = both.chosen(gain > 0, room, one, other)
    moving = chosen[both.chain]
    slot[both.meetings[moving]] = both.goal[moving]
    swapped = np.flatnonzero(chosen[both.of])
    busy[swapped, one], busy[swapped, other] = busy[swapped, other], busy[swapped, one]
    return int(moving.sum())
