"""What a planner finds, and how sure it is."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from clearpath.forums.planning.sentences import Sentence

if TYPE_CHECKING:
    from clearpath.forums.planning.prices import Prices

Tell = Callable[[Sentence], object]  # one line of progress, for people


class Status(StrEnum):
    """How far the search came."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"  # a valid plan that may not be the best
    IMPOSSIBLE = "impossible"
    UNKNOWN = "unknown"  # no plan found in time, and no proof that there is none


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """When and where each meeting of a problem takes place."""

    slot: NDArray[np.int32]  # [meeting] or NOWHERE
    hall: NDArray[np.int32]  # [meeting] or NOWHERE
    table: NDArray[np.int32]  # [meeting] from 0 in its hall, or NOWHERE


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The best plan found, what it reaches, and the bound that no plan passes.

    `score` and `bound` are the total value (the bound is at least the score) or the breaks (at most).
    """

    status: Status
    plan: Plan | None
    score: int | None
    bound: int | None
    conflict: tuple[Sentence, ...] = ()  # where impossible: the smallest set of wishes that exclude each other
    prices: "Prices | None" = None  # that prove a bound of value
    says: tuple[Sentence, ...] = ()  # what people should know, such as who cannot reach their least number and why

    @property
    def is_proved(self) -> bool:
        return self.status in {Status.OPTIMAL, Status.IMPOSSIBLE}
