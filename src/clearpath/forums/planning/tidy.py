"""Fewer idle gaps with the same meetings: two slots exchange what hangs together in them.

The meetings of two slots are chains of delegates. A chain exchanged as a whole leaves every agenda valid, and touches
nobody outside of it, so the chains of two slots are judged each by itself and all at once.
"""

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
    stays = np.zeros(len(slot), np.bool_)
    stays[[*rules.earlier, *rules.later]] = True
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


def _exchange(
    rules: Rules, slot: NDArray[np.int32], busy: NDArray[np.bool_], room: NDArray[np.int64], stays: NDArray[np.bool_],
    one: int, other: int,
) -> int:  # fmt: skip
    """How many meetings changed between two slots."""
    problem = rules.problem
    meetings = np.flatnonzero((slot == one) | (slot == other))
    if not len(meetings):
        return 0
    goal = one + other - slot[meetings]
    first, second = problem.first[meetings], problem.second[meetings]
    people = len(problem.delegates)
    graph = coo_array((np.ones(len(meetings), np.int8), (first, second)), shape=(people, people))
    _count, chain_of = connected_components(graph, directed=False)
    there = np.flatnonzero(busy[:, one] != busy[:, other])
    before = busy[there]
    after = before.copy()
    after[:, [one, other]] = before[:, [other, one]]
    gain = np.zeros(people, np.int64)
    np.add.at(gain, chain_of[there], gaps(rules, before) - gaps(rules, after))
    chain = chain_of[first]
    gain[chain[~rules.may[meetings, goal] | stays[meetings]]] = 0
    shift = np.bincount(chain, np.where(goal == other, 1, -1) * rules.needs_table[meetings], minlength=people)
    shift = shift.astype(np.int64)  # tables that the other slot needs more, and the one less
    chosen = np.zeros(people, np.bool_)
    even = (gain > 0) & (shift == 0)
    chosen[even] = True
    for each in np.flatnonzero((gain > 0) & (shift != 0)).tolist():
        if room[other] >= shift[each] and room[one] >= -shift[each]:
            chosen[each] = True
            room[other] -= shift[each]
            room[one] += shift[each]
    moving = chosen[chain]
    slot[meetings[moving]] = goal[moving]
    swapped = np.flatnonzero(chosen[chain_of])
    busy[swapped, one], busy[swapped, other] = busy[swapped, other], busy[swapped, one]
    return int(moving.sum())
