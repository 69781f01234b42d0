"""Models that look at places alone: how much of what a path brought goes to each of its touches.

A rule is data: for a path of so many touches, one whole number for each touch, the last touch first. So all rules
share one table of sums, and what they give is exact.
"""

from collections.abc import Callable, Sequence
from math import lcm

from clearpath.marketing.attribution.paths import Paths

Rule = Callable[[int], Sequence[int]]
SCALE = 60  # a touch weighs 2**60 and halves; past 60 half-lives nothing is left


def first(length: int) -> Sequence[int]:
    return [0] * (length - 1) + [1]


def last(length: int) -> Sequence[int]:
    return [1] + [0] * (length - 1)


def linear(length: int) -> Sequence[int]:
    return [1] * length


def position(length: int) -> Sequence[int]:
    """40 % to the first, 40 % to the last, 20 % to all between; two touches share equally."""
    if length <= 2:
        return [1] * length
    end = 2 * (length - 2)
    return [end, *[1] * (length - 2), end]


def time_decay(half_life: float) -> Rule:
    """A touch weighs half as much as one that is `half_life` touches nearer to the end."""

    def rule(length: int) -> Sequence[int]:
        return [round(2.0 ** (SCALE - place / half_life)) for place in range(length)]

    return rule


def weights(paths: Paths, rule: Rule) -> list[int]:
    """How much each channel is due, in a common unit that only the ratios need."""
    columns = [column.tolist() for column in paths.table]
    shares = {length: rule(length) for length in set(columns[0])}
    unit = lcm(*map(sum, shares.values()))
    factors = {length: unit // sum(share) for length, share in shares.items()}
    found = [0] * len(paths.channels)
    for length, place, channel, amount in zip(*columns, strict=True):
        found[channel] += amount * shares[length][place] * factors[length]
    return found
