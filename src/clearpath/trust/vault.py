"""Seals documents so that only this network opens them, and so that throwing one small key away erases them.

Each thing has a data key of its own (AES-256-GCM), kept wrapped (RFC 3394) under a key that is derived from
CLEARPATH_VAULT_KEY. What is sealed: 3 bytes `CPV`, the version (1), 8 bytes that name the data key, a nonce
of 12, ciphertext and tag. What stands before the nonce, and what it is about, are authenticated with it.

Texts short enough for a column are `fields.SealedTextField`.
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import NotFound, Objection, Refused
from clearpath.trust.fields import NONCE_BYTES, SealError
from clearpath.trust.keys import wrapping_keys
from clearpath.trust.models import Key

MARK = b"CPV\x01"
NAME_BYTES = 8
HEADER_BYTES = len(MARK) + NAME_BYTES
ERASED = Objection("erased", _("This was erased and cannot be opened any more."))


def seal(data: bytes, *, about: UUID) -> bytes:
    """Seal bytes under the data key of what they are about; the key is made at the first call.

    Joins the caller's transaction. Raises Refused (erased) once `about` was erased.
    """
    return sealer(about)(data)


def sealer(about: UUID) -> Callable[[bytes], bytes]:
    """The same for many pieces about one thing, with its key asked for once."""
    key = data_key(about, make=True)
    header, cipher = MARK + name_of(key), AESGCM(key)
    told = header + about.bytes

    def sealed(data: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return header + nonce + cipher.encrypt(nonce, data, told)

    return sealed


def open_sealed(sealed: bytes, *, about: UUID) -> bytes:
    """What was sealed about this thing.

    Raises NotFound (erased) once it was erased, SealError when it was changed, is about something else, or
    CLEARPATH_VAULT_KEY does not hold its secret.
    """
    return _opened(sealed, about, data_key(about))


def open_all(pieces: Sequence[tuple[bytes, UUID]]) -> list[bytes | None]:
    """What was sealed about each of these things, None for what was erased; one query. Raises SealError."""
    rows = {row.about: row for row in Key.objects.filter(about__in={about for _sealed, about in pieces})}
    keys = {about: unwrap(row) for about, row in rows.items() if row.erased_at is None}
    missing = {about for _sealed, about in pieces} - rows.keys()
    if missing:
        raise SealError(f"there is no key about {missing.pop()}")
    return [_opened(sealed, about, keys[about]) if about in keys else None for sealed, about in pieces]


def _opened(sealed: bytes, about: UUID, key: bytes) -> bytes:
    header = sealed[:HEADER_BYTES]
    if header[: len(MARK)] != MARK:
        raise SealError("these bytes were not sealed here, or their beginning was changed")
    if header[len(MARK) :] != name_of(key):
        raise SealError(f"these bytes were not sealed about {about}")
    body = sealed[HEADER_BYTES:]
    try:
        return AESGCM(key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], header + about.bytes)
    except (InvalidTag, ValueError):
        raise SealError(f"what was sealed about {about} was changed") from None


def erase(about: UUID, *, at: datetime | None = None) -> bool:
    """Throw the data key away: nothing sealed about this thing can be opened again.

    Returns False when it was erased before. A row without a key stays, so that nothing is sealed about it
    anew. Copies of the database hold the wrapped key until they expire.
    """
    with transaction.atomic():
        Key.objects.bulk_create([Key(about=about, wrapped=b"", wrapped_by="?")], ignore_conflicts=True)
        waiting = Key.objects.filter(about=about, erased_at__isnull=True)
        return bool(waiting.update(wrapped=b"", wrapped_by="", erased_at=at or timezone.now()))


def rewrap() -> int:
    """Wrap every data key under the secret in use; documents are not touched. Returns how many were wrapped.

    Raises SealError when a key is wrapped under a secret that CLEARPATH_VAULT_KEY does not hold.
    """
    in_use = next(iter(wrapping_keys()))
    old = Key.objects.filter(erased_at__isnull=True).exclude(wrapped_by=in_use)
    count = 0
    for row in old.iterator():
        wrapped = wrap(unwrap(row))
        # By its old name too: it may have been erased, or wrapped by another process, since we read it.
        count += Key.objects.filter(pk=row.pk, wrapped_by=row.wrapped_by).update(wrapped=wrapped, wrapped_by=in_use)
    return count


def data_key(about: UUID, *, make: bool = False) -> bytes:
    row = Key.objects.filter(about=about).first()
    if row is None and make:
        made = Key(about=about, wrapped=wrap(secrets.token_bytes(32)), wrapped_by=next(iter(wrapping_keys())))
        Key.objects.bulk_create([made], ignore_conflicts=True)  # somebody else may have made it just now
        row = Key.objects.get(about=about)
    if row is None:
        raise SealError(f"there is no key about {about}")
    if row.erased_at is not None:
        raise Refused(ERASED) if make else NotFound(ERASED)
    return unwrap(row)


def wrap(key: bytes) -> bytes:
    return aes_key_wrap(next(iter(wrapping_keys().values())), key)


def unwrap(row: Key) -> bytes:
    secret = wrapping_keys().get(row.wrapped_by)
    if secret is None:
        raise SealError(f"CLEARPATH_VAULT_KEY does not hold the secret {row.wrapped_by!r}")
    try:
        return aes_key_unwrap(secret, bytes(row.wrapped))
    except (InvalidUnwrap, ValueError):
        raise SealError(f"the key about {row.about} was changed") from None


def name_of(key: bytes) -> bytes:
    return hashlib.sha256(b"clearpath data key" + key).digest()[:NAME_BYTES]
