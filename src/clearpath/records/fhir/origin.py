"""Where something came from, as FHIR R4 Provenance."""

from datetime import datetime
from uuid import UUID

from clearpath.records.fhir.elements import TERMS, URI, Resource, coding, concept, filled, instant, resource
from clearpath.records.fhir.facts import Filed
from clearpath.records.fhir.medicine import digest_uri


def agent(role: str, who: Resource) -> Resource:
    """Who took part, and as what: a code of provenance-participant-type."""
    return {"type": concept(coding(TERMS + "provenance-participant-type", role)), "who": who}


def received_to_fhir(key: UUID | str, filed: Filed, targets: list[Resource], agents: list[Resource]) -> Resource:
    """That resources were carried over from a file, which its digest names to the bit."""
    what = filled({"identifier": {"system": URI, "value": digest_uri(filed.sha256)}, "display": filed.title})
    return resource(
        "Provenance",
        key,
        target=targets,
        recorded=instant(filed.at),
        agent=agents,
        entity=[{"role": "source", "what": what}],
    )


def written_to_fhir(key: UUID | str, at: datetime, targets: list[Resource], agents: list[Resource]) -> Resource:
    """That resources were made from what somebody wrote here."""
    return resource("Provenance", key, target=targets, recorded=instant(at), agent=agents)
