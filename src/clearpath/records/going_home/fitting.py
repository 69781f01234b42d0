"""Saying "unknown" where the International Patient Summary requires something that the sender left out.

Nothing that was sent is changed, but for the address of a code system that is plainly mistaken.
Source: HL7 IPS 2.0.0, profiles of each kind, read 2026-11-25; AllergyIntolerance ait-1 of FHIR R4.
"""

from collections.abc import Callable
from typing import Any

from clearpath.records.fhir.elements import TERMS, absent
from clearpath.records.going_home.received import Json
from clearpath.records.going_home.sections import OF_PREGNANCY, ONCE_IN_SOCIAL, codes_in

SUBJECT = {
    "AllergyIntolerance": "patient",
    "Condition": "subject",
    "DeviceUseStatement": "subject",
    "DiagnosticReport": "subject",
    "Flag": "subject",
    "ImagingStudy": "subject",
    "Immunization": "patient",
    "MedicationRequest": "subject",
    "MedicationStatement": "subject",
    "Observation": "subject",
    "Procedure": "subject",
    "ServiceRequest": "subject",
}
CODE = ("AllergyIntolerance", "Condition", "Medication", "Procedure")
WHEN = {
    "DeviceUseStatement": "timing",
    "DiagnosticReport": "effective",
    "MedicationStatement": "effective",
    "Procedure": "performed",
}
MEASURED = {"laboratory", "imaging"}  # categories of Observation that IPS has a profile of results for
WATCHED = MEASURED | {"vital-signs"}
OF_PROFILES = OF_PREGNANCY | set(ONCE_IN_SOCIAL)


# Code systems named by the address of the value set that binds them, as some vendors do: there is only one meaning.
CODE_SYSTEMS = {
    f"http://hl7.org/fhir/ValueSet/{name}": TERMS + system
    for name, system in (
        ("allergyintolerance-clinical", "allergyintolerance-clinical"),
        ("allergyintolerance-verification", "allergyintolerance-verification"),
        ("condition-clinical", "condition-clinical"),
        ("condition-ver-status", "condition-ver-status"),
    )
}


def fit(resource: Json, patient: str) -> Json:
    """The resource with what IPS requires of its kind; `patient` is the name of the patient in the document."""
    kind = resource["resourceType"]
    for each in resource.get("contained") or []:
        if isinstance(each, dict) and "resourceType" in each:
            fit(each, patient)
    for status in ("clinicalStatus", "verificationStatus"):
        _name_system(resource.get(status))
    if about := SUBJECT.get(kind):
        said = resource.get(about)
        if said is None or (isinstance(said, dict) and not said.get("reference")):
            resource[about] = {**(said or {}), "reference": patient}
    if kind in CODE:
        resource.setdefault("code", absent())
    if kind in WHEN:
        _fill_when(resource, WHEN[kind])
    if special := SPECIAL.get(kind):
        special(resource)
    return resource


def _fill_when(resource: Json, element: str) -> None:
    if not any(key.lstrip("_").startswith(element) for key in resource):
        resource[f"_{element}DateTime"] = absent()


def _name_system(status: Any) -> None:
    codings = status.get("coding") if isinstance(status, dict) else None
    for each in codings if isinstance(codings, list) else []:
        if isinstance(each, dict) and each.get("system") in CODE_SYSTEMS:
            each["system"] = CODE_SYSTEMS[each["system"]]


def _allergy(resource: Json) -> None:
    if "entered-in-error" not in codes_in(resource.get("verificationStatus")):
        resource.setdefault("clinicalStatus", absent())


def _organisation(resource: Json) -> None:
    if "name" not in resource:
        resource.setdefault("_name", absent())


def _practitioner(resource: Json) -> None:
    if not resource.get("name"):
        resource["name"] = [absent()]


def _specimen(resource: Json) -> None:
    resource.setdefault("type", absent())


def _observation(resource: Json) -> None:
    categories = [codes_in(each) for each in resource.get("category") or []]
    said = set().union(*categories) if categories else set()
    if said & WATCHED or codes_in(resource.get("code")) & OF_PROFILES:
        _fill_when(resource, "effective")
    if said & WATCHED:
        _fill_value(resource)
    if said & MEASURED and not resource.get("performer"):
        resource["performer"] = [absent()]


def _fill_value(resource: Json) -> None:
    has_value = any(key.lstrip("_").startswith("value") for key in resource)
    if not has_value and not any(resource.get(key) for key in ("component", "hasMember", "dataAbsentReason")):
        resource["dataAbsentReason"] = {
            "coding": [
                {"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "unknown"},
            ]
        }


SPECIAL: dict[str, Callable[[Json], None]] = {
    "AllergyIntolerance": _allergy,
    "Observation": _observation,
    "Organization": _organisation,
    "Practitioner": _practitioner,
    "Specimen": _specimen,
}
