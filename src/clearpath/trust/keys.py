"""Keys derived from the two secrets, each for one purpose, and a keyed hash for looking up what is sealed.

CLEARPATH_VAULT_KEY and CLEARPATH_SIGNING_KEY may hold several secrets with spaces between them: the first one
seals and signs, all of them open and verify. To change a secret, put the new one in front, run
`clearpath trust rewrap`, then take the old one away.
"""

import hashlib
import hmac
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

WRAPPING, TEXTS, LOOKUP, SIGNING, INDEX = (
    f"clearpath {purpose} 1" for purpose in ("wrap document keys", "seal texts", "look up", "sign heads", "index")
)


@lru_cache(maxsize=64)
def derived(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose (HKDF-SHA256, RFC 5869); knowing one tells nothing of another."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())


@lru_cache(maxsize=64)
def id_of(secret: str, purpose: str) -> str:
    """A public name of a derived key, 16 hexadecimal digits."""
    return derived(secret, f"name of {purpose}")[:8].hex()


def ring(setting: str, purpose: str) -> dict[str, str]:
    """The secrets of a setting by the name of the key that each gives; the first one is in use."""
    secrets = getattr(settings, setting).split()
    if not secrets:
        raise ImproperlyConfigured(f"CLEARPATH_{setting} is empty.")
    return {id_of(secret, purpose): secret for secret in secrets}


def wrapping_keys() -> dict[str, bytes]:
    """Keys that wrap the keys of documents, by name, the one in use first."""
    return {name: derived(secret, WRAPPING) for name, secret in ring("VAULT_KEY", WRAPPING).items()}


def text_ciphers() -> dict[str, AESGCM]:
    """Ciphers that seal short texts, by name, the one in use first."""
    return _text_ciphers(settings.VAULT_KEY)


@lru_cache(maxsize=16)
def _text_ciphers(_secrets: str) -> dict[str, AESGCM]:
    return {name: AESGCM(derived(secret, TEXTS)) for name, secret in ring("VAULT_KEY", TEXTS).items()}


def signing_keys() -> list[Ed25519PrivateKey]:
    """Keys that sign the heads of the log, the one in use first."""
    secrets = ring("SIGNING_KEY", SIGNING).values()
    return [Ed25519PrivateKey.from_private_bytes(derived(secret, SIGNING)) for secret in secrets]


def public_name(key: Ed25519PublicKey) -> str:
    """How a head names the key that signed it: 16 hexadecimal digits of the key's SHA-256."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def keyed_hash(value: str) -> str:
    """What is stored beside a sealed value to find it again: HMAC-SHA256, 64 hexadecimal digits.

    The caller brings the value into one form first (an e-mail address in lower case).
    """
    return keyed_hashes(value)[0]


def keyed_hashes(value: str) -> list[str]:
    """What to look for, `column__in=keyed_hashes(value)`: one hash per secret, the one in use first."""
    secrets = ring("VAULT_KEY", LOOKUP).values()
    return [hmac.new(derived(each, LOOKUP), value.encode(), hashlib.sha256).hexdigest() for each in secrets]


def index_keys() -> tuple[bytes, ...]:
    """Keys for the hashes of a search index, which are many and short; the one in use first."""
    return _index_keys(settings.VAULT_KEY)


@lru_cache(maxsize=16)
def _index_keys(_secrets: str) -> tuple[bytes, ...]:
    return tuple(derived(secret, INDEX) for secret in ring("VAULT_KEY", INDEX).values())
