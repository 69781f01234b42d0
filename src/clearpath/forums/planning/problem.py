"""A forum as a problem: who could meet whom, when, where, and what it is worth."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

NOWHERE = -1  # no slot, no table, no hall, any session


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of time in which everybody has at most one meeting."""

    id: str
    session: int  # slots of one session have the same number
    begins_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hall:
    """Tables that stand together; an online hall has as many as are needed."""

    id: str
    tables: int
    minutes_to: tuple[int, ...] = ()  # to each hall, this one among them; empty: no way takes time


@dataclass(frozen=True, slots=True)
class Quota:
    """How many of their meetings each delegate of a trade has with another trade."""

    trade: str
    others: str
    least: int
    most: int


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Columns, one row a delegate or one row a meeting that may take place; everything is numbered from 0.

    Values are whole numbers above zero; a meeting that nobody wishes is not in the problem.
    """

    slots: tuple[Slot, ...]  # in order of time
    halls: tuple[Hall, ...]
    delegates: tuple[str, ...]  # what each is called in the file
    trades: tuple[str, ...]  # of each delegate, "" where unknown
    free: NDArray[np.bool_]  # [delegate, slot]
    least: NDArray[np.int32]  # [delegate] meetings that they should have
    most: NDArray[np.int32]  # [delegate] meetings that they may have
    booth: NDArray[np.int32]  # [delegate] the hall of their own table, or NOWHERE
    first: NDArray[np.int32]  # [meeting] the delegate with the smaller number
    second: NDArray[np.int32]  # [meeting]
    value: NDArray[np.int64]  # [meeting] to both together
    session: NDArray[np.int32]  # [meeting] in which alone it may be, or NOWHERE
    fixed: NDArray[np.int32]  # [meeting] its slot, or NOWHERE
    must: NDArray[np.bool_]  # [meeting] takes place in every plan
    before: tuple[tuple[int, int], ...] = ()  # (meeting, a meeting that comes later), where both take place
    quotas: tuple[Quota, ...] = ()

    def pair(self, meeting: int) -> dict[str, str]:
        """What the two of a meeting are called, as parts of a sentence."""
        return {
            "first": self.delegates[int(self.first[meeting])],
            "second": self.delegates[int(self.second[meeting])],
        }

    def numbers(self) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
        """The numbers of delegates, slots and halls by what they are called."""
        slots, halls = [each.id for each in self.slots], [each.id for each in self.halls]
        delegates, slot_numbers, hall_numbers = (
            {each: number for number, each in enumerate(names)} for names in (self.delegates, slots, halls)
        )
        return delegates, slot_numbers, hall_numbers

    @property
    def tables(self) -> int:
        """How many meetings fit into one slot."""
        return sum(hall.tables for hall in self.halls)
