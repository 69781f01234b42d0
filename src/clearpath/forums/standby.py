"""Who may use the time and table of a meeting that is missed: a pair that both want to meet and are both free. Pure."""

from collections.abc import Collection, Hashable, Iterable
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def stand_in(
    waiting: Iterable[tuple[K, Hashable, Hashable]],
    *,
    busy: Collection[Hashable],
    here: Collection[Hashable],
    waits: Collection[Hashable],
) -> K | None:
    """The key of the meeting that takes the place, or None.

    `waiting`: meetings that both want and that have no time, oldest wish first; `busy`: delegates who meet somebody
    then; `here`: delegates who are checked in; `waits`: those who came to the missed meeting and sit alone now. A pair
    with somebody who sits alone comes first: they have lost a meeting.
    """
    free = [(key, pair) for key, *pair in waiting if not set(pair) & set(busy) and set(pair) <= set(here)]
    return min(free, key=lambda each: not set(each[1]) & set(waits))[0] if free else None
