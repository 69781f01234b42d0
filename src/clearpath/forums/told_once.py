"""Secret addresses: told once to whom they are for, kept as a digest, so that no copy of the database tells them."""

import hashlib
import secrets

LENGTH = 24  # octets of chance


def new_secret() -> str:
    """The secret part of a new address."""
    return secrets.token_urlsafe(LENGTH)


def digest_of(secret: str) -> str:
    """What is kept of it: SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()
