"""Numbers about people, withheld where they would speak of too few."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def withheld(counts: Mapping[K, int], *, smallest_group: int) -> dict[K, int | None]:
    """Counts per group that together make up one known total, with small ones left out (None).

    A count from 1 to `smallest_group` - 1 is withheld; a zero is not about anybody and stays. What is withheld
    must not follow from the total by subtraction: as long as the withheld groups together are about fewer than
    `smallest_group` people, or only one is withheld, the next smallest is withheld too. Where nothing is left
    to withhold, every group is.
    Source: primary and complementary cell suppression (Willenborg and de Waal, Elements of Statistical
    Disclosure Control, 2001, chapter 4).
    """
    small = [group for group, count in counts.items() if 0 < count < smallest_group]
    if not small:
        return dict(counts)
    larger = sorted((group for group, count in counts.items() if count >= smallest_group), key=lambda g: counts[g])
    hidden = list(small)
    while larger and (len(hidden) < 2 or sum(counts[group] for group in hidden) < smallest_group):
        hidden.append(larger.pop(0))
    if len(hidden) < 2 or sum(counts[group] for group in hidden) < smallest_group:
        return dict.fromkeys(counts)
    return {group: None if group in set(hidden) else count for group, count in counts.items()}


def total_or_none(counts: Mapping[K, int], *, smallest_group: int) -> int | None:
    """The total of the groups, or None when it is about too few."""
    total = sum(counts.values())
    return total if total == 0 or total >= smallest_group else None
