"""Gives every channel a number, for whole arrays of names at once."""

import secrets
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from clearpath.marketing.attribution.paths import Whole

Words = NDArray[np.uint64]
LONGEST = 200  # characters of a name
KEPT = np.array([(1 << 8 * length) - 1 for length in range(9)], np.uint64)  # the first bytes of a word
# Names of up to eight bytes are their own mark. Longer ones are mixed with a number that is drawn anew each time, so
# that nobody can write two names with the same mark.
KEYS = np.array([secrets.randbits(64) | 1, secrets.randbits(64) | 1], np.uint64)


class NotPlainError(Exception):
    """Some of it must be looked at line by line."""


class Names:
    """The channels seen so far, each by the number at which it first came."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self._marks: Words = np.zeros(1, np.uint64)  # in order; the first is no name's
        self._numbers: Whole = np.zeros(1, np.int64)

    def number(self, name: str) -> int:
        return self.numbers.setdefault(name, len(self.numbers))

    def numbers_of(self, text: bytes, starts: Whole, ends: Whole) -> Whole:
        """The number of each name in the text. Raises NotPlainError when one of them is no name."""
        if np.any(ends <= starts):
            raise NotPlainError
        marks = marks_of(text, starts, ends - starts)
        places = self._places(marks)
        new = np.flatnonzero(self._marks[places] != marks)
        if len(new):
            _, first = np.unique(marks[new], return_index=True)
            self._learn(text, ((int(marks[at]), starts[at], ends[at]) for at in new[first]))
            places = self._places(marks)
        return self._numbers[places]

    def _places(self, marks: Words) -> NDArray[np.intp]:
        return np.minimum(np.searchsorted(self._marks, marks), len(self._marks) - 1)

    def _learn(self, text: bytes, new: Iterable[tuple[int, int, int]]) -> None:
        known = dict(zip(self._marks.tolist(), self._numbers.tolist(), strict=True))
        for mark, start, end in new:
            known[mark] = self.number(name_in(text[start:end]))
        self._marks = np.array(sorted(known), np.uint64)
        self._numbers = np.array([known[mark] for mark in sorted(known)], np.int64)


def name_in(cell: bytes) -> str:
    """The name without blanks around it. Raises NotPlainError when it is none."""
    try:
        name = cell.decode().strip()
    except UnicodeDecodeError:
        raise NotPlainError from None
    if not is_name(name):
        raise NotPlainError
    return name


def is_name(name: str) -> bool:
    return 0 < len(name) <= LONGEST and name.isprintable()


def marks_of(text: bytes, starts: Whole, lengths: Whole) -> Words:
    """One number for each piece of the text, the same exactly where the pieces are. No piece has the byte zero."""
    padded = text + bytes(8)
    words = np.ndarray((len(text) + 1,), "<u8", padded, strides=(1,))  # the eight bytes from each place on
    marks: Words = words[starts] & KEPT[np.minimum(lengths, 8)]
    longer, at = np.flatnonzero(lengths > 8), 8
    while len(longer):
        marks[longer] = _mixed(marks[longer]) ^ words[starts[longer] + at] & KEPT[np.minimum(lengths[longer] - at, 8)]
        at += 8
        longer = longer[lengths[longer] > at]
    return marks


def _mixed(marks: Words) -> Words:
    marks = marks * KEYS[0]
    marks = (marks ^ marks >> np.uint64(32)) * KEYS[1]
    return marks ^ marks >> np.uint64(29)
