"""Files of a link: JSON Web Encryption (RFC 7516), compact, `dir` and `A256GCM`, perhaps compressed (`DEF`).

Three algorithms of a standard and no choice of them: docs/decisions/0025 says why no library does this.
"""

import json
import secrets
import zlib
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from clearpath.records.links.shlink import KEY_BYTES, LinkError, base64url, from_base64url

IV_BYTES = 12
TAG_BYTES = 16
LARGEST = 20 * 1024 * 1024  # bytes of one file, decrypted and inflated: as large as a record may be
LARGEST_TOKEN = 28 * 1024 * 1024  # characters: a file of LARGEST bytes in base64url, and a little
LARGEST_HEADER = 4_096  # characters


@dataclass(frozen=True, slots=True)
class Opened:
    """A file and the content type that its header gives; "" where the sender left it out, as some do."""

    content: bytes
    content_type: str


def encrypt(content: bytes, *, key: bytes, content_type: str) -> str:
    """Encrypt a file with a fresh IV; compressed where that makes it smaller."""
    header = {"alg": "dir", "enc": "A256GCM", "cty": content_type}
    deflated = _deflate(content)
    if len(deflated) < len(content):
        header["zip"] = "DEF"
        content = deflated
    protected = base64url(json.dumps(header, separators=(",", ":")).encode())
    iv = secrets.token_bytes(IV_BYTES)
    sealed = AESGCM(key).encrypt(iv, content, protected.encode())
    parts = (protected, "", base64url(iv), base64url(sealed[:-TAG_BYTES]), base64url(sealed[-TAG_BYTES:]))
    return ".".join(parts)


def decrypt(token: str, *, key: bytes, largest: int = LARGEST) -> Opened:
    """Decrypt a file. Raises LinkError: file_not_encrypted, file_algorithm_unknown, file_key_wrong, file_too_large.

    `largest`: bytes that a file may have once it is inflated.
    """
    if len(token) > LARGEST_TOKEN:
        raise LinkError("file_too_large")
    parts = token.strip().split(".")
    if len(parts) != 5 or len(parts[0]) > LARGEST_HEADER:
        raise LinkError("file_not_encrypted")
    header = _header(parts[0])
    _wrapped, iv, body, tag = (_part(each) for each in parts[1:])
    if header.get("alg") != "dir" or header.get("enc") != "A256GCM" or parts[1]:
        raise LinkError("file_algorithm_unknown")
    if header.get("zip") not in (None, "DEF") or "crit" in header:
        raise LinkError("file_algorithm_unknown")
    if len(iv) != IV_BYTES or len(tag) != TAG_BYTES or len(key) != KEY_BYTES:
        raise LinkError("file_not_encrypted")
    try:
        content = AESGCM(key).decrypt(iv, body + tag, parts[0].encode())
    except InvalidTag:
        raise LinkError("file_key_wrong") from None
    if header.get("zip") == "DEF":
        content = _inflate(content, largest)
    if len(content) > largest:
        raise LinkError("file_too_large")
    content_type = header.get("cty")
    return Opened(content, content_type if isinstance(content_type, str) else "")


def _header(protected: str) -> dict[str, Any]:
    try:
        header = json.loads(_part(protected))
    except (ValueError, RecursionError):
        raise LinkError("file_not_encrypted") from None
    if not isinstance(header, dict):
        raise LinkError("file_not_encrypted")
    return header


def _part(text: str) -> bytes:
    try:
        return from_base64url(text)
    except LinkError:
        raise LinkError("file_not_encrypted") from None


def _deflate(content: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-zlib.MAX_WBITS)  # raw, without the header of zlib
    return squeeze.compress(content) + squeeze.flush()


def _inflate(content: bytes, largest: int) -> bytes:
    """Never makes more than `largest` bytes, whatever the file claims."""
    inflate = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    try:
        found = inflate.decompress(content, largest + 1)
    except zlib.error:
        raise LinkError("file_not_encrypted") from None
    if len(found) > largest:
        raise LinkError("file_too_large")
    if not inflate.eof:
        raise LinkError("file_not_encrypted")
    return found
