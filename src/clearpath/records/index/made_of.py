"""What the network itself says of a record in FHIR: what it is, and where it came from."""

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from clearpath.core.identifiers import new_id
from clearpath.records.models import Record

Json = dict[str, Any]
PROVENANCE_ACTIVITY = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"
AGENT_TYPE = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
ROLES = "urn:clearpath:role"


@lru_cache(maxsize=64)
def instant(at: datetime) -> str:
    """A moment as FHIR writes it, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def version_of(version: int, at: datetime) -> Json:
    return {"versionId": str(version), "lastUpdated": instant(at)}


def text_of(resource: Json, key: UUID, version: int, at: datetime) -> bytes:
    """The resource as clients get it."""
    head = {"resourceType": resource["resourceType"], "id": str(key), "meta": version_of(version, at)}
    return json.dumps({**head, **resource, **head}).encode()


def record(of: Record) -> list[Json]:
    """A DocumentReference to the bytes as received, and the Provenance of what is in them."""
    return [document_reference(of), provenance(of)]


def document_reference(of: Record) -> Json:
    """The record as a document; its bytes are the Binary of the same key."""
    attachment = {
        "contentType": of.media_type,
        "url": f"Binary/{of.pk}",
        "size": of.size,
        "title": of.title or None,
        "creation": instant(of.received_at),
    }
    return {
        "resourceType": "DocumentReference",
        "id": of.pk,
        "status": "current",
        "subject": {"reference": f"Patient/{of.journey_id}"},
        "date": instant(of.received_at),
        **({"description": of.title} if of.title else {}),
        "content": [{"attachment": {name: value for name, value in attachment.items() if value is not None}}],
    }


def provenance(of: Record) -> Json:
    """Who brought a record, in which role, and who made it as they said."""
    brought: Json = {
        "type": {"coding": [{"system": AGENT_TYPE, "code": "enterer"}]},
        "role": [{"coding": [{"system": ROLES, "code": of.added_as}]}],
        "who": {"display": of.added_as},
    }
    author: Json = {
        "type": {"coding": [{"system": AGENT_TYPE, "code": "author"}]},
        "who": {"display": of.received_from},
    }
    return {
        "resourceType": "Provenance",
        "id": new_id(),
        "target": [{"reference": f"DocumentReference/{of.pk}"}],
        "recorded": instant(of.received_at),
        "activity": {"coding": [{"system": PROVENANCE_ACTIVITY, "code": "CREATE"}]},
        "agent": [brought, *([author] if of.received_from else [])],
        "entity": [{"role": "source", "what": {"reference": f"Binary/{of.pk}"}}],
    }
