"""What is wrong with FHIR data, found by three gates: JSON and structure, FHIR R4, the International Patient Summary.

Plain Python. Others call `check`, or `check_resource` for what is read already, and read `Finding`.
"""

from collections.abc import Collection
from typing import Any, Literal

from clearpath.records.check import reading, structure
from clearpath.records.check.definitions import Json, kind_of, profiles
from clearpath.records.check.findings import Finding, Findings, Gate, Severity
from clearpath.records.check.reading import Parsed
from clearpath.records.check.slices import claims
from clearpath.records.check.walk import At, judge, walk_resource

__all__ = ["Finding", "Parsed", "Severity", "check", "check_resource", "is_summary"]

Profile = Literal["", "r4", "ips"]
IPS = "http://hl7.org/fhir/uv/ips/StructureDefinition/"
SUMMARY_TYPE = ("http://loinc.org", "60591-5")  # Patient summary Document


def check(content: bytes | Parsed, *, profile: Profile = "", gates: Collection[Gate] = (1, 2, 3)) -> list[Finding]:
    """Every defect of a FHIR R4 resource or bundle in JSON; of all three gates where it is a patient summary.

    `profile` "r4" leaves the third gate out, "ips" always asks it; `gates` limits what is asked. Never raises for what
    the bytes hold.
    """
    resource, found = reading.read(content)
    return found + (_checked(resource, profile, gates) if resource is not None else [])


def check_resource(resource: Json, *, profile: Profile = "", gates: Collection[Gate] = (1, 2, 3)) -> list[Finding]:
    """Every defect of a resource that has been read from JSON already; the same as `check` but for the JSON itself."""
    refused = reading.why_not_this(resource)
    return [refused] if refused else _checked(resource, profile, gates)


def _checked(resource: Json, profile: Profile, gates: Collection[Gate]) -> list[Finding]:
    findings = Findings()
    named = kind_of(resource)
    if 1 in gates:
        structure.check(resource, findings, named)
    at = At(findings, 2, named, resource, resource)
    if 2 in gates:
        walk_resource(resource, None, at)
    if 3 in gates and profile != "r4" and (profile == "ips" or is_summary(resource)):
        _third_gate(resource, at)
    return findings.all()


def _third_gate(resource: Json, at: At) -> None:
    at.gate = 3
    if resource["resourceType"] == "Bundle":
        at.enter_bundle(resource, None)
    fitting = [each for each in profiles() if each.startswith(IPS) and claims(resource, each)]
    for each in fitting:
        judge(resource, each, None, at)


def is_summary(resource: Any) -> bool:
    """Whether it is an International Patient Summary: a document of that LOINC type, or one that names the profile."""
    if not isinstance(resource, dict) or resource.get("resourceType") != "Bundle" or resource.get("type") != "document":
        return False
    entries = resource.get("entry")
    first = (
        entries[0].get("resource") if isinstance(entries, list) and entries and isinstance(entries[0], dict) else None
    )
    first = first if isinstance(first, dict) else {}
    return _claims_ips(resource) or _claims_ips(first) or _is_of_summary_type(first.get("type"))


def _claims_ips(resource: Json) -> bool:
    meta = resource.get("meta")
    told = meta.get("profile") if isinstance(meta, dict) else None
    return isinstance(told, list) and any(isinstance(each, str) and each.startswith(IPS) for each in told)


def _is_of_summary_type(concept: Any) -> bool:
    codings = concept.get("coding") if isinstance(concept, dict) else None
    given = codings if isinstance(codings, list) else []
    return any(isinstance(each, dict) and (each.get("system"), each.get("code")) == SUMMARY_TYPE for each in given)
