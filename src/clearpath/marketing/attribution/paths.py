"""The paths that people took, as columns: a million of them are a few arrays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Row = tuple[Sequence[str], int, int, int]  # channels in order, total, converted, value
MOST = 2**53 - 1  # up to here a sum of whole numbers is exact in floating point, in any order


@dataclass(frozen=True)
class Paths:
    """One line for each path; the same path may stand in several lines.

    `touches` holds the channels of all paths one after the other, as places in `channels`, which is in the order of
    the alphabet, so that no result depends on the order of the lines.
    """

    channels: tuple[str, ...]
    touches: Whole
    lengths: Whole
    total: Whole
    converted: Whole
    value: Whole

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Paths":
        """From rows in memory. A path has at least one touch, and of `total` people `converted` did."""
        listed = list(rows)
        channels = tuple(sorted({channel for path, *_ in listed for channel in path}))
        places = {channel: place for place, channel in enumerate(channels)}
        columns = np.array([numbers for _, *numbers in listed], np.int64).reshape(-1, 3).T
        return cls(
            channels,
            np.array([places[channel] for path, *_ in listed for channel in path], np.int64),
            np.array([len(path) for path, *_ in listed], np.int64),
            *columns,
        )

    @cached_property
    def ends(self) -> Whole:
        """Where each path is over, counted in touches."""
        return np.cumsum(self.lengths)

    @property
    def whole(self) -> int:
        return int(self.value.sum())

    @cached_property
    def table(self) -> tuple[Whole, Whole, Whole, Whole]:
        """What the paths brought, summed by their length, the touch's place from the end, and its channel."""
        lengths = np.flatnonzero(np.bincount(self.lengths))
        rooms = np.cumsum(lengths) - lengths  # where the places of each length begin
        room_of = np.zeros(int(lengths.max(initial=0)) + 1, np.int64)
        room_of[lengths] = rooms
        count = max(1, len(self.channels))
        slots = np.repeat(room_of[self.lengths] + self.ends - 1, self.lengths) - np.arange(len(self.touches))
        keys, sums = tally(slots * count + self.touches, np.repeat(self.value, self.lengths))
        slots, channels = np.divmod(keys, count)
        ranks = np.searchsorted(rooms, slots, side="right") - 1
        return lengths[ranks], slots - rooms[ranks], channels, sums

    def only(self, chosen: NDArray[np.bool_]) -> "Paths":
        """Without the paths that were not chosen; every channel stays."""
        touches = self.touches[np.repeat(chosen, self.lengths)]
        columns = (column[chosen] for column in (self.lengths, self.total, self.converted, self.value))
        return Paths(self.channels, touches, *columns)

    def at(self, path: int) -> "Paths":
        """One path alone; every channel stays."""
        one = slice(path, path + 1)
        touches = self.touches[self.ends[path] - self.lengths[path] : self.ends[path]]
        columns = (column[one] for column in (self.lengths, self.total, self.converted, self.value))
        return Paths(self.channels, touches, *columns)

    @cached_property
    def paying(self) -> "Paths":
        """Only those that brought something."""
        return self.only(self.value > 0)

    @cached_property
    def once(self) -> "Paths":
        """Each channel once in each path, in the order of the alphabet."""
        count = max(1, len(self.channels))
        keys = np.sort(np.repeat(np.arange(len(self.lengths)) * count, self.lengths) + self.touches)
        keys = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]
        path, touches = np.divmod(keys, count)
        return replace(self, touches=touches, lengths=np.bincount(path, minlength=len(self.lengths)))

    @cached_property
    def merged(self) -> "Paths":
        """Each path in one line, in an order that depends on nothing else."""
        cells: dict[bytes, list[int]] = {}
        columns = zip(self.ends - self.lengths, self.ends, self.total, self.converted, self.value, strict=True)
        for start, end, *numbers in columns:
            kept = cells.setdefault(self.touches[start:end].tobytes(), [0, 0, 0])
            kept[:] = [old + int(new) for old, new in zip(kept, numbers, strict=True)]
        keys = sorted(cells)
        touches = np.frombuffer(b"".join(keys), np.int64)
        lengths = np.array([len(key) // touches.itemsize for key in keys], np.int64)
        return Paths(
            self.channels, touches, lengths, *np.array([cells[key] for key in keys], np.int64).reshape(-1, 3).T
        )


def tally(keys: Whole, weights: Whole) -> tuple[Whole, Whole]:
    """The sums of the weights by key: the keys whose sum is not zero, in order, and their sums."""
    if not len(keys):
        return keys, weights
    if keys.max() < 4 * len(keys) + 2**16:
        sums = np.bincount(keys, weights)
        found = np.flatnonzero(sums)
        return found, sums[found].astype(np.int64)
    found, places = np.unique(keys, return_inverse=True)  # few touches spread over many keys
    return found, np.bincount(places, weights).astype(np.int64)
