"""Archives are unpacked in memory, within limits; where a file lies in one is a title, never a path to write to."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection, Refused

MOST_FILES = 2_000
LARGEST_TOTAL = 200 * 1024 * 1024  # bytes, unpacked
LARGEST_LIST = 1024 * 1024  # bytes; of the archive's own list of files
SUSPECT_RATIO, SUSPECT_SIZE = 200, 5 * 1024 * 1024  # unpacked to packed, of files larger than this
LONGEST_PATH = 200  # characters that are kept of one, from its end
NOISE = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")

BROKEN = Objection("archive_broken", _("This archive is damaged and cannot be unpacked. Send it, or its files, again."))
ENCRYPTED = Objection(
    "archive_encrypted", _("This archive is locked with a password. Unpack it and send the files, without password.")
)
TOO_MANY = Objection("archive_too_many", _("This archive holds more than 2,000 files. Send the ones that matter."))
TOO_LARGE = Objection(
    "archive_too_large", _("This archive unpacks to more than can be kept. Send the files that matter.")
)
TOO_DEEP = Objection(
    "archive_too_deep", _("This archive holds archives within archives. Unpack it and send the files.")
)
ENDS, ZIP64 = b"PK\x05\x06", b"PK\x06\x07"
END = struct.Struct("<4s4H2LH")  # APPNOTE 6.3.10, 4.3.16: end of central directory record


@dataclass(slots=True)
class Budget:
    """What may still be unpacked, for an archive and all in it."""

    files: int = MOST_FILES
    size: int = LARGEST_TOTAL  # bytes


def unpack(content: bytes, budget: Budget, *, largest: int) -> Iterator[tuple[str, bytes | None]]:
    """The path and the bytes of each file in the archive; None for one that is damaged or larger than `largest`.

    Raises Refused: archive_broken, archive_encrypted, archive_too_many, archive_too_large.
    """
    _look_at_the_end(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                if info.is_dir() or _is_link(info) or not info.file_size or _is_noise(info.filename):
                    continue
                if info.flag_bits & 0x1:
                    raise Refused(ENCRYPTED)
                budget.files -= 1
                if budget.files < 0:
                    raise Refused(TOO_MANY)
                yield info.filename[-LONGEST_PATH:], _read(archive, info, budget, largest)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, struct.error):
        raise Refused(BROKEN) from None


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget, largest: int) -> bytes | None:
    """Reads no more than is allowed, whatever the archive says of the size."""
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return None
    try:
        with archive.open(info) as file:
            found = file.read(min(largest, budget.size) + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return None
    budget.size -= len(found)
    if budget.size < 0 or (len(found) > SUSPECT_SIZE and len(found) > SUSPECT_RATIO * max(info.compress_size, 1)):
        raise Refused(TOO_LARGE)
    return found if len(found) <= largest else None


def _look_at_the_end(content: bytes) -> None:
    """Refuse a list of files that would fill the memory when it is read, before it is read."""
    at = len(content) - END.size
    if at < 0 or content[at : at + 4] != ENDS or content[-2:] != b"\0\0":
        at = content.rfind(ENDS, max(len(content) - END.size - 65_536, 0))
    if at < 0 or at + END.size > len(content):
        raise Refused(BROKEN)
    if content[at - 20 : at - 16] == ZIP64:
        raise Refused(TOO_LARGE)
    size = END.unpack_from(content, at)[5]
    if size > LARGEST_LIST:
        raise Refused(TOO_MANY)


def _is_link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)


def _is_noise(path: str) -> bool:
    return path.startswith(NOISE[0]) or path.rsplit("/", 1)[-1] in NOISE
