"""Reads the rows of a file into entries. What is wrong with a row is kept beside it, and the good rows are kept too.

A *repair* is what somebody typed into a bad cell on the page; it stands in place of what the file says.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from clearpath.core.money import decimals, to_minor
from clearpath.offers.directory.cells import BadCell, is_empty, plain
from clearpath.offers.directory.kinds import KINDS, LINE, PACKAGE, Column, Key, Kind, Values
from clearpath.offers.directory.sheets import Cells, Sheet, sheets_in

Told = Callable[[str, int, int], None]  # which part of the work, how much of it is done, of how much
TOLD_EVERY = 500


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one cell and what to do. `column` is a key, "" for the row as a whole."""

    column: str
    says: str


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row that is left out until it is repaired, with what stands in it."""

    kind: str
    row: int
    cells: Mapping[str, str]
    wrong: tuple[Wrong, ...]


@dataclass(slots=True)
class Reading:
    """What a file holds: entries by kind and key, the rows of the file that they stand in, and what is wrong."""

    entries: dict[str, dict[Key, Values]] = field(default_factory=dict)
    rows: dict[str, dict[Key, int]] = field(default_factory=dict)
    wrong: list[WrongRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    raw: dict[tuple[str, int], Cells] = field(default_factory=dict)  # of the rows that may yet turn out wrong

    @property
    def count(self) -> int:
        return sum(map(len, self.entries.values()))


Repairs = Mapping[str, str]  # by "kind:row:column"
Standing = Callable[[str], Collection[Key]]  # keys of the entries of a kind that stand in the directory


def no_word(_part: str, _done: int, _of: int) -> None:
    """Says nothing of how far it is."""


def nothing_stands(_kind: str) -> Collection[Key]:
    return ()


def read(
    content: bytes, *, stands: Standing = nothing_stands, repairs: Repairs | None = None, tell: Told = no_word
) -> Reading:
    """Everything that a file holds. `stands`: what its rows may refer to besides each other. Raises Unreadable."""
    return read_sheets(sheets_in(content), stands=stands, repairs=repairs or {}, tell=tell)


def read_sheets(
    sheets: Iterable[Sheet], *, stands: Standing = nothing_stands, repairs: Repairs | None = None, tell: Told = no_word
) -> Reading:
    found = Reading()
    for sheet in sheets:
        _read_sheet(sheet, found, _by_row(repairs or {}), tell)
    _fold_lines(found)
    _check_references(found, stands)
    found.wrong.sort(key=lambda each: (list(KINDS).index(each.kind), each.row))
    return found


def _by_row(repairs: Repairs) -> dict[tuple[str, int], Cells]:
    rows: dict[tuple[str, int], Cells] = {}
    for name, written in repairs.items():
        kind, row, column = name.split(":")
        rows.setdefault((kind, int(row)), {})[column] = written
    return rows


def _read_sheet(sheet: Sheet, found: Reading, repairs: Mapping[tuple[str, int], Cells], tell: Told) -> None:
    kind = sheet.kind
    if sheet.unknown:
        found.notes.append(
            _("%(kind)s: these columns are not known and are left out: %(columns)s.")
            % {"kind": kind.title, "columns": ", ".join(sheet.unknown[:10])}
        )
    entries = found.entries.setdefault(kind.key, {})
    rows = found.rows.setdefault(kind.key, {})
    columns = [(column.key, column) for column in kind.columns if column.key in sheet.columns]
    for count, (number, raw) in enumerate(sheet.rows, start=1):
        if count % TOLD_EVERY == 0:
            tell("reading", count, max(sheet.expected, count))
        if (kind.key, number) in repairs:
            raw = raw | repairs[kind.key, number]
        values, wrong = _read_row(kind, columns, raw)
        if not wrong:
            key = kind.key_of(values)
            if key in rows:
                twice = _("This stands in row %(row)d already. Give one of the two another name.") % {"row": rows[key]}
                wrong = [Wrong(kind.names[-1], twice)]
            else:
                entries[key], rows[key] = values, number
                if kind.refers or kind is LINE:
                    found.raw[kind.key, number] = raw
        if wrong:
            found.wrong.append(wrong_row(kind, number, raw, wrong))


def wrong_row(kind: Kind, number: int, raw: Cells, wrong: Iterable[Wrong]) -> WrongRow:
    return WrongRow(
        kind.key,
        number,
        {key: plain(value)[:200] for key, value in raw.items() if not is_empty(value)},
        tuple(wrong),
    )


def _read_row(kind: Kind, columns: list[tuple[str, Column]], raw: Cells) -> tuple[Values, list[Wrong]]:
    values: Values = {}
    wrong: list[Wrong] = []
    for key, column in columns:
        cell = raw[key]
        if cell is None or cell == "" or is_empty(cell):
            if column.required:
                wrong.append(Wrong(key, _("This is empty. It must be filled in.")))
            else:
                values[key] = column.default
            continue
        try:
            if isinstance(cell, str) and cell.startswith("="):
                raise BadCell(_("There is a formula in this cell. Write its result."))
            values[key] = column.read(cell)
        except BadCell as bad:
            wrong.append(Wrong(key, str(bad)))
    if not wrong:
        wrong = list(CHECKS.get(kind.key, _nothing_more)(values))
    return values, wrong


def _nothing_more(_values: Values) -> Iterator[Wrong]:
    return iter(())


def _price(values: Values) -> Iterator[Wrong]:
    """The amounts of a service in minor units of its currency."""
    if values["price_to"] < values["price_from"]:
        yield Wrong("price_to", _("This is less than the price from. Write the higher one here."))
    yield from _in_minor(values, "price_from", values["currency"])
    yield from _in_minor(values, "price_to", values["currency"])


def _deposit(values: Values) -> Iterator[Wrong]:
    if "deposit" in values:
        yield from _in_minor(values, "deposit", values["currency"])


def _in_minor(values: Values, name: str, currency: str) -> Iterator[Wrong]:
    try:
        values[name] = to_minor(Decimal(values[name]), currency)
    except ValueError:
        yield Wrong(
            name,
            _("%(currency)s has %(places)d decimals. Write the amount with no more, and without thousands separators.")
            % {"currency": currency, "places": decimals(currency)},
        )


CHECKS: Mapping[str, Callable[[Values], Iterator[Wrong]]] = {"service": _price, "package": _deposit}


def _fold_lines(found: Reading) -> None:
    """Lines become part of their package; a package with a bad line is left out whole, or its price would be wrong."""
    lines = found.entries.pop(LINE.key, None)
    rows = found.rows.pop(LINE.key, {})
    if lines is None:
        return
    packages = found.entries.get(PACKAGE.key, {})
    for key, line in sorted(lines.items()):
        number, package = rows[key], packages.get(key[:2])
        if package is None:
            known = any(each.kind == PACKAGE.key for each in found.wrong)
            says = _("There is no such package in this file. Its row stands on the sheet Packages.")
            if known:
                says = _("The package of this line is wrong or missing. Repair its row first.")
            found.wrong.append(wrong_row(LINE, number, found.raw[LINE.key, number], [Wrong("package", says)]))
            continue
        bad = list(_in_minor(line, "amount", package["currency"]))
        if bad:
            found.wrong.append(wrong_row(LINE, number, found.raw[LINE.key, number], bad))
            continue
        package.setdefault("lines", []).append(
            {"kind": line["kind"], "standing": line["standing"], "label": line["label"],
             "amount_minor": line["amount"], "tax_bps": line.get("tax_bps", 0), "maker": line.get("maker", "")}
        )  # fmt: skip
    _leave_out_packages(found, packages)


def _leave_out_packages(found: Reading, packages: dict[Key, Values]) -> None:
    bad = {
        (each.cells.get("service"), each.cells.get("package")) for each in found.wrong if each.kind == LINE.key
    } & set(packages)
    for key in bad:
        number = found.rows[PACKAGE.key].pop(key)
        del packages[key]
        says = _("A line of this package is wrong. Repair the line first.")
        found.wrong.append(wrong_row(PACKAGE, number, found.raw[PACKAGE.key, number], [Wrong("", says)]))


def _check_references(found: Reading, stands: Standing) -> None:
    """A row that names what is neither in the file nor in the directory is wrong."""
    for kind in KINDS.values():
        for column, other in kind.refers.items():
            entries = found.entries.get(kind.key, {})
            named = {values[column] for values in entries.values()}
            there = {key[-1] for key in found.entries.get(other, {})}
            if named - there:
                there |= {key[-1] for key in stands(other)}
            for key in [key for key, values in entries.items() if values[column] not in there]:
                says = _no_such(KINDS[other], there)
                number = found.rows[kind.key].pop(key)
                del entries[key]
                found.wrong.append(wrong_row(kind, number, found.raw[kind.key, number], [Wrong(column, says)]))


def _no_such(kind: Kind, there: Collection[str]) -> str:
    if not there:
        return _("Nothing has this reference. Add its row to the sheet %(kind)s.") % {"kind": kind.title}
    return _("Nothing has this reference. Write one of these, or add its row to the sheet %(kind)s: %(some)s.") % {
        "kind": kind.title,
        "some": ", ".join(sorted(there)[:10]),
    }
