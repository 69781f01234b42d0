"""The append-only log: append to it, read it; `verify` proves it whole.

The canonical form of an entry is the JSON array of `FIELDS` in that order, after the name of the form, in
ASCII without spaces: keys as 32 hexadecimal digits, the moment in UTC with six decimals, what is not there as
null. Its SHA-256 is the entry's hash.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from clearpath.charter.actor import Actor
from clearpath.trust.models import Entry

FORM = "clearpath-entry-1"
FIELDS = (
    "chain", "number", "at", "person_id", "for_person_id", "organisation_id", "role", "step", "decision",
    "reason", "charter", "about_kind", "about_id", "salt", "digest", "previous",
)  # fmt: skip


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
    last = Entry.objects.filter(chain=chain).order_by("-number").values_list("number", "hash").first()
    number, previous = last or (0, "")
    salt = secrets.token_hex(16)
    entry = Entry(
        chain=chain,
        number=number + 1,
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
        previous=previous,
    )
    entry.hash = hash_of(canonical(entry))
    entry.save(force_insert=True)
    return entry


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


def digest_of(content: Mapping[str, object], *, salt: str) -> str:
    """The salted SHA-256 of the content's canonical JSON (sorted keys, no spaces, UTF-8).

    Raises TypeError or ValueError for what has no single form in JSON: other objects, NaN, infinity.
    """
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=plain
    )
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def plain(value: object) -> object:
    """One form in JSON for each value that steps handle."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date | UUID | Decimal | Promise):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, set | frozenset):
        return sorted(str(each) for each in value)
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    raise TypeError(f"the log cannot digest a {type(value).__name__}")


def canonical(entry: Entry) -> bytes:
    """The bytes that an entry's hash covers."""
    return canonical_of({name: getattr(entry, name) for name in FIELDS})


def canonical_of(values: Mapping[str, Any]) -> bytes:
    """The canonical form of an entry given as its fields."""
    return json.dumps([FORM, *(form_of(values[name]) for name in FIELDS)], separators=(",", ":")).encode(
        "ascii"
    )


def form_of(value: Any) -> str | int | None:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return moment(value)
    return None if value is None else value if type(value) is int else str(value)


def moment(at: datetime) -> str:
    """A moment in UTC with six decimals. Raises ValueError for a moment without a time zone."""
    if at.tzinfo is None:
        raise ValueError("the log needs a moment with its time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def hash_of(form: bytes) -> str:
    return hashlib.sha256(form).hexdigest()
