"""Keys that sort by the time they were made."""

import secrets
import time
from itertools import accumulate
from threading import Lock
from uuid import UUID

_turn = Lock()
_last = 0  # 48 bits of milliseconds and 74 of chance: the greatest that this process gave out


def new_id() -> UUID:
    """A version 7 UUID: 48 bits of Unix milliseconds, then 74 random bits.

    Source: RFC 9562, section 5.7. Rows made one after another lie side by side in an index, and rows that one process
    makes within a millisecond keep their order too (section 6.2, method 2).
    """
    return new_ids(1)[0]


def new_ids(count: int) -> list[UUID]:
    """So many at once, for rows that are kept together: each sorts after the one before."""
    if count < 1:
        return []
    global _last
    drawn = secrets.token_bytes(4 * count)
    steps = [1 + int.from_bytes(drawn[start : start + 4], "big") for start in range(0, len(drawn), 4)]
    with _turn:
        first = max(time.time_ns() // 1_000_000 << 74 | secrets.randbits(74), _last + steps[0])
        made = list(accumulate(steps[1:], initial=first))
        _last = made[-1]
    return [_as_uuid(each) for each in made]


def _as_uuid(bits: int) -> UUID:
    milliseconds, chance = bits >> 74, bits & (1 << 74) - 1
    return UUID(int=milliseconds << 80 | 7 << 76 | chance >> 62 << 64 | 2 << 62 | chance & (1 << 62) - 1)
