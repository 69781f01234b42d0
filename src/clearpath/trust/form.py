"""The forms that are hashed: of an entry, of the content that it stands for, of a head.

The canonical form of an entry is the JSON array of `FIELDS` in that order, after the name of the form, in
ASCII without spaces: keys as 32 hexadecimal digits, the moment in UTC with six decimals, what is not there as
null. Its SHA-256 is the entry's hash.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

FORM = "clearpath-entry-1"
HEAD_FORM = "clearpath-head-1"
FIELDS = (
    "chain", "number", "at", "person_id", "for_person_id", "organisation_id", "role", "step", "decision",
    "reason", "charter", "about_kind", "about_id", "salt", "digest", "previous",
)  # fmt: skip


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


def canonical_of(values: Mapping[str, Any]) -> bytes:
    """The canonical form of an entry given as its fields."""
    return json.dumps([FORM, *(form_of(values[name]) for name in FIELDS)], separators=(",", ":")).encode("ascii")


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


def head_form(size: int, root: str, at: datetime) -> bytes:
    """The bytes that a head's signature covers."""
    return json.dumps([HEAD_FORM, size, root, moment(at)], separators=(",", ":")).encode("ascii")
