"""Tables out of files: CSV as products and spreadsheets write it, and Excel. A damaged line takes no others with it."""

import csv
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from django.utils.translation import gettext_lazy as _
from openpyxl.utils.exceptions import InvalidFileException

from clearpath.core.faults import Fault, UnreadableSheet

LARGEST = 64 * 1024 * 1024  # bytes of a file
LARGEST_UNPACKED = 256 * 1024 * 1024  # bytes of what an Excel file unpacks to
MOST_LINES, MOST_COLUMNS = 50_000, 200
LONGEST_LINE = 100_000  # characters; csv itself stops at 131,072 in one field
MOST_LINES_OF_A_CELL = 100
DELIMITERS = "\t,;|"
_SEPARATOR_LINE = re.compile(r"sep=(.)", re.IGNORECASE)  # what Excel writes for itself on top
_ENDS = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: its cells by the heading of their column, or what made it unreadable."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its headings and its lines, empty ones left out."""

    headings: tuple[str, ...]
    lines: list[Line]


def read_sheet(content: bytes) -> Sheet:
    """What a file holds, whatever it is called. Raises UnreadableSheet when it is no table at all."""
    if len(content) > LARGEST:
        raise UnreadableSheet(_("The file is larger than 64 MB. Cut it into several."))
    if content.startswith(b"PK"):
        return _from_excel(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableSheet(_("This is an old Excel file. Save it as .xlsx or as CSV, and send it again."))
    return _from_text(_decoded(content))


def _decoded(content: bytes) -> str:
    """UTF-16 where the file says so, as Meta writes it, else UTF-8. What is neither becomes U+FFFD, and is told."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    return content.decode("utf-8-sig", errors="replace")


def _from_text(text: str) -> Sheet:
    lines = _ENDS.split(text)
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise UnreadableSheet(_("The file is empty."))
    told = _SEPARATOR_LINE.fullmatch(lines[first].strip())
    if told and first + 1 < len(lines):
        first += 1
    delimiter = told[1] if told else max(DELIMITERS, key=lines[first].count)
    headings = _parsed(lines[first], delimiter)
    if headings is None:
        raise UnreadableSheet(_("The first line, with the names of the columns, cannot be read."))
    names = _named(headings)
    return Sheet(names, list(_text_lines(lines, first + 1, names, delimiter)))


def _text_lines(lines: list[str], start: int, names: tuple[str, ...], delimiter: str) -> Iterator[Line]:
    number, made = start, 0
    while number < len(lines):
        if not lines[number].strip(delimiter + " "):
            number += 1
            continue
        made += 1
        if made > MOST_LINES:
            raise UnreadableSheet(_("The file has more than 50,000 lines. Cut it into several."))
        height = _height(lines, number, len(names), delimiter)
        yield _text_line("\n".join(lines[number : number + height]), number + 1, names, delimiter)
        number += height


def _height(lines: list[str], number: int, width: int, delimiter: str) -> int:
    """Over how many lines the cells of this one go.

    Only what comes out whole, with every column, is taken as one, and no line that is whole by itself is taken into
    another: a quote that never ends must not swallow the people below it.
    """
    if lines[number].count('"') % 2 == 0:
        return 1
    quotes, size = lines[number].count('"'), len(lines[number])
    for height in range(2, MOST_LINES_OF_A_CELL + 1):
        if number + height > len(lines):
            break
        added = lines[number + height - 1]
        quotes, size = quotes + added.count('"'), size + len(added) + 1
        if size > LONGEST_LINE or _is_whole(added, width, delimiter):
            break
        if quotes % 2 == 0:
            parsed = _parsed("\n".join(lines[number : number + height]), delimiter)
            if parsed is not None and len(parsed) == width:
                return height
    return 1


def _is_whole(line: str, width: int, delimiter: str) -> bool:
    if line.count(delimiter) < width - 1 or line.count('"') % 2:
        return False
    return len(_parsed(line, delimiter) or ()) == width


def _text_line(text: str, number: int, names: tuple[str, ...], delimiter: str) -> Line:
    if len(text) > LONGEST_LINE:
        return _damaged(number, "line_too_long", _("The line is longer than 100,000 characters. Shorten it."))
    cells = _parsed(text, delimiter)
    if cells is None:
        return _damaged(
            number, "line_damaged", _("A quotation mark is not closed. Correct the line, or write it anew.")
        )
    if any(cells[len(names) :]):
        return _damaged(number, "too_many_columns", _("The line has more cells than the first line has names."))
    return Line(number, dict(zip(names, [*cells, *[""] * len(names)], strict=False)))


def _parsed(text: str, delimiter: str) -> list[str] | None:
    """None when it is no line of CSV."""
    try:
        found = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None


def _damaged(number: int, code: str, says: Any) -> Line:
    return Line(number, fault=Fault(number, "", code, says))


def _named(headings: list[str]) -> tuple[str, ...]:
    """The headings, each once: of two of the same name the first one counts."""
    if len(headings) > MOST_COLUMNS:
        raise UnreadableSheet(_("The file has more than 200 columns. Take out those that you do not need."))
    names: list[str] = []
    for place, heading in enumerate(headings, start=1):
        name = heading.strip()
        names.append(name if name and name not in names else f"{name} {place}".strip())
    return tuple(names)


def _from_excel(content: bytes) -> Sheet:
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > LARGEST_UNPACKED:
                raise UnreadableSheet(_("The file unpacks to too much. Save it as CSV, and send that."))
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        page: Any = book.worksheets[0]
        page.reset_dimensions()
        rows = page.iter_rows(max_row=MOST_LINES + 2, max_col=MOST_COLUMNS + 1, values_only=True)
        return _from_rows([list(row) for row in rows])
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, IndexError, EOFError, OSError,
            ParseError, SyntaxError, AttributeError, NotImplementedError, RuntimeError) as error:  # fmt: skip
        # What a broken workbook makes openpyxl raise is not told by it: these were seen, or are what zip and XML raise.
        raise UnreadableSheet(_("This Excel file cannot be read. Save it anew, or as CSV, and send that.")) from error


def _from_rows(rows: list[list[Any]]) -> Sheet:
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(cell not in (None, "") for cell in row)]
    if not filled:
        raise UnreadableSheet(_("The file is empty."))
    if len(filled) > MOST_LINES + 1:
        raise UnreadableSheet(_("The file has more than 50,000 lines. Cut it into several."))
    headings = [_text_of(cell) for cell in filled[0][1]]
    while headings and not headings[-1]:
        headings.pop()
    names = _named(headings)
    return Sheet(names, [_excel_line(number, row, names) for number, row in filled[1:]])


def _excel_line(number: int, row: list[Any], names: tuple[str, ...]) -> Line:
    texts = [_text_of(cell) for cell in row]
    if any(texts[len(names) :]):
        return _damaged(number, "too_many_columns", _("The line has more cells than the first line has names."))
    return Line(number, dict(zip(names, [*texts, *[""] * len(names)], strict=False)))


def _text_of(cell: Any) -> str:
    """A cell as it is read: whole numbers without a point, moments as ISO 8601."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)
