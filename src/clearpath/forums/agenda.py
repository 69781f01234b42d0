"""Gives each accepted meeting a time and a table: the first slot in which both are free. Pure.

Plain and fair to nobody in particular: whoever accepted first is served first. A plan for mutual value comes later.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Placed:
    """Where and when one meeting takes place; both None when there is no room for it."""

    begins_at: datetime | None = None
    table: int | None = None  # from 1


def slots(begins_at: datetime, ends_at: datetime, minutes: int) -> list[datetime]:
    """The beginnings of all slots that end in time."""
    length = timedelta(minutes=minutes)
    count = (ends_at - begins_at) // length
    return [begins_at + number * length for number in range(count)]


def first_free(
    meetings: Iterable[tuple[Hashable, Hashable]], times: Sequence[datetime], *, tables: int
) -> list[Placed]:
    """For each pair of delegates, in order: the first slot in which both and a table are free."""
    busy: dict[datetime, set[Hashable]] = {time: set() for time in times}
    taken = dict.fromkeys(times, 0)
    placed = []
    for pair in meetings:
        time = next((each for each in times if taken[each] < tables and not busy[each] & set(pair)), None)
        if time is None:
            placed.append(Placed())
            continue
        busy[time] |= set(pair)
        taken[time] += 1
        placed.append(Placed(time, taken[time]))
    return placed
