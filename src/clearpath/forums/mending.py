"""Mends a plan that is out when people are away or tables break, and touches as few others as it can. Pure.

Nobody is moved because somebody else is ill: their meetings are lost, and the freed time goes to pairs who both wanted
to meet. A meeting moves only when its own table broke, or when who missed it comes later and both are free then.
What lies before `from_slot` has been, and stays.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np

from clearpath.forums.planning.problem import Problem


@dataclass(frozen=True, slots=True)
class Placed:
    """One meeting with its time; numbers are those of the problem, `table` counts from 0 in its hall."""

    first: int
    second: int
    slot: int
    hall: int
    table: int

    @property
    def pair(self) -> tuple[int, int]:
        return self.first, self.second


@dataclass(slots=True)
class Mended:
    """The plan as it becomes: what is moved (before, after), lost, and added; `placed` holds all that takes place."""

    placed: list[Placed] = field(default_factory=list)
    moved: list[tuple[Placed, Placed]] = field(default_factory=list)
    lost: list[Placed] = field(default_factory=list)
    added: list[Placed] = field(default_factory=list)


def mend(
    problem: Problem, placed: Sequence[Placed], *, from_slot: int, away: Mapping[int, Collection[int]],
    broken: Collection[tuple[int, int]] = (), stay: Collection[int] = (),
) -> Mended:  # fmt: skip
    """`away`: slots in which a delegate is not there; `broken`: hall and table; `stay`: who is not to be moved."""
    room = _Room(problem, from_slot, away, broken)
    mended = Mended()
    hit = []
    for each in placed:
        if each.slot >= from_slot and (not room.are_there(each.pair, each.slot) or (each.hall, each.table) in broken):
            hit.append(each)
        else:
            room.take(each)
            mended.placed.append(each)
    for each in sorted(hit, key=lambda each: not room.are_there(each.pair, each.slot)):  # those still there go first
        others = {who for who in each.pair if who not in away}
        found = None if others & set(stay) else room.again(each)
        if found is None:
            mended.lost.append(each)
            continue
        room.take(found)
        mended.placed.append(found)
        mended.moved.append((each, found))
    hurt = {who for each in mended.lost for who in each.pair}
    for added in room.standby(hurt, {each.pair for each in placed}):
        room.take(added)
        mended.placed.append(added)
        mended.added.append(added)
    return mended


class _Room:
    """Who and which table is free when."""

    def __init__(
        self, problem: Problem, from_slot: int, away: Mapping[int, Collection[int]],
        broken: Collection[tuple[int, int]],
    ) -> None:  # fmt: skip
        self.problem, self.from_slot, self.broken = problem, from_slot, set(broken)
        self.free = problem.free.copy()
        for who, slots in away.items():
            self.free[who, list(slots)] = False
        self.at: dict[tuple[int, int], int] = {}  # (delegate, slot) to the hall
        self.taken: dict[int, set[tuple[int, int]]] = defaultdict(set)
        self.count = np.zeros(len(problem.delegates), dtype=np.int64)

    def are_there(self, pair: tuple[int, int], slot: int) -> bool:
        return bool(self.free[list(pair), slot].all())

    def take(self, each: Placed) -> None:
        self.taken[each.slot].add((each.hall, each.table))
        for who in each.pair:
            self.at[who, each.slot] = each.hall
            self.count[who] += 1

    def again(self, each: Placed) -> Placed | None:
        """The same slot at another table, near first; else the next slot in which both are there and free."""
        slots = [each.slot, *(slot for slot in range(self.from_slot, len(self.problem.slots)) if slot != each.slot)]
        return next(self._places(each.pair, slots, near=each.hall), None)

    def standby(self, hurt: Collection[int], met: Collection[tuple[int, int]]) -> Iterator[Placed]:
        """Meetings that both want, the most worth first, for those who lost one and those who have none."""
        problem, slots = self.problem, range(self.from_slot, len(self.problem.slots))
        needy = np.zeros(len(problem.delegates), dtype=np.bool_)
        needy[list(hurt)] = True
        needy |= self.count == 0
        could = np.flatnonzero(needy[problem.first] | needy[problem.second])
        for meeting in could[np.argsort(-problem.value[could], kind="stable")].tolist():
            pair = int(problem.first[meeting]), int(problem.second[meeting])
            if pair not in met and all(self.count[who] < problem.most[who] for who in pair):
                yield from (found for found in [next(self._places(pair, slots), None)] if found is not None)

    def _places(self, pair: tuple[int, int], slots: Collection[int], near: int = 0) -> Iterator[Placed]:
        for slot in slots:
            if not self.are_there(pair, slot) or any((who, slot) in self.at for who in pair):
                continue
            for hall in sorted(range(len(self.problem.halls)), key=lambda hall: (abs(hall - near), hall)):
                table = self._table(slot, hall)
                if table is not None and all(self._comes_in_time(who, slot, hall) for who in pair):
                    yield Placed(*pair, slot, hall, table)

    def _table(self, slot: int, hall: int) -> int | None:
        gone = self.taken[slot] | self.broken
        return next((each for each in range(self.problem.halls[hall].tables) if (hall, each) not in gone), None)

    def _comes_in_time(self, who: int, slot: int, hall: int) -> bool:
        """Between the slots before and after, if they are somewhere else then."""
        ways, times = self.problem.halls[hall].minutes_to, self.problem.slots
        if not ways:
            return True
        for earlier, later in ((slot - 1, slot), (slot, slot + 1)):
            other = self.at.get((who, earlier if later == slot else later))
            if other is None:
                continue
            end, begin = times[earlier].ends_at, times[later].begins_at
            if end and begin and begin - end < timedelta(minutes=ways[other]):
                return False
        return True
