"""Keeping ownership statements as they were received, and gathering those that matter to a few parties.

A file is read twice: once to judge it as a whole, once to keep what is good, a batch at a time. Of a million
statements only those above the organisations of the network decide who is tied to whom, so only those are
read again later.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.db import connection, models, transaction

from clearpath.parties import bods
from clearpath.parties.bods_fields import Problem
from clearpath.parties.identity import is_named, is_one_list, key_of
from clearpath.parties.json_items import Item, items
from clearpath.parties.models import OwnershipStatement, StatedIdentifier

BATCH = 5_000  # statements kept in one transaction
AT_ONCE = 500  # keys asked for in one query
LONGEST = 200  # characters of an id

Tell = Callable[[str, int], None]
Source = Path | bytes


class UnknownRecordError(Exception):
    """A link names a record that is neither in the file nor kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a file: statements read, kept now, kept before, and what is wrong with the others."""

    read: int
    kept: int
    known: int
    problems: list[Problem] = field(default_factory=list)

    @property
    def refused(self) -> list[str]:
        """The ids of the statements that were left out."""
        return list(dict.fromkeys(problem.statement for problem in self.problems if not problem.kept))


def keep(
    source: Source,
    *,
    at: datetime,
    declared_by: UUID | None = None,
    links: Mapping[str, UUID] | None = None,
    all_or_nothing: bool = False,
    tell: Tell = lambda _doing, _count: None,
) -> Kept:
    """Keep the good statements of a file; a statement that is kept already changes nothing.

    `links` says which record is which organisation of the network. Raises OSError when the file cannot be
    read, UnknownRecordError when a link names no record.
    """
    tell("reading", 0)
    prefix = f"{declared_by.hex}:" if declared_by else ""
    known = _known(prefix)
    with _opened(source) as file:
        reading = bods.read(file, known=known)
    _refuse_unknown(links or {}, reading, known)
    if all_or_nothing and reading.refused:
        return Kept(reading.statements, 0, 0, reading.problems)
    keeper = _Keeper(prefix, declared_by, at, reading.problems)
    with transaction.atomic() if all_or_nothing else nullcontext(), _opened(source) as file:
        every = items(file)
        while batch := list(islice(every, BATCH)):
            with transaction.atomic():
                keeper.keep(batch)
            tell("keeping", keeper.kept + keeper.known)
        if all_or_nothing and keeper.problems:
            transaction.set_rollback(True)
            keeper.kept = 0
        else:
            for record, organisation in (links or {}).items():
                found = OwnershipStatement.objects.filter(record_id=prefix + record)
                found.update(organisation_id=organisation)
    return Kept(reading.statements, keeper.kept, keeper.known, reading.problems + keeper.problems)


def _opened(source: Source) -> Any:
    return BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _known(prefix: str) -> dict[str, bods.Kind]:
    """The records of earlier imports from the same source, by their own names."""
    found = OwnershipStatement.objects.filter(record_id__startswith=prefix) if prefix else _imported()
    kinds = found.values_list("record_id", "record_type").iterator(chunk_size=BATCH)
    return {record[len(prefix) :]: cast(bods.Kind, kind) for record, kind in kinds}


def _imported() -> models.QuerySet[OwnershipStatement]:
    return OwnershipStatement.objects.filter(declared_by=None)


def _refuse_unknown(links: Mapping[str, UUID], reading: bods.Reading, known: Collection[str]) -> None:
    stated = {record for party in reading.parties.values() for record in party.records} if links else set()
    for record in links:
        if record not in stated and record not in known:
            raise UnknownRecordError(record)


class _Keeper:
    """Keeps batch after batch: every good statement once, the first of those with one id."""

    def __init__(self, prefix: str, declared_by: UUID | None, at: datetime, problems: Iterable[Problem]) -> None:
        self.prefix, self.declared_by, self.at = prefix, declared_by, at
        self.refused = {each.statement for each in problems if not each.kept and each.code != "id_again"}
        self.again = {each.statement for each in problems if each.code == "id_again"}
        self.kept = self.known = 0
        self.problems: list[Problem] = []

    def keep(self, batch: list[Item]) -> None:
        said = {each["statementId"]: each for each in self._good(batch)}
        before = dict(
            OwnershipStatement.objects.filter(
                statement_id__in=[self.prefix + statement for statement in said]
            ).values_list("statement_id", "body")
        )
        statements: list[OwnershipStatement] = []
        identifiers: list[StatedIdentifier] = []
        for statement, body in said.items():
            kept = before.get(self.prefix + statement)
            if kept is None:
                row, numbers = self._row(body)
                statements.append(row)
                identifiers += numbers
            elif kept == body:
                self.known += 1
            else:
                self.problems.append(Problem(statement, "statementId", "id_taken"))
        _insert(OwnershipStatement, statements)
        _insert(StatedIdentifier, identifiers)
        self.kept += len(statements)

    def _good(self, batch: list[Item]) -> Iterator[dict[str, Any]]:
        for item in batch:
            statement = item.value.get("statementId") if isinstance(item.value, dict) else None
            if not isinstance(statement, str) or statement in self.refused:
                continue
            if statement in self.again:
                self.again.remove(statement)
                self.refused.add(statement)  # those that follow
            problem = _too_long(statement, item.value) or _not_storable(statement, item.value)
            if problem:
                self.problems.append(problem)
            else:
                yield item.value

    def _row(self, body: dict[str, Any]) -> tuple[OwnershipStatement, list[StatedIdentifier]]:
        record = self.prefix + body["recordId"]
        row = OwnershipStatement(
            statement_id=self.prefix + body["statementId"],
            record_id=record,
            record_type=body["recordType"],
            body=body,
            declared_by_id=self.declared_by,
            received_at=self.at,
        )
        party = bods.party_in(body)
        if party is None:
            row.subject, row.owner = (self._end(body, name) for name in ("subject", "interestedParty"))
            return row, []
        row.name = party.name[:200]
        numbers = {(key_of(party.kind, scheme, number)[:300], scheme[:100]) for scheme, number in party.identifiers}
        return row, [StatedIdentifier(record_id=record, key=key, scheme=scheme) for key, scheme in sorted(numbers)]

    def _end(self, body: Mapping[str, Any], name: str) -> str:
        record = body["recordDetails"].get(name)
        return self.prefix + record if isinstance(record, str) else ""


def _too_long(statement: str, body: dict[str, Any]) -> Problem | None:
    ids = {"statementId": statement, "recordId": body["recordId"]}
    ids |= {f"recordDetails.{name}": body["recordDetails"].get(name) for name in ("subject", "interestedParty")}
    for name, value in ids.items():
        if isinstance(value, str) and len(value) > LONGEST:
            return Problem(statement[:LONGEST], name, "too_long", str(len(value)))
    return None


def _not_storable(statement: str, body: dict[str, Any]) -> Problem | None:
    """What a database refuses in JSON: NUL, half characters, numbers that are none."""
    try:
        text = json.dumps(body, ensure_ascii=False, allow_nan=False)
        text.encode()
        fault = "NUL" if "\\u0000" in text.replace("\\\\", "") else ""
    except RecursionError:
        fault = "nested too deeply"
    except UnicodeEncodeError:
        fault = "half a character"
    except ValueError:
        fault = "NaN"
    return Problem(statement, "statement", "not_storable", fault) if fault else None


def _insert(model: type[models.Model], rows: list[Any]) -> None:
    """Insert many rows with one statement, which the ORM cannot do on SQLite; one that is there already stays."""
    if not rows:
        return
    columns = [column for column in model._meta.concrete_fields if not column.primary_key]
    names = ", ".join(connection.ops.quote_name(str(column.column)) for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING",  # noqa: S608 - our own names
            [[column.get_db_prep_save(getattr(row, column.attname), connection) for column in columns] for row in rows],
        )


# Gathering


class Row(NamedTuple):
    """A kept statement, as far as it is needed to read it again."""

    pk: int
    statement_id: str
    record_id: str
    record_type: str
    subject: str
    owner: str
    body: dict[str, Any]
    declared_by: UUID | None
    organisation: UUID | None


ROW = (
    "pk", "statement_id", "record_id", "record_type", "subject", "owner", "body", "declared_by_id", "organisation_id",
)  # fmt: skip


def gathered(records: Iterable[str], *, down: bool = False, tell: Tell = lambda _doing, _count: None) -> list[Row]:
    """Every statement about these parties and about all above them (`down`: below them), oldest first.

    Records with a number in common are gathered together.
    """
    parties: set[str] = set()
    relationships: set[str] = set()
    line = set(records)
    near, far = ("owner", "subject") if down else ("subject", "owner")
    while line:
        parties |= line
        found: set[str] = set()
        for record, other in _pairs(line, near, "record_id", far):
            relationships.add(record)
            found.add(other)
        line = (found | _with_the_same_number(line)) - parties - {""}
        tell("gathering", len(parties))
    return sorted(_rows(parties | relationships))


def _pairs(keys: Iterable[str], column: str, *columns: str) -> Iterator[tuple[str, str]]:
    for some in _chunks(keys):
        found = OwnershipStatement.objects.filter(**{f"{column}__in": some}).values_list(*columns)
        yield from cast(Iterable[tuple[str, str]], found)


def _with_the_same_number(records: Iterable[str]) -> set[str]:
    keys: set[str] = set()
    for some in _chunks(records):
        keys.update(StatedIdentifier.objects.filter(record_id__in=some).values_list("key", flat=True))
    return {record for some in _chunks(keys) for record in records_with(some)}


def same_parties(records: Collection[str]) -> list[set[str]]:
    """The records, grouped by party: those that a number joins are one."""
    left, groups = set(records), []
    while left:
        group = line = {left.pop()}
        while line:
            line = _with_the_same_number(line) - group
            group = group | line
        groups.append(group)
        left -= group
    return groups


def records_with(keys: Collection[str]) -> list[str]:
    """The records under these numbers (see `identity`)."""
    return list(StatedIdentifier.objects.filter(key__in=keys).values_list("record_id", flat=True).distinct())


def _rows(records: Iterable[str]) -> Iterator[Row]:
    for some in _chunks(records):
        for values in OwnershipStatement.objects.filter(record_id__in=some).values_list(*ROW):
            yield Row(*values)


def _chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    every = iter(sorted(keys))
    while some := list(islice(every, AT_ONCE)):
        yield some


# Reading what was gathered

NETWORK = "clearpath"  # schemes of our own begin with it: they join the records of one party


def understood(rows: list[Row], same: Mapping[str, UUID], *, at: datetime) -> bods.Reading:
    """What the statements say together on a day; records of one organisation of the network are one party.

    `same` says which record is which organisation. Statements are called as they are kept.
    """
    numbers = _common_numbers({row.record_id for row in rows if row.record_type != "relationship"})
    return bods.read((_as_read(row, same, numbers) for row in rows), on=at.date())


def _common_numbers(records: set[str]) -> dict[str, list[str]]:
    """The numbers of each record that are one number, though one list was named and another was not."""
    stated: dict[str, list[tuple[str, str]]] = {}
    for some in _chunks(records):
        for record, key, scheme in StatedIdentifier.objects.filter(record_id__in=some).values_list(
            "record_id", "key", "scheme"
        ):
            stated.setdefault(key, []).append((record, scheme))
    common: dict[str, list[str]] = {}
    for key, uses in stated.items():
        schemes = {scheme for _record, scheme in uses}
        if is_one_list(schemes) and not all(is_named(scheme) for scheme in schemes):
            for record, _scheme in uses:
                common.setdefault(record, []).append(key)
    return common


def _as_read(row: Row, same: Mapping[str, UUID], numbers: Mapping[str, list[str]]) -> dict[str, Any]:
    extra = [{"scheme": NETWORK, "id": key} for key in numbers.get(row.record_id, ())]
    if row.record_id in same:
        extra.append({"scheme": f"{NETWORK}-organisation", "id": same[row.record_id].hex})
    if not extra and row.declared_by is None:
        return row.body
    details = dict(row.body["recordDetails"])
    if extra:
        details["identifiers"] = [*(details.get("identifiers") or []), *extra]
    if row.subject:
        details["subject"] = row.subject
    if row.owner:
        details["interestedParty"] = row.owner
    return row.body | {"statementId": row.statement_id, "recordId": row.record_id, "recordDetails": details}
