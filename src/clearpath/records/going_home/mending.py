"""What becomes of a received resource that breaks a rule of FHIR: nothing of it is lost, nothing wrong is passed on.

The document is checked as a stranger would check it. Where only the narrative of a resource is broken, the narrative
stays behind, for the facts beside it say the same. Any other broken resource stands as a document that holds it as it
was sent, in the same section: people read it there, and no machine takes it for a fact that it may misread.
"""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

from clearpath.records.check import check
from clearpath.records.fhir.elements import Resource
from clearpath.records.going_home.exact import dumped
from clearpath.records.going_home.received import Found, Json

ENTRY = re.compile(r"Bundle\.entry\[(\d+)\]\.resource(?:\.(\w+))?")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a resource cannot stand as it is."""

    says: str
    only_text: bool = False


def faults_of(bundle: Resource) -> dict[str, Fault]:
    """What breaks a rule, by the name of the resource."""
    found: dict[str, list[tuple[str, str]]] = {}
    for index, element, says in _errors(bundle):
        found.setdefault(bundle["entry"][index]["fullUrl"], []).append((element, says))
    return {name: Fault(said[0][1], all(each == "text" for each, _says in said)) for name, said in found.items()}


def _errors(bundle: Resource) -> Iterator[tuple[int, str, str]]:
    for finding in check(dumped(bundle), profile="ips"):
        where = ENTRY.match(finding.path)
        if finding.severity == "error" and where:
            yield int(where[1]), where[2] or "", finding.says


def without_text(resource: Json) -> Json:
    return {key: value for key, value in resource.items() if key != "text"}


def as_document(found: Found, name: str, patient: str) -> Json:
    """The resource, whole, inside a document about the patient."""
    return {
        "resourceType": "DocumentReference",
        "id": found.resource["id"],
        "status": "current",
        "type": {"text": found.kind},
        "subject": {"reference": patient},
        "description": name,
        "content": [
            {
                "attachment": {
                    "contentType": "application/fhir+json",
                    "data": base64.b64encode(dumped(found.resource)).decode(),
                    "title": name,
                }
            }
        ],
    }
