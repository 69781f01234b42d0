"""Heads outside the database: exported, kept elsewhere, and held against the log later.

One JSON object per line: `size`, `root`, `at`, `signature`, `key_id`, and `key`, the public key, with which
anybody can verify the signature over `form.head_form`.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from clearpath.trust.fold import public_keys
from clearpath.trust.form import head_form, moment
from clearpath.trust.keys import public_name
from clearpath.trust.models import Head


class HeadError(ValueError):
    """A line that is no head, or one that was changed."""


@dataclass(frozen=True, slots=True)
class KeptHead:
    """A head as it was exported."""

    size: int
    root: str
    at: str
    signature: str
    key_id: str
    key: str

    def __post_init__(self) -> None:
        """Raises HeadError, or another ValueError or TypeError, unless its own key signed it."""
        if type(self.size) is not int or self.size < 1 or len(bytes.fromhex(self.root)) != 32:
            raise HeadError("is no head of a tree")
        if public_name(self.public_key) != self.key_id or not self.is_signed_by(self.public_key):
            raise HeadError("does not carry its own signature: it was changed")

    @property
    def public_key(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))

    def is_signed_by(self, key: Ed25519PublicKey) -> bool:
        return is_signed(key, self.signature, head_form(self.size, self.root, datetime.fromisoformat(self.at)))


def is_signed(key: Ed25519PublicKey, signature: str, form: bytes) -> bool:
    try:
        key.verify(bytes.fromhex(signature), form)
    except (InvalidSignature, ValueError):
        return False
    return True


def exported(after: int = 0) -> Iterator[str]:
    """The lines of the heads over more than `after` leaves that were signed with a key known here."""
    keys = {name: key.public_bytes_raw().hex() for name, key in public_keys().items()}
    for head in Head.objects.filter(size__gt=after, key_id__in=keys).order_by("size").iterator():
        kept = KeptHead(head.size, head.root, moment(head.at), head.signature, head.key_id, keys[head.key_id])
        yield json.dumps(asdict(kept))


def read_heads(lines: Iterable[str]) -> list[KeptHead]:
    """Heads from exported lines, smallest first. Raises HeadError with the number of the first bad line."""
    heads = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                heads.append(KeptHead(**json.loads(line)))
            except (TypeError, ValueError, RecursionError) as error:
                says = error if isinstance(error, HeadError) else "is not a head as `audit export-heads` writes it"
                raise HeadError(f"line {number} {says}") from None
    return sorted(heads, key=lambda head: head.size)
