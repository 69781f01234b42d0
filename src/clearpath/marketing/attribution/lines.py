"""One line of a file of paths, read with care: what it says, or what is wrong with it and what to do."""

import csv
import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from clearpath.marketing.attribution.names import LONGEST, is_name
from clearpath.marketing.attribution.paths import Row

COLUMNS = ("path", "total", "converted", "value")
DIGITS = 15
NUMBER = re.compile(r"[0-9]{1,15}")
SHOWN = 40  # characters of a cell that a message repeats


class Problem(NamedTuple):
    """Why a row was left out. `row` is the line of the file; the header is line 1."""

    row: int
    column: str
    says: str


class LineError(Exception):
    def __init__(self, column: str, says: str) -> None:
        super().__init__(says)
        self.column, self.says = column, says


def row_of(line: bytes) -> Row | None:
    """What a line says; None when it is empty. Raises LineError."""
    cells = _cells(line)
    if not any(cells):
        return None
    if len(cells) != len(COLUMNS):
        raise LineError(
            "",
            _("A row has 4 cells: path, total, converted, value. This one has %(found)d. Correct it.")
            % {"found": len(cells)},
        )
    path = [_name(each) for each in cells[0].split(">")]
    total, converted, value = (_number(cell, column) for cell, column in zip(cells[1:], COLUMNS[1:], strict=True))
    if converted > total:
        raise LineError(
            "converted",
            _("%(converted)d converted, but only %(total)d took this path. Correct one of the two.")
            % {"converted": converted, "total": total},
        )
    if value and not converted:
        raise LineError("value", _("Nobody converted, but something was brought. Correct converted, or write 0."))
    return path, total, converted, value


def _cells(line: bytes) -> list[str]:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise LineError("", _("It is no UTF-8 text. Save the file as UTF-8.")) from None
    if '"' not in text:
        return [cell.strip() for cell in text.split(",")]
    try:
        [cells] = csv.reader([text], strict=True)
    except (csv.Error, ValueError):
        raise LineError("", _("A quotation mark is not closed. Close it or take it out.")) from None
    return [cell.strip() for cell in cells]


def _name(text: str) -> str:
    name = text.strip()
    if not name:
        raise LineError("path", _("A channel has no name. Write the path as search>social>email."))
    if not is_name(name):
        raise LineError(
            "path",
            _("“%(name)s” is no name of a channel. Use at most %(most)d letters, digits and signs that can be seen.")
            % {"name": _shown(name), "most": LONGEST},
        )
    return name


def _number(cell: str, column: str) -> int:
    if not cell:
        raise LineError(column, _("It is empty. Write a number, or 0."))
    if not NUMBER.fullmatch(cell):
        raise LineError(
            column,
            _("“%(cell)s” is no whole number of 0 or more, of at most %(most)d digits. Write it with digits alone.")
            % {"cell": _shown(cell), "most": DIGITS},
        )
    return int(cell)


def _shown(text: str) -> str:
    text = "".join(sign if sign.isprintable() else "�" for sign in text[: SHOWN + 1])
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
