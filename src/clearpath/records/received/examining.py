"""One look at a received file, before it is kept: what it is, whether it is clean, what it tells, what is wrong."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection, Refused
from clearpath.records.check import Finding, Parsed, check
from clearpath.records.received import archives, cda, dicom, fhir, scanner, xml
from clearpath.records.received.kinds import (
    CDA,
    DICOM,
    FHIR,
    FHIR_XML,
    LARGEST,
    LARGEST_ARCHIVE,
    XML,
    ZIP,
    media_type_of,
)
from clearpath.records.received.told import Told

DEEPEST = 2  # an archive in an archive, as portals send them
NOTHING_IN_IT = Objection(
    "archive_without_records", _("Nothing in this archive can be kept as a record. Unpack it and send the files.")
)
EMPTY = Objection("empty_file", _("The file is empty. Choose another one."))
TOO_LARGE = Objection("file_too_large", _("The file is larger than 20 MB. Make it smaller or split it."))
ARCHIVE_TOO_LARGE = Objection(
    "file_too_large", _("The archive is larger than 50 MB. Send its files in several smaller ones.")
)
UNKNOWN = Objection(
    "file_type_unknown",
    _("This file cannot be read as a record. Send a PDF, a picture, a text or a patient summary."),
)
DAMAGED_IN_ARCHIVE = Objection("damaged_or_too_large", _("Damaged, or larger than 20 MB."))
# Why a file was left out of an archive, for readers of any language; others keep the words of that moment.
LEFT_OUT = {
    each.code: each.message
    for each in (UNKNOWN, DAMAGED_IN_ARCHIVE, fhir.TOO_MANY_PARTS, xml.BROKEN, xml.OWN_ENTITIES, archives.BROKEN)
}

# Rules of the first gate that say of the whole file that nothing in it is read.
UNREAD = {"json": fhir.NOT_FHIR, "resource-type": fhir.NOT_FHIR, "size": fhir.UNREADABLE, "depth": fhir.UNREADABLE}
MOST_FINDINGS = 1_000  # kept of one file
SEVERITIES = ("error", "warning", "information")

TELLERS: dict[str, Callable[[bytes], Told]] = {
    FHIR: fhir.tell,
    DICOM: dicom.tell,
    CDA: cda.tell,
    XML: cda.tell_any_xml,
    FHIR_XML: cda.tell_fhir_xml,
}


@dataclass(frozen=True, slots=True)
class Received:
    """A file, examined. `objection`: why it is not kept, as far as its bytes alone say.

    `findings` are the defects that the gates found; None where no gate looked. `parsed` is what was read of FHIR data,
    but for the files of an archive, which together would fill the memory. `members` are the files of an archive that
    can be kept, `left_out` those that cannot, with the reason.
    """

    content: bytes = field(repr=False)
    sha256: str
    media_type: str
    objection: Objection | None = None
    told: Told = field(default_factory=Told)
    findings: tuple[Finding, ...] | None = None
    parsed: Parsed | None = field(default=None, repr=False, compare=False)
    is_scanned: bool = False
    members: tuple["Member", ...] = ()
    left_out: tuple[tuple[str, Objection], ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive, with where it lies there."""

    path: str
    received: Received


def examine(content: bytes) -> Received:
    """Everything that the bytes say. Takes time and asks the scanner: call it before a transaction is opened."""
    return _examine(content, archives.Budget(), depth=0)


def tell(content: bytes, media_type: str) -> Told:
    """What a file tells of itself. Never raises for what the bytes hold."""
    teller = TELLERS.get(media_type)
    return teller(content) if teller else Told()


def findings_of(parsed: Parsed) -> tuple[Finding, ...]:
    """The defects of FHIR data, as far as they are kept: what weighs most first."""
    found = sorted(check(parsed), key=lambda each: SEVERITIES.index(each.severity))
    return tuple(found[:MOST_FINDINGS])


def _examine(content: bytes, budget: archives.Budget, *, depth: int) -> Received:
    size = len(content)
    media_type = media_type_of(content) if size <= LARGEST_ARCHIVE else ""
    found = Received(content, hashlib.sha256(content).hexdigest(), media_type)
    found = replace(found, objection=_why_not_look(size, media_type) or scanner.why_not_clean(content))
    if found.objection is not None:
        return found
    found = replace(found, is_scanned=scanner.is_configured())
    if media_type == ZIP:
        return _unpacked(found, budget, depth=depth)
    if media_type == FHIR:
        return _of_fhir(found, keep=depth == 0)
    told = tell(content, media_type)
    return replace(found, told=told, objection=told.wrong)


def _of_fhir(found: Received, *, keep: bool) -> Received:
    told, parsed = fhir.read(found.content)
    if told.wrong is not None or parsed is None:
        return replace(found, told=told, objection=told.wrong)
    findings = findings_of(parsed)
    unread = next((UNREAD[each.rule] for each in findings if each.rule in UNREAD and not each.path), None)
    return replace(found, told=told, objection=unread, findings=findings, parsed=parsed if keep else None)


def _why_not_look(size: int, media_type: str) -> Objection | None:
    if size == 0:
        return EMPTY
    if media_type == ZIP or size > LARGEST_ARCHIVE:
        return ARCHIVE_TOO_LARGE if size > LARGEST_ARCHIVE else None
    if size > LARGEST:
        return TOO_LARGE
    return None if media_type else UNKNOWN


def _unpacked(found: Received, budget: archives.Budget, *, depth: int) -> Received:
    """The archive with its members; those of an archive in it are its own, under the path of that one."""
    if depth >= DEEPEST:
        return replace(found, objection=archives.TOO_DEEP)
    members: list[Member] = []
    left_out: list[tuple[str, Objection]] = []
    try:
        for path, content in archives.unpack(found.content, budget, largest=LARGEST):
            if content is None:
                left_out.append((path, DAMAGED_IN_ARCHIVE))
                continue
            member = _examine(content, budget, depth=depth + 1)
            if member.objection is None and member.media_type == ZIP:
                members += [Member(f"{path}/{each.path}", each.received) for each in member.members]
                left_out += [(f"{path}/{inner}", why) for inner, why in member.left_out]
            elif member.objection is None:
                members.append(Member(path, member))
            elif member.objection.code in FOR_ALL:
                raise Refused(member.objection)
            else:
                left_out.append((path, member.objection))
    except Refused as refusal:
        return replace(found, objection=refusal.objection)
    kept: dict[str, Member] = {}
    for each in members:
        kept.setdefault(each.received.sha256, each)
    nothing = None if kept else NOTHING_IN_IT
    return replace(found, members=tuple(kept.values()), left_out=tuple(left_out), objection=nothing)


# What is wrong with one member is wrong with the archive, which is kept whole and would bring it along.
FOR_ALL = {
    "infected",
    "scanner_unreachable",
    "two_patients",
    "archive_too_deep",
    "archive_too_many",
    "archive_too_large",
    "archive_encrypted",
}
