"""The link itself: `shlink:/` and a JSON payload in base64url, perhaps behind the address of a viewer."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

SCHEME = "shlink:/"
FLAGS = "LPU"  # long-term, passcode, single file: written in this, the alphabetical order
KEY_BYTES = 32
LONGEST_URL = 128  # characters
LONGEST_LABEL = 80  # characters
LONGEST_LINK = 8_192  # characters that we read; a link that keeps to the limits above has fewer than 1,000
VERSION = 1
LATEST_TIME = 253_402_300_799  # epoch seconds, the end of the year 9999


class LinkError(Exception):
    """A link, or what it leads to, that cannot be read. `code` says why; nothing of the content is in it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Payload:
    """What a link says. `exp` is in epoch seconds; flags and properties that we do not know are left out."""

    url: str
    key: bytes
    exp: int | None = None
    flags: str = ""
    label: str = ""

    def __repr__(self) -> str:  # never the key, so that no traceback and no log holds it
        return f"Payload(flags={self.flags!r})"

    @property
    def needs_passcode(self) -> bool:
        return "P" in self.flags

    @property
    def is_single_file(self) -> bool:
        return "U" in self.flags


def encode(payload: Payload, *, viewer: str = "") -> str:
    """The link as text; `viewer` is the address of a page that opens it, without its `#`.

    Raises LinkError when the payload breaks a limit of the specification.
    """
    flags = "".join(flag for flag in FLAGS if flag in payload.flags)
    if len(payload.url) > LONGEST_URL:
        raise LinkError("link_url_too_long")
    if len(payload.label) > LONGEST_LABEL:
        raise LinkError("link_label_too_long")
    if "P" in flags and "U" in flags:
        raise LinkError("link_single_file_with_passcode")
    if len(payload.key) != KEY_BYTES:
        raise LinkError("link_key_wrong")
    said = {
        "url": payload.url,
        "flag": flags,
        "key": base64url(payload.key),
        "exp": payload.exp,
        "label": payload.label,
    }
    said = {name: value for name, value in said.items() if value not in (None, "")}
    text = SCHEME + base64url(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode())
    return f"{viewer}#{text}" if viewer else text


def decode(text: str) -> Payload:
    """Read a link as it was pasted or scanned, with or without a viewer before it.

    Raises LinkError: not_a_link, link_too_long, link_version_unknown.
    """
    if len(text) > LONGEST_LINK:
        raise LinkError("link_too_long")
    _viewer, found, encoded = text.strip().rpartition(SCHEME)
    if not found:
        raise LinkError("not_a_link")
    try:
        said = json.loads(from_base64url(encoded))
    except (ValueError, RecursionError):
        raise LinkError("not_a_link") from None
    if not isinstance(said, dict):
        raise LinkError("not_a_link")
    if said.get("v", VERSION) != VERSION:
        raise LinkError("link_version_unknown")
    return _payload(said)


def _payload(said: dict[str, Any]) -> Payload:
    url, key, flag, label, exp = (said.get(name) for name in ("url", "key", "flag", "label", "exp"))
    if not isinstance(url, str) or not url or not isinstance(key, str):
        raise LinkError("not_a_link")
    secret = from_base64url(key)
    if len(secret) != KEY_BYTES:
        raise LinkError("not_a_link")
    known = "".join(each for each in FLAGS if isinstance(flag, str) and each in flag)
    is_time = isinstance(exp, int | float) and not isinstance(exp, bool) and 0 <= exp <= LATEST_TIME
    return Payload(
        url=url,
        key=secret,
        exp=int(exp) if is_time else None,  # type: ignore[arg-type] # mypy does not follow is_time
        flags=known,
        label=label[:LONGEST_LABEL] if isinstance(label, str) else "",
    )


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Raises LinkError not_a_link for anything but base64url; padding may stand there or not."""
    bare = text.rstrip("=")
    if not bare.isascii() or not all(each.isalnum() or each in "-_" for each in bare):
        raise LinkError("not_a_link")
    try:
        return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except (binascii.Error, ValueError):
        raise LinkError("not_a_link") from None
