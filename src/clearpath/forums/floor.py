"""The floor: where each table stands in the picture. Pure.

Nobody draws a plan for a forum of thirty tables; rows as near to the shape of a room as they go are found at a glance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from uuid import UUID

WIDTH, HEIGHT, GAP, TITLE = 112, 72, 16, 32  # of a table, between tables, of a hall's name: units of the picture
BROADER = 1.4  # rooms are broader than long

Where = tuple[UUID | None, int]  # the key of a hall, and the number of a table in it


@dataclass(frozen=True, slots=True)
class Room:
    """A hall with tables 1 to `tables`; one alone needs no name."""

    key: UUID
    name: str
    tables: int


@dataclass(frozen=True, slots=True)
class Spot:
    """One table in the picture: its corner, what is written on it, and whether it is the reader's own."""

    table: int
    x: int
    y: int
    lines: tuple[str, ...] = ()
    is_mine: bool = False
    owner: str = ""  # whose own table it is; empty: nobody's

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2


@dataclass(frozen=True, slots=True)
class Floor:
    """A picture of so many units, with the names of its halls (and how far down they stand) and its tables."""

    width: int
    height: int
    titles: tuple[tuple[int, str], ...]
    spots: tuple[Spot, ...]


def floor_of(
    rooms: Sequence[Room], *, says: Mapping[Where, tuple[str, ...]], mine: frozenset[Where] = frozenset(),
    owners: Mapping[tuple[UUID, int], str] | None = None,
) -> Floor:  # fmt: skip
    """Hall beneath hall, tables in rows; `says`: what is written beneath the number of a table; `owners`: beside it."""
    across = max((min(room.tables, ceil(sqrt(room.tables * BROADER))) for room in rooms), default=1)
    down, titles, spots = GAP, [], []
    for room in rooms:
        if room.name:
            titles.append((down + TITLE // 2, room.name))
            down += TITLE
        for place in range(room.tables):
            where = (room.key, place + 1)
            x, y = GAP + place % across * (WIDTH + GAP), down + place // across * (HEIGHT + GAP)
            whose = (owners or {}).get(where, "")
            spots.append(Spot(place + 1, x, y, says.get(where, ()), where in mine, whose))
        down += ceil(room.tables / across) * (HEIGHT + GAP)
    return Floor(GAP + across * (WIDTH + GAP), down, tuple(titles), tuple(spots))
