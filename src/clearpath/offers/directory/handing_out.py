"""A provider's entries as files: an Excel workbook with a sheet per kind, or a CSV of one kind; read back the same."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from clearpath.core.money import from_minor
from clearpath.offers.directory.cells import harmless
from clearpath.offers.directory.kinds import KINDS, LINE, PACKAGE, Column, Kind, Values
from clearpath.offers.directory.standing import entries_of

WIDTH = 24  # characters
MONEY = frozenset({"price_from", "price_to", "deposit"})


def workbook(provider_id: UUID | None) -> bytes:
    """Every kind on a sheet of its own; without a provider the headings alone."""
    book = Workbook(write_only=True)
    for kind in KINDS.values():
        page = book.create_sheet(str(kind.title))
        for number in range(len(kind.columns)):
            page.column_dimensions[chr(ord("A") + number)].width = WIDTH
        page.freeze_panes = "A2"
        page.append([_heading(page, column) for column in kind.columns])
        for row in rows_of(provider_id, kind) if provider_id else ():
            page.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _heading(page: Any, column: Column) -> Any:
    cell = WriteOnlyCell(page, value=heading(column))
    cell.font = Font(bold=True)
    return cell


def heading(column: Column) -> str:
    """What stands above a column; a star where it must be filled in."""
    return f"{column.heading}{' *' if column.required else ''}"


def comma_separated(provider_id: UUID, kind: Kind) -> bytes:
    """One kind, with the mark by which Excel knows UTF-8."""
    kept = io.StringIO()
    writer = csv.writer(kept)
    writer.writerow([heading(column) for column in kind.columns])
    writer.writerows(rows_of(provider_id, kind))
    return kept.getvalue().encode("utf-8-sig")


def rows_of(provider_id: UUID, kind: Kind) -> Iterator[list[Any]]:
    """The rows of one kind in the order of its columns, safe to open in a spreadsheet."""
    for values in _entries(provider_id, kind):
        yield [harmless(cell(column, values)) for column in kind.columns]


def cell(column: Column, values: Values) -> Any:
    """What stands in one cell; amounts as people write them."""
    value = values.get(column.key)
    if value is None or value in ("", [], ()):
        return ""
    if column.key in MONEY:
        return from_minor(value, values["currency"])
    return column.write(value)


def _entries(provider_id: UUID, kind: Kind) -> Iterable[Values]:
    if kind is not LINE:
        return entries_of(provider_id, kind.key).values()
    return (
        {**line, "service": service, "package": package, "number": number,
         "amount": from_minor(line["amount_minor"], values["currency"])}
        for (service, package), values in entries_of(provider_id, PACKAGE.key).items()
        for number, line in enumerate(values["lines"], start=1)
    )  # fmt: skip
