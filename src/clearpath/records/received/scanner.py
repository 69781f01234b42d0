"""Asks a virus scanner, where one is configured. A scanner that does not answer lets nothing through."""

import socket
import struct

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection

PATIENCE = 60.0  # seconds
CHUNK = 64 * 1024  # bytes
CLEAN = "stream: OK"
UNREACHABLE = Objection(
    "scanner_unreachable",
    _("Files are checked for malware before they are kept, and the checker does not answer. Try again later."),
)


def is_configured() -> bool:
    return bool(settings.SCANNER)


def answers() -> bool:
    """Whether the scanner is there now."""
    try:
        return is_configured() and _ask(b"") == CLEAN
    except OSError:
        return False


def why_not_clean(content: bytes) -> Objection | None:
    """What the scanner found: infected, scanner_unreachable. None too when no scanner is configured."""
    if not is_configured():
        return None
    try:
        answer = _ask(content)
    except OSError:
        return UNREACHABLE
    if answer.endswith("FOUND"):
        name = answer.removeprefix("stream:").removesuffix("FOUND").strip()
        says = _("This file holds malware ({name}) and is not kept. Ask the sender for a clean one.")
        return Objection("infected", format_lazy(says, name=name[:100]))
    return None if answer == CLEAN else UNREACHABLE


def _ask(content: bytes) -> str:
    """One INSTREAM session with clamd (clamd(8), read 2026-11-25): chunks with their length, ended by a length of 0."""
    with _connect() as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            chunk = content[start : start + CHUNK]
            line.sendall(struct.pack("!L", len(chunk)) + chunk)
        line.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < 4096 and (more := line.recv(4096)):
            answer += more
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connect() -> socket.socket:
    if settings.SCANNER.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(PATIENCE)
        try:
            line.connect(settings.SCANNER)
        except OSError:
            line.close()
            raise
        return line
    host, _colon, port = settings.SCANNER.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE)
