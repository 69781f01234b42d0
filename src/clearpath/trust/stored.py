"""Reads the log's rows as the database stores them, and strictly.

Whoever owns the database can store what the models cannot read, or another spelling of the same value that a
query would not find; on SQLite a column takes any type. All of these are changes, and come out as
UnreadableError instead of as a traceback.
"""

# ruff: noqa: S608 - statements are made of names and numbers of ours alone

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from clearpath.trust.form import FIELDS, moment

UUIDS = {"chain", "person_id", "for_person_id", "organisation_id", "about_id"}
MAY_BE_NULL = UUIDS - {"chain"}
NUMBERS = {"id", "number", "index", "entry_id", "size"}
HEX_32 = re.compile(r"[0-9a-f]{32}")
HEX_64 = re.compile(r"[0-9a-f]{64}")
HEX_128 = re.compile(r"[0-9a-f]{128}")
CHUNK = 2_000

ENTRY = ("id", *FIELDS, "hash")
LEAF = ("index", "entry_id", "hash")
HEAD = ("size", "root", "frontier", "at", "signature", "key_id")
Row = dict[str, Any]


class UnreadableError(Exception):
    """A stored value has a form that the log never writes; names the column."""


def steady() -> AbstractContextManager[Any]:
    """What rows are streamed in: PostgreSQL needs a transaction for it, SQLite's would lock writers out."""
    return transaction.atomic() if connection.vendor == "postgresql" else nullcontext()


def entry_rows() -> Iterator[Row]:
    """Every entry by chain and number; `known` when it is in the tree or waits for it."""
    known = (
        "EXISTS (SELECT 1 FROM trust_leaf AS l WHERE l.entry_id = e.id)"
        " OR EXISTS (SELECT 1 FROM trust_unfolded AS u WHERE u.entry_id = e.id)"
    )
    picked = columns("e", ENTRY)
    rows = stream(f"SELECT {picked}, {known} FROM trust_entry AS e ORDER BY e.chain, e.number")
    return (dict(zip((*ENTRY, "known"), row, strict=True)) for row in rows)


def leaf_rows(size: int) -> Iterator[Row]:
    """The first `size` leaves in order, with `entry_hash`, which is None where the entry is gone."""
    picked, index, entry_hash = columns("l", LEAF), name_of("l", "index"), column("e", "hash")
    rows = stream(
        f"SELECT {picked}, {entry_hash} FROM trust_leaf AS l LEFT JOIN trust_entry AS e ON e.id = l.entry_id"
        f" WHERE {index} < {int(size)} ORDER BY {index}"
    )
    return (dict(zip((*LEAF, "entry_hash"), row, strict=True)) for row in rows)


def head_rows(size: int) -> Iterator[Row]:
    """The heads over at most `size` leaves, smallest first."""
    rows = stream(f"SELECT {columns('h', HEAD)} FROM trust_head AS h WHERE h.size <= {int(size)} ORDER BY h.size")
    return (dict(zip(HEAD, row, strict=True)) for row in rows)


def stream(statement: str) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def one_number(statement: str) -> int:
    """The one number that a statement of ours asks for; 0 for null."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0] or 0)


def columns(table: str, names: tuple[str, ...]) -> str:
    return ", ".join(column(table, name) for name in names)


def misnumbered(table: str, name: str) -> int:
    """How many rows have something other than a number for their key; only SQLite can."""
    if connection.vendor != "sqlite":
        return 0
    return one_number(f"SELECT count(*) FROM {table} AS t WHERE {column('t', name)} IS NULL")


def column(table: str, name: str) -> str:
    """How a column is picked: from SQLite text as bytes, since it need not be UTF-8, other types as -1."""
    stored = name_of(table, name)
    if connection.vendor != "sqlite":
        return stored
    if name in NUMBERS:
        return f"CASE typeof({stored}) WHEN 'integer' THEN {stored} END"
    return f"CASE typeof({stored}) WHEN 'text' THEN CAST({stored} AS BLOB) WHEN 'null' THEN NULL ELSE -1 END"


def name_of(table: str, name: str) -> str:
    return f"{table}.{connection.ops.quote_name(name)}"


def read(row: Row, *names: str) -> Row:
    """The named values of a row in their canonical form. Raises UnreadableError at the first without one."""
    return {name: value_of(name, row[name]) for name in names}


def value_of(name: str, value: Any) -> str | int | None:
    if value is None and name in MAY_BE_NULL:
        return None
    try:
        if name in NUMBERS:
            return number(value)
        if name in UUIDS:
            return value.hex if isinstance(value, UUID) else matching(HEX_32, text(value))
        if name in {"hash", "entry_hash", "root"}:
            return matching(HEX_64, text(value))
        if name == "signature":
            return matching(HEX_128, text(value))
        return canonical_moment(value) if name == "at" else text(value)
    except (ValueError, TypeError, OverflowError):
        raise UnreadableError(name) from None


def number(value: Any) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def text(value: Any) -> str:
    return value if isinstance(value, str) else bytes.decode(value)


def canonical_moment(value: Any) -> str:
    if isinstance(value, datetime):
        return moment(value)
    spelled = text(value)
    at = datetime.fromisoformat(spelled)
    if str(at) != spelled or at.tzinfo is not None:
        raise ValueError
    return moment(at.replace(tzinfo=UTC))


def matching(pattern: re.Pattern[str], value: str) -> str:
    if not pattern.fullmatch(value):
        raise ValueError
    return value
