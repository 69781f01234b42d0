"""Opens a file of entries: an Excel workbook with a sheet per kind, or one CSV of one kind. Formulas stay unread.

What comes out are rows of raw cells, each with its number as the file counts them, so that people find them again.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from zipfile import BadZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from clearpath.offers.directory.cells import folded, is_empty
from clearpath.offers.directory.kinds import KINDS, Kind, headings, titles

MOST_BYTES = 60_000_000  # of the file
MOST_BYTES_OPEN = 1_500_000_000  # of a workbook once unpacked: 100,000 services take about 150 MB
MOST_ROWS = 250_000
ZIP = b"PK\x03\x04"
DELIMITERS = ",;\t"

Cells = dict[str, Any]


class Unreadable(ValueError):  # noqa: N818 - a fact about a file, as Refused is about a step
    """Why a file as a whole cannot be read, and what to do, as a sentence for people."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind's rows: each with its number in the file and what stands in its cells, by column key."""

    kind: Kind
    rows: Iterable[tuple[int, Cells]]
    columns: tuple[str, ...]  # keys of those that the file has
    unknown: tuple[str, ...]  # headings that mean nothing to us
    expected: int = 0  # about how many rows; 0: not known


def sheets_in(content: bytes) -> Iterator[Sheet]:
    """The sheets of a file. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(_("This file is larger than %(most)d MB. Split it into two.") % {"most": MOST_BYTES // 10**6})
    if content.startswith(ZIP):
        yield from _workbook(content)
    else:
        yield _csv(content)


def sheet_of(kind: str, rows: Sequence[Cells]) -> Sheet:
    """A sheet that was never a file: rows of cells by column key."""
    there = {name for row in rows for name in row}
    columns = tuple(column.key for column in KINDS[kind].columns if column.key in there)
    whole = [{name: row.get(name) for name in columns} for row in rows]
    return Sheet(KINDS[kind], list(enumerate(whole, start=1)), columns, (), len(rows))


def _workbook(content: bytes) -> Iterator[Sheet]:
    _why_not_unpack(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, OSError) as error:
        raise Unreadable(_("This is not an Excel workbook that can be read. Save it again as .xlsx.")) from error
    found = False
    for page in book.worksheets:
        expected = page.max_row or 0
        page.reset_dimensions()  # what a workbook says of its own size is not always so: it only says how far we are
        rows = enumerate(page.iter_rows(values_only=True), start=1)
        sheet = _sheet(rows, str(page.title), expected=expected)
        if sheet is not None:
            found = True
            yield sheet
    if not found:
        raise Unreadable(_("There is nothing in this workbook."))


def _why_not_unpack(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(each.file_size for each in archive.infolist())
    except (BadZipFile, ValueError) as error:
        raise Unreadable(_("This is not an Excel workbook that can be read. Save it again as .xlsx.")) from error
    if size > MOST_BYTES_OPEN:
        raise Unreadable(_("This workbook is too large once unpacked. Split it into two."))


def _csv(content: bytes) -> Sheet:
    try:
        written = content.decode("utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(
            _("The letters of this file cannot be read. In Excel choose: Save as, CSV UTF-8; or save it as .xlsx.")
        ) from error
    if "\x00" in written:
        raise Unreadable(_("This is neither an Excel workbook (.xlsx) nor a CSV file."))
    first = written.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter)
    sheet = _sheet(_numbered(reader), "", expected=written.count("\n"))
    if sheet is None:
        raise Unreadable(_("There is nothing in this file."))
    return sheet


def _numbered(reader: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    """Rows by number as a spreadsheet counts them, in which a cell of two lines is one row."""
    try:
        yield from enumerate(reader, start=1)
    except csv.Error as error:
        raise Unreadable(
            _("Row %(number)d of this file is broken: is there a quotation mark too many?")
            % {"number": reader.line_num}
        ) from error


def _sheet(rows: Iterator[tuple[int, Sequence[Any]]], title: str, *, expected: int) -> Sheet | None:
    """None for a sheet without anything in it."""
    head: Sequence[Any] = ()
    for _number, head in rows:
        if not all(map(is_empty, head)):
            break
    else:
        return None
    written = [folded(str(each).rstrip("* ")) if not is_empty(each) else "" for each in head]
    kind = _kind_of(written, title)
    known = headings()[kind.key]
    places = [known.get(each, "") for each in written]
    twice = next((each for each in places if each and places.count(each) > 1), "")
    if twice:
        raise Unreadable(
            _("Two columns mean the same: %(column)s. Remove one of them.") % {"column": kind.by_key[twice].heading}
        )
    unknown = tuple(str(each) for each, place in zip(head, places, strict=True) if not place and not is_empty(each))
    return Sheet(kind, _rows(rows, places), tuple(filter(None, places)), unknown, max(expected - 1, 0))


def _kind_of(written: list[str], title: str) -> Kind:
    """By the name of the sheet, else by the kind all of whose columns that must be there are there."""
    named = titles().get(folded(title)) if title else None
    fitting = [KINDS[named]] if named else sorted(KINDS.values(), key=lambda kind: -_matches(kind, written))
    for kind in fitting:
        if not _lacks(kind, written):
            return kind
    nearest = fitting[0]
    raise Unreadable(
        _("%(sheet)s: these columns are missing for %(kind)s: %(columns)s. The first row holds the headings.")
        % {
            "sheet": title or _("This file"),
            "kind": nearest.title,
            "columns": ", ".join(_lacks(nearest, written)),
        }
    )


def _matches(kind: Kind, written: list[str]) -> int:
    known = headings()[kind.key]
    return len({known[each] for each in written if each in known}) - len(_lacks(kind, written))


def _lacks(kind: Kind, written: list[str]) -> list[str]:
    known = headings()[kind.key]
    there = {known[each] for each in written if each in known}
    return [str(column.heading) for column in kind.columns if column.required and column.key not in there]


def _rows(rows: Iterator[tuple[int, Sequence[Any]]], places: list[str]) -> Iterator[tuple[int, Cells]]:
    at = [(place, index) for index, place in enumerate(places) if place]
    for count, (number, row) in enumerate(chain(rows)):
        if count >= MOST_ROWS:
            raise Unreadable(_("There are more than %(most)d rows. Split the file into two.") % {"most": MOST_ROWS})
        cells = {place: row[index] if index < len(row) else None for place, index in at}
        if not all(map(is_empty, cells.values())):
            yield number, cells
