"""A text column that is sealed at rest: names, contacts, clinical texts."""

import base64
import secrets
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.functions import Cast

from clearpath.trust.keys import text_ciphers

MARK = "s1"  # the form of what is stored: s1.<name of the key>.<base64url of nonce, ciphertext and tag>
NONCE_BYTES = 12
BOUND_TO = b"clearpath sealed text 1"


class SealError(Exception):
    """What is stored was changed, or sealed under a secret that CLEARPATH_VAULT_KEY does not hold."""


if TYPE_CHECKING:
    TextField = models.TextField[str | None, str]
else:
    TextField = models.TextField


class SealedTextField(TextField):
    """Text for Python, AES-256-GCM under CLEARPATH_VAULT_KEY for the database. Empty text stays empty.

    Cannot be searched, sorted or made unique, but for `isnull`: keep `keys.keyed_hash` in a column beside it
    for looking up. Not bound to its row or column, so that both may be renamed; documents are (`vault`).
    """

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return seal_text(str(text)) if text else text

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return open_text(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self} is sealed: it cannot be searched by {lookup_name!r}; see keys.keyed_hash.")
        return super().get_lookup(lookup_name)


def seal_text(text: str) -> str:
    """Seal a short text under the key in use."""
    name, cipher = next(iter(text_ciphers().items()))
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = nonce + cipher.encrypt(nonce, text.encode(), BOUND_TO)
    return f"{MARK}.{name}.{base64.urlsafe_b64encode(sealed).decode()}"


def open_text(sealed: str) -> str:
    """Raises SealError."""
    mark, _, rest = sealed.partition(".")
    name, _, body = rest.partition(".")
    cipher = text_ciphers().get(name)
    if mark != MARK or cipher is None:
        raise SealError(f"no secret in CLEARPATH_VAULT_KEY opens what was sealed under {name[:16]!r}")
    try:
        data = base64.urlsafe_b64decode(body)
        return cipher.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], BOUND_TO).decode()
    except (InvalidTag, ValueError):
        raise SealError("a sealed text was changed") from None


def reseal() -> int:
    """Seal every text anew that is not sealed under the secret in use; return how many. Raises SealError."""
    return sum(
        reseal_column(model, field)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, SealedTextField)
    )


def reseal_column(model: type[models.Model], field: SealedTextField) -> int:
    in_use = f"{MARK}.{next(iter(text_ciphers()))}."
    rows = model._default_manager.annotate(stored=Cast(field.name, models.TextField()))
    old = rows.exclude(stored="").exclude(stored=None).exclude(stored__startswith=in_use)
    count = 0
    for key, sealed in old.values_list("pk", "stored").iterator():
        # As it was read: somebody may have written a new text since.
        count += rows.filter(pk=key, stored=sealed).update(**{field.name: open_text(sealed)})
    return count
