"""Reads a file of paths: `path,total,converted,value`. A bad row is named and left out; every good one is kept."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
from django.utils.translation import gettext as _

from clearpath.marketing.attribution.blocks import Columns, columns_of
from clearpath.marketing.attribution.lines import COLUMNS, LineError, Problem, row_of
from clearpath.marketing.attribution.names import Names
from clearpath.marketing.attribution.paths import MOST, Paths

__all__ = ["FileRefusedError", "Problem", "Reading", "read"]

BLOCK = 2**20  # bytes
MOST_CHANNELS = 2_000
MOST_PROBLEMS = 1_000  # are told one by one; the others are counted
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class FileRefusedError(Exception):
    """Nothing of the file can be used; says why, and what to do."""


@dataclass
class Reading:
    """What a file says, and what is wrong with the rows that were left out."""

    paths: Paths
    rows: int  # that are not empty
    refused: int
    problems: list[Problem]


@dataclass
class _Read:
    names: Names = field(default_factory=Names)
    columns: list[Columns] = field(default_factory=list)
    rows: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)


def read(file: Path, tell: Callable[[int], object] | None = None) -> Reading:
    """Reads the file; tells how many rows it has read from time to time.

    Raises OSError, and FileRefusedError when the first line is not the header or the numbers are beyond all bounds.
    """
    found = _Read()
    with file.open("rb") as opened:
        _check_header(opened.readline(BLOCK))
        line = 2
        for block in _blocks(opened):
            columns = columns_of(block, found.names)
            if columns is None:
                _read_lines(block, line, found)
            else:
                found.columns.append(columns)
                found.rows += len(columns.lengths)
            line += block.count(b"\n")
            if len(found.names.numbers) > MOST_CHANNELS:
                says = _("There are more than %(most)d channels. Join those that belong together, then try again.")
                raise FileRefusedError(says % {"most": MOST_CHANNELS})
            if tell:
                tell(found.rows)
    return Reading(_paths(found), found.rows, found.refused, found.problems)


def _check_header(line: bytes) -> None:
    text = line.removeprefix(BYTE_ORDER_MARK).decode(errors="replace").strip()
    if tuple(cell.strip().strip('"').lower() for cell in text.split(",")) != COLUMNS:
        says = _("The first line must be path,total,converted,value. It is: %(line)s")
        shown = "".join(sign if sign.isprintable() else "�" for sign in text[:80])
        raise FileRefusedError(says % {"line": shown or _("empty")})


def _blocks(opened: BinaryIO) -> Iterator[bytes]:
    """The rest of the file in pieces of whole lines."""
    while block := opened.read(BLOCK):
        block += opened.readline()
        if b"\r" in block:
            block = block.replace(b"\r\n", b"\n")
        yield block if block.endswith(b"\n") else block + b"\n"


def _read_lines(block: bytes, line: int, found: _Read) -> None:
    rows = []
    for number, each in enumerate(block.split(b"\n")[:-1], start=line):
        try:
            row = row_of(each)
        except LineError as wrong:
            found.rows += 1
            found.refused += 1
            if len(found.problems) < MOST_PROBLEMS:
                found.problems.append(Problem(number, wrong.column, wrong.says))
            continue
        if row is not None:
            rows.append(row)
    found.rows += len(rows)
    if rows:
        touches = [found.names.number(name) for path, *_numbers in rows for name in path]
        lengths = [len(path) for path, *_numbers in rows]
        numbers = np.array([numbers for _path, *numbers in rows], np.int64)
        found.columns.append(Columns(np.array(touches), np.array(lengths), *numbers.T))


def _paths(found: _Read) -> Paths:
    """All columns together, the channels in the order of the alphabet."""
    if not found.columns:
        return Paths.of([])
    names = list(found.names.numbers)
    touches, *columns = (np.concatenate(each) for each in zip(*found.columns, strict=True))
    used = sorted(names[number] for number in np.flatnonzero(np.bincount(touches)))
    places = np.zeros(len(names), np.int64)
    places[[found.names.numbers[name] for name in used]] = np.arange(len(used))
    found_paths = Paths(tuple(used), places[touches], *columns)
    _check_sums(found_paths)
    return found_paths


def _check_sums(paths: Paths) -> None:
    """Refuses what could not be added up exactly."""
    people = paths.total * paths.lengths.astype(np.float64)  # a path counts its people at every touch
    for column, numbers in (("total", people), ("value", paths.value.astype(np.float64))):
        if numbers.sum() > MOST:
            says = _("The column %(column)s adds up to more than can be counted. Correct it, then try again.")
            raise FileRefusedError(says % {"column": column})
