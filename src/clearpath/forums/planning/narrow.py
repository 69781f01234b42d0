"""Where each meeting may be at all, once what its participants have no room for is taken away.

Source for the narrowing by matchings: Régin, "A Filtering Algorithm for Constraints of Difference in CSPs", AAAI 1994.
"""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from clearpath.forums.planning.breaks import windows
from clearpath.forums.planning.problem import Problem

May = NDArray[np.bool_]  # [meeting, slot] whether the meeting may be there

NEVER = 1_000_000  # breaks of a day that cannot be


def narrowed(problem: Problem) -> May | None:
    """[meeting, slot] where each meeting may be in some plan, as far as one can see quickly; None: there is no plan."""
    may = windows(problem)
    days = meetings_of(problem)
    while True:
        before = may.sum()
        if not _in_order(problem, may) or not all(_without_crowds(may, meetings) for meetings in days.values()):
            return None
        if may.sum() == before:
            return may


def meetings_of(problem: Problem) -> dict[int, list[int]]:
    """The meetings of each participant who has one."""
    days: dict[int, list[int]] = defaultdict(list)
    for meeting, ends in enumerate(zip(problem.first.tolist(), problem.second.tolist(), strict=True)):
        for person in ends:
            days[person].append(meeting)
    return dict(sorted(days.items()))


def _in_order(problem: Problem, may: May) -> bool:
    """Takes away what is too early for the later one of two, or too late for the earlier one."""
    for earlier, later in problem.before:
        if not may[earlier].any():
            return False
        may[later, : int(np.argmax(may[earlier])) + 1] = False
        if not may[later].any():
            return False
        last = may.shape[1] - 1 - int(np.argmax(may[later, ::-1]))
        may[earlier, last:] = False
    return bool(may.any(axis=1).all())


def _without_crowds(may: May, meetings: list[int]) -> bool:
    """Leaves of one participant's day what some matching of meetings with slots has; False: there is none."""
    mates = _matched(may[meetings])
    if mates is None:
        return False
    slots = may.shape[1]
    leads = np.eye(slots, dtype=np.bool_)  # [slot, slot] whether who is in the one can make room for it by the other
    leads[mates] |= may[meetings]
    for through in range(slots):
        leads |= np.outer(leads[:, through], leads[through])
    spare = np.ones(slots, np.bool_)
    spare[mates] = False
    to_spare = leads[:, spare].any(axis=1)
    may[meetings] &= to_spare | leads[:, mates].T
    return True


def _matched(may: May) -> list[int] | None:
    """A slot of its own for each row, or None."""
    choices = [np.flatnonzero(row).tolist() for row in may]
    taken: dict[int, int] = {}

    def seat(row: int, seen: set[int]) -> bool:
        for slot in choices[row]:
            if slot not in seen:
                seen.add(slot)
                if slot not in taken or seat(taken[slot], seen):
                    taken[slot] = row
                    return True
        return False

    if not all(seat(row, set()) for row in range(len(choices))):
        return None
    mates = {row: slot for slot, row in taken.items()}
    return [mates[row] for row in range(len(choices))]


def least_breaks(problem: Problem, may: May) -> dict[int, int]:
    """The breaks that each participant has in any plan, as if they were alone: by person who meets anybody."""
    sessions = np.array([slot.session for slot in problem.slots])
    return {
        person: _least_of_day(may[meetings], sessions, problem.session[meetings])
        for person, meetings in meetings_of(problem).items()
    }


def _least_of_day(may: May, sessions: NDArray[np.int_], asked: NDArray[np.int32]) -> int:
    """By dynamic programming over the slots: a state is the meetings held in each session, and whether one is held."""
    open_slots = set(np.flatnonzero(may.any(axis=0)).tolist())
    sure = set(np.nonzero(may[may.sum(axis=1) == 1])[1].tolist())
    known = sorted(set(sessions.tolist()))
    ends = np.array([int((asked == session).sum()) for session in known])
    states: dict[tuple[tuple[int, ...], bool], int] = {((0,) * len(known), False): 0}
    for slot, session in enumerate(sessions):
        after: dict[tuple[tuple[int, ...], bool], int] = {}
        place = known.index(session)
        for (held, is_busy), breaks in states.items():
            if slot not in sure:
                after[held, False] = min(after.get((held, False), NEVER), breaks)
            if slot in open_slots and sum(held) < len(may):
                more = (*held[:place], held[place] + 1, *held[place + 1 :])
                begun = breaks + (not is_busy and sum(held) > 0)
                after[more, True] = min(after.get((more, True), NEVER), begun)
        states = after
    done = (
        breaks for (held, _busy), breaks in states.items() if sum(held) == len(may) and (np.array(held) >= ends).all()
    )
    return min(done, default=NEVER)
