"""The small parts that FHIR R4 resources are made of."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

Resource = dict[str, Any]

ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
NOTHING_SAID = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"  # no-known-… and no-…-info
LOINC = "http://loinc.org"
URI = "urn:ietf:rfc:3986"  # the system of an identifier that is a URI
TERMS = "http://terminology.hl7.org/CodeSystem/"


def absent(reason: str = "unknown") -> Resource:
    """What stands in place of a value that is not known; never a value itself."""
    return {"extension": [{"url": ABSENT, "valueCode": reason}]}


def coding(system: str, code: str, display: str = "") -> Resource:
    return filled({"system": system, "code": code, "display": display})


def concept(*codings: Resource, text: str = "") -> Resource:
    """A CodeableConcept; with neither code nor text it says that it is not known."""
    return filled({"coding": list(codings), "text": text}) or absent()


def pointer(kind: str, key: UUID | str, display: str = "") -> Resource:
    """A reference within what we hand out, such as Patient/…"""
    return filled({"reference": f"{kind}/{key}", "display": display})


def resource(kind: str, key: UUID | str, **elements: Any) -> Resource:
    """A resource without the elements that are empty, for FHIR has no empty values."""
    return {"resourceType": kind, "id": str(key), **filled(elements)}


def filled(elements: Resource) -> Resource:
    return {name: value for name, value in elements.items() if value not in (None, "", [], {}, ())}


def instant(at: datetime) -> str:
    """A moment to the second, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(on: date | None) -> str | None:
    return on.isoformat() if on else None


def note(text: str, at: datetime | None = None) -> list[Resource]:
    """An annotation with a text, or none."""
    return [filled({"time": instant(at) if at else None, "text": text})] if text else []
