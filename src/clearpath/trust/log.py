"""The append-only log: append to it, read it; `verify` finds whatever was done to it."""

import secrets
from collections.abc import Mapping
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import connection
from django.db.models import Max, Model, Q, QuerySet

from clearpath.charter.actor import Actor
from clearpath.trust.form import FIELDS, canonical_of, digest_of, hash_of
from clearpath.trust.models import Entry
from clearpath.trust.report import Problem, Report
from clearpath.trust.verify import verify

__all__ = [
    "Entry", "Problem", "Report", "about", "append", "append_to_all", "canonical", "digest_of", "entries_about",
    "entries_of", "hash_of", "reads_of", "verify",
]  # fmt: skip


def append(
    *,
    chain: UUID,
    by: Actor,
    step: str,
    decision: str,
    charter: str,
    about: tuple[str, UUID] | None = None,
    content: Mapping[str, object] | None = None,
    reason: str = "",
) -> Entry:
    """Append one entry to a chain, in the caller's transaction, which must hold the lock of its subject.

    `content` is digested and forgotten. Two queries. Without the lock two callers take the same number, and
    the database refuses the second.
    """
    assert connection.in_atomic_block, "the log is written in the transaction of what it records"  # noqa: S101
    entry = _entry(chain, last_of(chain), by, step, decision, charter, about, content, reason)
    insert(entry)
    return entry


def append_to_all(chains: Mapping[UUID, str], *, by: Actor, step: str, decision: str, about_kind: str) -> list[Entry]:
    """Append one entry to each of these chains (with its charter), about its subject; as `append`. Three queries."""
    assert connection.in_atomic_block, "the log is written in the transaction of what it records"  # noqa: S101
    numbers = dict(Entry.objects.filter(chain__in=chains).values_list("chain").annotate(Max("number")))
    newest = reduce(or_, (Q(chain=chain, number=number) for chain, number in numbers.items()), Q(pk=None))
    last = {each.chain: (each.number, each.hash) for each in Entry.objects.filter(newest)}
    entries = [
        _entry(chain, last.get(chain, (0, "")), by, step, decision, charter, (about_kind, chain), None, "")
        for chain, charter in chains.items()
    ]
    return Entry.objects.bulk_create(entries)


def _entry(
    chain: UUID,
    last: tuple[int, str],
    by: Actor,
    step: str,
    decision: str,
    charter: str,
    about: tuple[str, UUID] | None,
    content: Mapping[str, object] | None,
    reason: str,
) -> Entry:
    """The next entry of a chain whose last one has this number and hash."""
    salt = secrets.token_hex(16)
    entry = Entry(
        chain=chain,
        number=last[0] + 1,
        at=by.now,
        person_id=by.person_id,
        for_person_id=by.for_person_id,
        organisation_id=by.organisation_id,
        role=by.role,
        step=step,
        decision=decision,
        reason=reason,
        charter=charter,
        about_kind=about[0] if about else "",
        about_id=about[1] if about else None,
        salt=salt,
        digest=digest_of(content or {}, salt=salt),
        previous=last[1],
    )
    entry.hash = hash_of(canonical(entry))
    return entry


# Two statements by hand, because they are part of every step: through the ORM they cost half a millisecond more.
COLUMNS = [column for column in Entry._meta.concrete_fields if column.name != "id"]
LAST = "SELECT number, hash FROM trust_entry WHERE chain = %s ORDER BY number DESC LIMIT 1"
NAMES, MARKS = ", ".join(column.attname for column in COLUMNS), ", ".join("%s" for _ in COLUMNS)
INSERT = f"INSERT INTO trust_entry ({NAMES}) VALUES ({MARKS}) RETURNING id"  # noqa: S608 - names of our own


def last_of(chain: UUID) -> tuple[int, str]:
    """The number and the hash of a chain's last entry."""
    with connection.cursor() as cursor:
        cursor.execute(LAST, [Entry._meta.get_field("chain").get_db_prep_value(chain, connection)])
        number, digest = cursor.fetchone() or (0, "")
        return number, digest


def insert(entry: Entry) -> None:
    values = [column.get_db_prep_save(getattr(entry, column.attname), connection) for column in COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, values)
        [entry.pk] = cursor.fetchone()
    entry._state.adding, entry._state.db = False, connection.alias


def about(thing: Model) -> tuple[str, UUID]:
    """How the log names a thing: its kind (`offers.offer`) and its key."""
    return thing._meta.label_lower, thing.pk


def entries_of(chain: UUID) -> QuerySet[Entry]:
    """Everything that happened on one subject, in order."""
    return Entry.objects.filter(chain=chain).order_by("number")


def entries_about(thing: Model | tuple[str, UUID]) -> QuerySet[Entry]:
    """Everything that happened to one thing (an offer, a document), in order, whatever its chain."""
    kind, key = thing if isinstance(thing, tuple) else about(thing)
    return Entry.objects.filter(about_kind=kind, about_id=key).order_by("id")


def reads_of(chain: UUID) -> QuerySet[Entry]:
    """Who looked at what of one subject, newest first."""
    return Entry.objects.filter(chain=chain, decision=Entry.Decision.READ).order_by("-number")


def canonical(entry: Entry) -> bytes:
    """The bytes that an entry's hash covers."""
    return canonical_of({name: getattr(entry, name) for name in FIELDS})
