"""What a link hands out: the summary of the journey, and the files that the patient chose."""

import base64
import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from clearpath.core.outcomes import NotFound
from clearpath.records.going_home import ips_of
from clearpath.records.models import Link, Record
from clearpath.records.received import FHIR
from clearpath.trust import vault

if TYPE_CHECKING:
    from clearpath.journeys.models import Journey


@dataclass(frozen=True, slots=True)
class SharedFile:
    """One file of a link, as FHIR in JSON: what the specification lets a link hold."""

    content: bytes
    changed_at: datetime
    may_change: bool


def summary_now(journey: "Journey", *, at: datetime) -> bytes:
    """The journey as an International Patient Summary, in the patient's language."""
    return ips_of(journey, language=journey.language, at=at)


def content_of(record: Record) -> bytes:
    """The very bytes that were received."""
    return vault.open_sealed(bytes(record.sealed), about=record.pk)


def files_of(link: Link, *, at: datetime) -> dict[str, SharedFile]:
    """Every file of a link by a name within it; what was erased since is left out."""
    found = _summary_of(link, at)
    for record in link.records.order_by("pk"):
        with suppress(NotFound):  # erased
            found[str(record.pk)] = SharedFile(as_fhir(record), record.received_at, may_change=False)
    return found


def _summary_of(link: Link, at: datetime) -> dict[str, SharedFile]:
    if not link.with_summary:
        return {}
    if link.is_long_term:
        return {"summary": SharedFile(summary_now(link.journey, at=at), at, may_change=True)}
    kept = vault.open_sealed(bytes(link.kept), about=link.pk)
    return {"summary": SharedFile(kept, link.made_at, may_change=False)}


def as_fhir(record: Record) -> bytes:
    """A record that is FHIR as it was received; anything else as a document of FHIR R4 with its bytes."""
    content = content_of(record)
    return content if record.media_type == FHIR else _wrapped(record, content)


def _wrapped(record: Record, content: bytes) -> bytes:
    """A collection of DocumentReference and Binary. Its hash is SHA-1, as FHIR R4 Attachment.hash says."""
    document, binary = f"urn:uuid:{record.pk}", f"urn:uuid:{UUID(int=record.pk.int ^ 1)}"
    attachment = {
        "contentType": record.media_type,
        "url": binary,
        "size": record.size,
        "hash": base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode(),
        "title": record.title or record.media_type,
        "creation": record.received_at.isoformat(timespec="seconds"),
    }
    reference = {"resourceType": "DocumentReference", "status": "current", "content": [{"attachment": attachment}]}
    if record.received_from:
        reference["author"] = [{"display": record.received_from}]
    data = base64.b64encode(content).decode()
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": record.received_at.isoformat(timespec="seconds"),
        "entry": [
            {"fullUrl": document, "resource": reference},
            {
                "fullUrl": binary,
                "resource": {"resourceType": "Binary", "contentType": record.media_type, "data": data},
            },
        ],
    }
    return json.dumps(bundle, ensure_ascii=False).encode()
