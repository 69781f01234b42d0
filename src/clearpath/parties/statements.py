"""Keeping ownership statements as they were received, and gathering those that matter to a few parties.

A file is judged as a whole, and then what is good is kept, a batch at a time. Of a million statements only
those above the organisations of the network decide who is tied to whom, so only those are read again later.
"""

import json
import marshal
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple, cast
from uuid import UUID

from django.db import connection, models, transaction

from clearpath.parties import bods
from clearpath.parties.bods_fields import Problem
from clearpath.parties.identity import is_named, is_one_list, key_of
from clearpath.parties.json_items import Item, depth_of
from clearpath.parties.models import OwnershipStatement, StatedIdentifier

BATCH = 5_000  # statements kept in one transaction
AT_ONCE = 500  # keys asked for in one query
LONGEST = 200  # characters of an id
DEEPEST = 200  # objects and lists within each other; SQLite reads a thousand
COLUMNS = (
    "statement_id", "record_id", "record_type", "subject", "owner", "name", "body", "declared_by_id", "received_at",
)  # fmt: skip
_SUSPICIOUS = re.compile(r"\\u|NaN|Infinity")

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
    prefix = f"{declared_by.hex}:" if declared_by else ""
    known = _known(prefix)
    with TemporaryFile() as spool, _opened(source) as file:
        writer = _Writer(spool, prefix, tell)
        reading = bods.read(file, known=known, note=writer.note)
        writer.close()
        _refuse_unknown(links or {}, reading, known)
        count, problems = reading.statements, reading.problems + writer.problems
        if all_or_nothing and any(not problem.kept for problem in problems):
            return Kept(count, 0, 0, problems)
        refused = {each.statement for each in problems if not each.kept and each.code != "id_again"}
        del reading  # nothing more is asked of it, and it may be large
        keeper = _Keeper(prefix, declared_by, at, refused, is_first=not known)
        with transaction.atomic() if all_or_nothing else nullcontext():
            for batch in _batches(spool):
                with transaction.atomic():
                    keeper.keep(batch)
                tell("keeping", keeper.kept + keeper.known)
            if all_or_nothing and keeper.problems:
                transaction.set_rollback(True)
                return Kept(count, 0, 0, problems + keeper.problems)
            for record, organisation in (links or {}).items():
                found = OwnershipStatement.objects.filter(record_id=prefix + record)
                found.update(organisation_id=organisation)
    return Kept(count, keeper.kept, keeper.known, problems + keeper.problems)


def _opened(source: Source) -> Any:
    return BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _known(prefix: str) -> dict[str, bods.Kind]:
    """The records of earlier imports from the same source, by their own names."""
    every = OwnershipStatement.objects.all()
    found = every.filter(record_id__startswith=prefix) if prefix else every.filter(declared_by=None)
    kinds = found.values_list("record_id", "record_type").iterator(chunk_size=BATCH)
    return {record[len(prefix) :]: cast(bods.Kind, kind) for record, kind in kinds}


def _refuse_unknown(links: Mapping[str, UUID], reading: bods.Reading, known: Collection[str]) -> None:
    stated = {record for party in reading.parties.values() for record in party.records} if links else set()
    for record in links:
        if record not in stated and record not in known:
            raise UnknownRecordError(record)


class _New(NamedTuple):
    """A statement as it will be kept. Plain values only: a million of them wait on disk until all are judged."""

    statement: str  # by its own name
    record: str
    kind: str
    subject: str
    owner: str
    name: str
    text: str
    numbers: tuple[tuple[str, str], ...]  # keys and schemes


class _Writer:
    """Writes what was read to a file, a batch at a time, until it is known which of it is good."""

    def __init__(self, spool: IO[bytes], prefix: str, tell: Tell) -> None:
        self.spool, self.prefix, self.tell = spool, prefix, tell
        self.batch: list[tuple[Any, ...]] = []
        self.count = 0
        self.problems: list[Problem] = []

    def note(self, item: Item, content: bods.Party | bods.Relationship) -> None:
        new = self._new(item, content)
        problem = _too_long(new) or _not_storable(new.statement, item)
        if problem:
            self.problems.append(problem)
            return
        self.batch.append(tuple(new))
        if len(self.batch) == BATCH:
            self.flush()

    def flush(self) -> None:
        marshal.dump(self.batch, self.spool)
        self.count += len(self.batch)
        self.tell("reading", self.count)
        self.batch = []

    def close(self) -> None:
        self.flush()
        self.spool.seek(0)

    def _new(self, item: Item, content: bods.Party | bods.Relationship) -> _New:
        body, text = item.value, item.text or json.dumps(item.value, ensure_ascii=False)
        statement, record, kind = body["statementId"], body["recordId"], body["recordType"]
        if isinstance(content, bods.Party):
            numbers = {
                (key_of(content.kind, scheme, number)[:300], scheme[:100]) for scheme, number in content.identifiers
            }
            return _New(statement, record, kind, "", "", content.name[:200], text, tuple(sorted(numbers)))
        return _New(statement, record, kind, content.subject, content.owner, "", text, ())


def _batches(spool: IO[bytes]) -> Iterator[list[_New]]:
    while batch := marshal.load(spool):  # noqa: S302 - written a moment ago by ourselves, to a file without a name
        yield [_New(*values) for values in batch]
        if len(batch) < BATCH:
            return


def _too_long(new: _New) -> Problem | None:
    ends = {"recordDetails.subject": new.subject, "recordDetails.interestedParty": new.owner}
    for name, value in {"statementId": new.statement, "recordId": new.record, **ends}.items():
        if len(value) > LONGEST:
            return Problem(new.statement[:LONGEST], name, "too_long", str(len(value)))
    return None


def _not_storable(statement: str, item: Item) -> Problem | None:
    """What a database refuses in JSON: NUL, half characters, numbers that are none, endless depth."""
    fault = "nested too deeply" if depth_of(item.text) > DEEPEST else ""
    try:
        item.text.encode()
        if not fault and _SUSPICIOUS.search(item.text):
            text = json.dumps(item.value, ensure_ascii=False, allow_nan=False)
            text.encode()
            fault = "NUL" if "\\u0000" in text.replace("\\\\", "") else ""
    except UnicodeEncodeError:
        fault = "half a character"
    except ValueError:
        fault = "NaN"
    return Problem(statement, "statement", "not_storable", fault) if fault else None


class _Keeper:
    """Keeps batch after batch of what was found good."""

    def __init__(
        self, prefix: str, declared_by: UUID | None, at: datetime, refused: Collection[str], *, is_first: bool
    ) -> None:
        self.prefix, self.refused, self.is_first = prefix, refused, is_first
        self.kept = self.known = 0
        self.problems: list[Problem] = []
        values: dict[str, Any] = {"declared_by": declared_by, "received_at": at}
        fields = {each.name: each for each in OwnershipStatement._meta.concrete_fields}
        self.source = tuple(fields[name].get_db_prep_save(value, connection) for name, value in values.items())

    def keep(self, batch: list[_New]) -> None:
        good = [new for new in batch if new.statement not in self.refused]
        before = {} if self.is_first else self._before(good)
        fresh = [new for new in good if new.statement not in before]
        for new in good:
            if new.statement not in before:
                continue
            if before[new.statement] == json.loads(new.text):
                self.known += 1
            else:
                self.problems.append(Problem(new.statement, "statementId", "id_taken"))
        _insert(OwnershipStatement, COLUMNS, [self._row(new) for new in fresh])
        numbers = [(self.prefix + new.record, key, scheme) for new in fresh for key, scheme in new.numbers]
        _insert(StatedIdentifier, ("record_id", "key", "scheme"), numbers)
        self.kept += len(fresh)

    def _before(self, batch: list[_New]) -> dict[str, Any]:
        bodies: dict[str, Any] = {}
        for some in _chunks(self.prefix + new.statement for new in batch):
            bodies |= OwnershipStatement.objects.filter(statement_id__in=some).values_list("statement_id", "body")
        return {statement[len(self.prefix) :]: body for statement, body in bodies.items()}

    def _row(self, new: _New) -> tuple[Any, ...]:
        subject = self.prefix + new.subject if new.subject else ""
        owner = self.prefix + new.owner if new.owner else ""
        ids = (self.prefix + new.statement, self.prefix + new.record, new.kind)
        return (*ids, subject, owner, new.name, new.text, *self.source)


def _insert(model: type[models.Model], columns: Iterable[str], rows: list[tuple[Any, ...]]) -> None:
    """Insert many rows with one statement, which the ORM cannot do on SQLite; one that is there already stays."""
    names = [connection.ops.quote_name(column) for column in columns]
    table = connection.ops.quote_name(model._meta.db_table)
    marks = ", ".join(["%s"] * len(names))
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks}) ON CONFLICT DO NOTHING",  # noqa: S608 - ours
                rows,
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


def uses_of(keys: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """The records under each number, with the list that each names; oldest first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for some in _chunks(keys):
        uses = StatedIdentifier.objects.filter(key__in=some).order_by("pk")
        for key, record, scheme in uses.values_list("key", "record_id", "scheme"):
            found.setdefault(key, []).append((record, scheme))
    return found


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
