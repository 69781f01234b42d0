"""Keys that sort by the time they were made."""

import secrets
import time
from uuid import UUID


def new_id() -> UUID:
    """A version 7 UUID: 48 bits of Unix milliseconds, then 74 random bits.

    Source: RFC 9562, section 5.7. Rows made one after another lie side by side in an index.
    """
    return new_ids(1)[0]


def new_ids(count: int) -> list[UUID]:
    """So many at once, for rows that are kept together: each sorts after the one before."""
    milliseconds = time.time_ns() // 1_000_000
    drawn = secrets.token_bytes(10 * count)
    randoms = sorted(int.from_bytes(drawn[start : start + 10], "big") >> 6 for start in range(0, len(drawn), 10))
    first = milliseconds << 80 | 7 << 76 | 2 << 62
    return [UUID(int=first | (each >> 62) << 64 | each & (1 << 62) - 1) for each in randoms]
