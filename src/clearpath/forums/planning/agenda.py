"""Everybody's agendas while they are planned: put a meeting into a slot, by moving others along where it must be.

A meeting of A and B for which no slot has room for both is put into one where A alone is free. B's meeting there goes
to a slot where B is free, the meeting which its other delegate has there comes back in exchange, and so on: a chain of
two slots that ends where somebody is free in both (Kempe, "On the geographical problem of the four colours", 1879).
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from clearpath.forums.planning.problem import NOWHERE
from clearpath.forums.planning.rules import Rules

LONGEST_CHAIN = 400  # meetings moved for one
MOST_CHAINS = 60  # tried for one meeting


class Agenda:
    """Which meeting each delegate has in each slot. Plain lists: they are read and written one by one."""

    def __init__(self, rules: Rules, slot: NDArray[np.int32] | None = None) -> None:
        problem = rules.problem
        self.rules = rules
        self.ends = list(zip(problem.first.tolist(), problem.second.tolist(), strict=True))
        self.may: list[int] = _masks(rules.may)
        self.vacant = _masks(problem.free)  # [delegate] bits of the slots in which they are free and have no meeting
        self.at = [[NOWHERE] * len(problem.slots) for _each in problem.delegates]
        self.slot = [NOWHERE] * len(self.ends)
        self.needs_table: list[bool] = rules.needs_table.tolist()
        self.room: list[int] = rules.room.tolist()
        self.held = [0] * len(problem.delegates)
        self.most = rules.most.tolist()
        self.quota_of = list(zip(*rules.quota_of.tolist(), strict=True))
        self.quota_left = rules.quota_most.tolist()
        self.stays = set(rules.earlier) | set(rules.later)  # is not moved along, since it has an order to keep
        if slot is not None:
            for meeting in np.flatnonzero(slot != NOWHERE).tolist():
                self.put(meeting, int(slot[meeting]))

    @property
    def slots(self) -> NDArray[np.int32]:
        return np.array(self.slot, np.int32)

    def put(self, meeting: int, slot: int) -> None:
        """Without asking whether it may be there."""
        bit = 1 << slot
        for end in self.ends[meeting]:
            self.at[end][slot] = meeting
            self.vacant[end] &= ~bit
            self.held[end] += 1
        for row in self.quota_of[meeting]:
            if row != NOWHERE:
                self.quota_left[row] -= 1
        self.slot[meeting] = slot
        self.room[slot] -= self.needs_table[meeting]

    def take(self, meeting: int) -> None:
        slot = self.slot[meeting]
        for end in self.ends[meeting]:
            self.at[end][slot] = NOWHERE
            self.vacant[end] |= 1 << slot
            self.held[end] -= 1
        for row in self.quota_of[meeting]:
            if row != NOWHERE:
                self.quota_left[row] += 1
        self.slot[meeting] = NOWHERE
        self.room[slot] += self.needs_table[meeting]

    def is_allowed(self, meeting: int) -> bool:
        """Neither delegate nor quota has as many as they may have."""
        first, second = self.ends[meeting]
        return (
            self.held[first] < self.most[first]
            and self.held[second] < self.most[second]
            and all(row == NOWHERE or self.quota_left[row] > 0 for row in self.quota_of[meeting])
        )

    def place(self, meeting: int, *, by_chains: bool = True) -> bool:
        """Somewhere, if there is a place; the others stay in the plan, but by chains may be moved to another slot."""
        if not self.is_allowed(meeting):
            return False
        first, second = self.ends[meeting]
        common = self.vacant[first] & self.vacant[second] & self.may[meeting] & self._in_order(meeting)
        best, most_room = NOWHERE, 0 if self.needs_table[meeting] else NOWHERE
        for slot in bits(common):
            if self.room[slot] > most_room:
                best, most_room = slot, self.room[slot]
        if best != NOWHERE:
            self.put(meeting, best)
            return True
        return by_chains and self._place_by_a_chain(meeting)

    def _place_by_a_chain(self, meeting: int) -> bool:
        tried = 0
        may = self.may[meeting] & self._in_order(meeting)
        for mover, other in (self.ends[meeting], self.ends[meeting][::-1]):
            for slot in bits(self.vacant[other] & may):
                for to in bits(self.vacant[mover]):
                    tried += 1
                    if tried > MOST_CHAINS:
                        return False
                    chain = self.chain(mover, slot, to, other)
                    if chain is not None and self.has_room(chain, meeting, slot, to):
                        self.swap(chain, slot, to)
                        self.put(meeting, slot)
                        return True
        return False

    def chain(self, start: int, slot: int, to: int, end: int) -> list[int] | None:
        """The meetings that change between two slots so that `start` is free in `slot`, and `end` is not touched."""
        chain: list[int] = []
        delegate = start
        while (meeting := self.at[delegate][slot]) != NOWHERE:
            if not self.may[meeting] >> to & 1 or meeting in self.stays or len(chain) >= LONGEST_CHAIN:
                return None
            chain.append(meeting)
            first, second = self.ends[meeting]
            delegate = second if delegate == first else first
            if delegate == end:
                return None
            slot, to = to, slot
        return chain

    def has_room(self, chain: list[int], meeting: int, slot: int, to: int) -> bool:
        more = sum(self.needs_table[each] for each in chain[1::2]) - sum(self.needs_table[each] for each in chain[::2])
        return self.room[slot] >= more + self.needs_table[meeting] and self.room[to] >= -more

    def swap(self, chain: list[int], slot: int, to: int) -> None:
        """Each meeting of the chain goes from the one of two slots to the other."""
        goal = [slot + to - self.slot[each] for each in chain]
        for each in chain:
            self.take(each)
        for each, where in zip(chain, goal, strict=True):
            self.put(each, where)

    def is_in_order(self, meeting: int, slot: int) -> bool:
        return bool(self._in_order(meeting) >> slot & 1)

    def _in_order(self, meeting: int) -> int:
        """Bits of the slots after every meeting that comes before it, and before every one that comes after it."""
        if meeting not in self.stays:
            return -1
        low, high = 0, len(self.room)
        for each in self.rules.earlier.get(meeting, ()):
            low = max(low, self.slot[each] + 1)
        for each in self.rules.later.get(meeting, ()):
            if self.slot[each] != NOWHERE:
                high = min(high, self.slot[each])
        return ((1 << high) - 1) & ~((1 << low) - 1) if low < high else 0


def bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, from the lowest."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _masks(table: NDArray[np.bool_]) -> list[int]:
    """Each row as the bits of one number."""
    packed = np.packbits(table, axis=1, bitorder="little")
    return [int.from_bytes(row, "little") for row in packed.tolist()] if packed.size else [0] * len(table)
