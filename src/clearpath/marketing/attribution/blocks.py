"""Many plain lines of a file at once. A block with a single line that is not plain is read line by line instead.

Plain is a line of names, three commas and three numbers, without quotation marks or the byte zero. What is plain is
right in `lines`, and says the same there.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from clearpath.marketing.attribution.lines import DIGITS
from clearpath.marketing.attribution.names import Names, NotPlainError
from clearpath.marketing.attribution.paths import Whole

LINE_END, QUOTE, COMMA, ARROW = b'\n",>'
Bytes = NDArray[np.uint8]


class Columns(NamedTuple):
    """Touches are numbers of names."""

    touches: Whole
    lengths: Whole
    total: Whole
    converted: Whole
    value: Whole


def columns_of(block: bytes, names: Names) -> Columns | None:
    """What the lines of a block say, each ended by a line end; None when one of them is not plain."""
    try:
        return _columns(block, names)
    except NotPlainError:
        return None


def _columns(block: bytes, names: Names) -> Columns:
    if not block or b'"' in block or b"\0" in block:
        raise NotPlainError
    signs = np.frombuffer(block, np.uint8)
    marks = np.flatnonzero((signs == ARROW) | (signs == COMMA) | (signs == LINE_END))
    kinds = signs[marks]
    commas = kinds == COMMA
    ends_path = commas & ~np.append(False, commas[:-1])
    at = np.flatnonzero(ends_path)
    _check_cells(kinds, at)
    cells = [marks[at + place] for place in range(4)]
    total, converted, value = (_numbers(signs, start + 1, end) for start, end in pairwise(cells))
    if np.any(converted > total) or np.any((converted == 0) & (value > 0)):
        raise NotPlainError
    named = np.flatnonzero(ends_path | (kinds == ARROW))
    touches = names.numbers_of(block, np.append(0, marks[:-1] + 1)[named], marks[named])
    lengths = np.diff(at - 3 * np.arange(len(at)), prepend=-1)  # two commas and a line end stand between paths
    return Columns(touches, lengths, total, converted, value)


def _check_cells(kinds: Bytes, at: Whole) -> None:
    """After every path come two commas and the end of the line, and nothing else."""
    if len(at) == 0 or at[-1] + 3 != len(kinds) - 1 or np.count_nonzero(kinds != ARROW) != 4 * len(at):
        raise NotPlainError
    for place, kind in ((1, COMMA), (2, COMMA), (3, LINE_END)):
        if np.any(kinds[at + place] != kind):
            raise NotPlainError


def _numbers(signs: Bytes, starts: Whole, ends: Whole) -> Whole:
    """The whole numbers between two places. Raises NotPlainError when something else stands in one."""
    lengths = ends - starts
    if lengths.min() < 1 or lengths.max() > DIGITS:
        raise NotPlainError
    found = np.zeros(len(starts), np.int64)
    for place in range(int(lengths.max())):
        here = lengths > place
        digits = signs[np.where(here, ends - 1 - place, 0)] - np.uint8(ord("0"))
        if np.any(digits[here] > 9):
            raise NotPlainError
        found += np.where(here, digits, 0) * np.int64(10**place)
    return found
