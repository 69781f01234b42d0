"""The floor: where each table stands in the picture. Pure.

Nobody draws a plan for a forum of thirty tables; rows as near to the shape of a room as they go are found at a glance.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, sqrt

WIDTH, HEIGHT, GAP = 112, 72, 16  # of a table, and between tables, in units of the picture
BROADER = 1.4  # rooms are broader than long


@dataclass(frozen=True, slots=True)
class Spot:
    """One table in the picture: its corner, what is written on it, and whether it is the reader's own."""

    table: int
    x: int
    y: int
    lines: tuple[str, ...] = ()
    is_mine: bool = False

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2


@dataclass(frozen=True, slots=True)
class Floor:
    """A picture of so many units, with its tables."""

    width: int
    height: int
    spots: tuple[Spot, ...]


def floor_of(tables: int, *, says: Mapping[int, tuple[str, ...]], mine: frozenset[int] = frozenset()) -> Floor:
    """Tables 1 to `tables` in rows; `says`: what is written beneath the number of a table."""
    across = min(tables, ceil(sqrt(tables * BROADER)))
    spots = tuple(
        Spot(
            number + 1,
            GAP + number % across * (WIDTH + GAP),
            GAP + number // across * (HEIGHT + GAP),
            says.get(number + 1, ()),
            number + 1 in mine,
        )
        for number in range(tables)
    )
    return Floor(GAP + across * (WIDTH + GAP), GAP + ceil(tables / across) * (HEIGHT + GAP), spots)
