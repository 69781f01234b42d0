"""Single-defect mutants of valid patient summaries: each is a bundle that HL7 publishes with one thing broken in it.

A mutant is written down as family, bundle, where, and what is put there. `where` is the resource (its type and, from
the second on, its number) and the way inside it; a resource of "" is the bundle itself. What the defect breaks stands
beside it in the standard's own words where the name does not say it.
"""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BUNDLES = Path(__file__).parent / "bundles"
BASES = ("all_sections", "ips_example", "no_information")
DROP = object()
IPS = "http://hl7.org/fhir/uv/ips/StructureDefinition/"


@dataclass(frozen=True)
class Mutant:
    family: str
    name: str
    content: bytes


def base(name: str) -> dict[str, Any]:
    return json.loads((BUNDLES / f"{name}.json").read_bytes())


def add(**more: Any) -> Callable[[Any], Any]:
    return lambda old: {**old, **more}


def twice(old: Any) -> Any:
    return [*old, copy.deepcopy(old[0])] if isinstance(old, list) else [old, old]


def bare(old: Any) -> Any:
    """A list without its brackets."""
    return old[0]


def also(each: Any) -> Callable[[Any], Any]:
    return lambda old: [*(old or []), each]


NARRATIVE = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">x</div>'}
ORGANISATION = {"resourceType": "Organization", "id": "in", "name": "A"}
POINTER = {"reference": "#in"}

# Family, bundle, resource, way, what is put there. A way ends in a key of an object or a number of a list.
TABLE: list[tuple[str, str, str, str, Any]] = [
    # JSON of the wrong kind, and what FHIR does not know
    *[
        ("structure", "all_sections", kind, "colour", "red")
        for kind in (
            "Patient",
            "Composition",
            "Observation",
            "Condition",
            "MedicationStatement",
            "Immunization",
            "Flag",
            "Consent",
        )
    ],
    ("structure", "all_sections", "", "colour", "red"),
    ("structure", "all_sections", "", "entry.3.colour", "red"),
    ("structure", "all_sections", "Patient", "name.0.colour", "red"),
    ("structure", "all_sections", "Observation", "valueQuantity.colour", "red"),
    ("structure", "all_sections", "Composition", "section.0.colour", "red"),
    ("structure", "all_sections", "Observation", "code.coding.0.colour", "red"),
    ("structure", "all_sections", "Patient", "valueString", "red"),
    ("structure", "all_sections", "Observation", "valueReference", {"reference": "Patient/1"}),
    ("structure", "all_sections", "Patient", "birthDate", 1956),
    ("structure", "all_sections", "Patient", "active", "true"),
    ("structure", "all_sections", "Patient", "name", bare),
    ("structure", "all_sections", "Patient", "gender", twice),
    ("structure", "all_sections", "Patient", "maritalStatus", "M"),
    ("structure", "all_sections", "Patient", "maritalStatus", twice),
    ("structure", "all_sections", "Patient", "name.0.given", "Patricia"),
    ("structure", "all_sections", "Patient", "name.0.given.0", 7),
    ("structure", "all_sections", "Patient", "name.0.given.0", None),
    ("structure", "all_sections", "Patient", "name.0", "Patricia"),
    ("structure", "all_sections", "Patient", "multipleBirthInteger", 1.5),
    ("structure", "all_sections", "Observation", "valueQuantity.value", "4.1"),
    ("structure", "all_sections", "Observation", "code", "32309-7"),
    ("structure", "all_sections", "Observation", "subject", "Patient/1"),
    ("structure", "all_sections", "Condition", "onsetDateTime", {"year": 2016}),
    ("structure", "all_sections", "Immunization", "protocolApplied.0.doseNumberPositiveInt", 0),
    ("structure", "all_sections", "Immunization", "protocolApplied.0.doseNumberPositiveInt", -1),
    ("structure", "all_sections", "MedicationStatement:2", "dosage.0.timing.repeat.frequency", 1.5),
    ("structure", "all_sections", "MedicationStatement", "dosage.0.text", ["a"]),
    ("structure", "all_sections", "Composition", "section", bare),
    ("structure", "all_sections", "Composition", "title", 1),
    ("structure", "all_sections", "", "entry", {}),
    ("structure", "all_sections", "", "timestamp", 20240921),
    ("structure", "all_sections", "Patient", "resourceType", DROP),
    ("structure", "all_sections", "Patient", "resourceType", "Pilgrim"),
    ("structure", "all_sections", "", "entry.5.resource", "Practitioner/1"),
    ("structure", "all_sections", "Condition", "note", []),
    ("structure", "all_sections", "Condition", "note", [{}]),
    ("structure", "all_sections", "Condition", "severity", {}),
    ("structure", "all_sections", "Condition", "code.coding", []),
    ("structure", "all_sections", "Condition", "code.text", ""),
    ("structure", "all_sections", "Condition", "severity", None),
    ("structure", "all_sections", "Patient", "_birthDate", {}),
    ("structure", "all_sections", "Patient", "name.0._given", [None, None, {"id": "a"}]),
    ("structure", "all_sections", "Patient", "_birthDate", {"colour": "red"}),
    # forms of primitive values
    ("format", "all_sections", "Patient", "birthDate", "30.09.1956"),
    ("format", "all_sections", "Patient", "birthDate", "1956-13-01"),
    ("format", "all_sections", "Patient", "birthDate", "1957-02-29"),
    ("format", "all_sections", "Patient", "birthDate", "1956-09-30T10:00:00Z"),
    ("format", "all_sections", "Observation", "effectiveDateTime", "2023-10-31T15:06"),
    ("format", "all_sections", "Observation", "effectiveDateTime", "2023-10-31T15:06:00"),
    ("format", "all_sections", "Observation", "effectiveDateTime", "2023-10-31 15:06:00Z"),
    ("format", "all_sections", "Observation", "effectiveDateTime", "2023-11-31"),
    ("format", "all_sections", "", "timestamp", "2024-09-21"),
    ("format", "all_sections", "Patient", "id", "two words"),
    ("format", "all_sections", "Patient", "id", "x" * 65),
    ("format", "all_sections", "Patient", "language", " en"),
    ("format", "all_sections", "Patient", "identifier.0.system", "https://a b"),
    ("format", "all_sections", "Observation", "code.coding.0.code", "32309  7"),
    ("format", "all_sections", "Composition", "meta.versionId", "1/2"),
    ("format", "all_sections", "DocumentReference", "date", "2025-08-01"),
    # how often something may and must be there
    *[
        ("cardinality", "all_sections", kind, way, DROP)
        for kind, way in (
            ("Composition", "status"),
            ("Composition", "type"),
            ("Composition", "date"),
            ("Composition", "author"),
            ("Composition", "title"),
            ("Composition", "attester.0.mode"),
            ("Composition", "relatesTo.0.code"),
            ("Composition", "relatesTo.0.targetIdentifier"),
            ("Composition", "section.0.text.status"),
            ("Composition", "section.0.text.div"),
            ("Observation", "status"),
            ("Observation", "code"),
            ("Observation:9", "component.0.code"),
            ("AllergyIntolerance", "patient"),
            ("Condition", "subject"),
            ("MedicationStatement", "status"),
            ("MedicationStatement", "medicationCodeableConcept"),
            ("MedicationStatement", "subject"),
            ("Immunization", "status"),
            ("Immunization", "vaccineCode"),
            ("Immunization", "patient"),
            ("Immunization", "occurrenceDateTime"),
            ("Immunization", "protocolApplied.0.doseNumberPositiveInt"),
            ("Immunization", "performer.0.actor"),
            ("Flag", "status"),
            ("Flag", "code"),
            ("Flag", "subject"),
            ("Procedure", "status"),
            ("Procedure", "subject"),
            ("DeviceUseStatement", "status"),
            ("DeviceUseStatement", "device"),
            ("Consent", "status"),
            ("Consent", "scope"),
            ("Consent", "category"),
            ("DocumentReference", "status"),
            ("DocumentReference", "content"),
            ("DocumentReference", "content.0.attachment"),
            ("CarePlan", "status"),
            ("CarePlan", "intent"),
            ("CarePlan", "subject"),
            ("CarePlan", "activity.0.detail.status"),
            ("Patient", "text.status"),
            ("", "type"),
        )
    ],
    ("cardinality", "all_sections", "Patient", "@", add(deceasedBoolean=True, deceasedDateTime="2020")),
    ("cardinality", "all_sections", "Observation", "valueString", "also"),
    ("cardinality", "all_sections", "Condition", "onsetString", "also"),
    ("cardinality", "all_sections", "MedicationStatement", "medicationReference", {"reference": "Medication/1"}),
    ("cardinality", "all_sections", "Patient", "link", [{"type": "seealso"}]),
    ("cardinality", "all_sections", "Patient", "communication", [{"preferred": True}]),
    ("cardinality", "all_sections", "", "link", [{"url": "https://example.com"}]),
    # codes of required value sets
    ("binding", "all_sections", "Patient", "gender", "woman"),
    ("binding", "all_sections", "Patient", "name.0.use", "first"),
    ("binding", "all_sections", "Patient", "telecom.0.system", "telex"),
    ("binding", "all_sections", "Patient", "telecom.0.use", "boat"),
    ("binding", "all_sections", "Patient", "address.0.use", "tent"),
    ("binding", "all_sections", "Patient", "address.0.type", "lunar"),
    ("binding", "all_sections", "Patient", "identifier.0.use", "best"),
    ("binding", "all_sections", "Composition", "status", "done"),
    ("binding", "all_sections", "Composition", "confidentiality", "secret"),
    ("binding", "all_sections", "Composition", "attester.0.mode", "magic"),
    ("binding", "all_sections", "Composition", "relatesTo.0.code", "copies"),
    ("binding", "all_sections", "Composition", "section.0.text.status", "invented"),
    ("binding", "all_sections", "Composition", "section.0.mode", "listing"),
    ("binding", "all_sections", "", "type", "dossier"),
    ("binding", "all_sections", "Observation", "status", "ready"),
    ("binding", "all_sections", "AllergyIntolerance", "clinicalStatus.coding.0.code", "on"),
    ("binding", "all_sections", "AllergyIntolerance", "clinicalStatus.coding.0.system", "http://example.com"),
    ("binding", "all_sections", "AllergyIntolerance", "clinicalStatus", {"text": "active"}),
    ("binding", "all_sections", "AllergyIntolerance", "verificationStatus.coding.0.code", "sure"),
    ("binding", "all_sections", "AllergyIntolerance", "criticality", "huge"),
    ("binding", "all_sections", "AllergyIntolerance", "category", ["dust"]),
    ("binding", "all_sections", "AllergyIntolerance", "type", "dislike"),
    ("binding", "all_sections", "Condition", "clinicalStatus.coding.0.code", "chronic"),
    ("binding", "all_sections", "Condition", "verificationStatus.coding.0.code", "certain"),
    ("binding", "all_sections", "MedicationStatement", "status", "taking"),
    ("binding", "all_sections", "MedicationStatement:2", "dosage.0.timing.repeat.periodUnit", "day"),
    ("binding", "all_sections", "Immunization", "status", "done"),
    ("binding", "all_sections", "Flag", "status", "up"),
    ("binding", "all_sections", "Procedure", "status", "done"),
    ("binding", "all_sections", "DeviceUseStatement", "status", "in use"),
    ("binding", "all_sections", "Consent", "status", "yes"),
    ("binding", "all_sections", "DocumentReference", "status", "new"),
    ("binding", "all_sections", "CarePlan", "intent", "hope"),
    ("binding", "all_sections", "Observation", "valueQuantity.comparator", "="),
    ("binding", "all_sections", "DocumentReference", "content.0.attachment.language", "two words "),
    # codes of value sets that do not ship: they are not found, and named in the test
    ("binding", "all_sections", "DocumentReference", "content.0.attachment.contentType", "pdf"),
    ("binding", "all_sections", "Observation", "valueQuantity.code", "bucket"),
    ("binding", "all_sections", "Condition", "code.coding.0.code", "59621001"),
    # invariants
    ("invariant", "all_sections", "AllergyIntolerance", "clinicalStatus", DROP),  # ait-1
    (
        "invariant",
        "all_sections",
        "AllergyIntolerance",
        "verificationStatus.coding.0.code",
        "entered-in-error",
    ),  # ait-2
    ("invariant", "all_sections", "Condition", "abatementDateTime", "2020"),  # con-4
    ("invariant", "all_sections", "Condition", "verificationStatus.coding.0.code", "entered-in-error"),  # con-5
    ("invariant", "all_sections", "Condition", "stage", [{"type": {"text": "x"}}]),  # con-1
    (
        "invariant",
        "all_sections",
        "Condition",
        "evidence",
        [{"id": "a", "extension": [{"url": "http://a.b", "valueCode": "c"}]}],
    ),
    ("invariant", "all_sections", "Observation", "dataAbsentReason", {"text": "lost"}),  # obs-6
    ("invariant", "all_sections", "Observation", "referenceRange", [{"age": {"low": {"value": 1}}}]),  # obs-3
    (
        "invariant",
        "all_sections",
        "Observation",
        "component",
        [
            {
                "code": {
                    "coding": [
                        {
                            "system": "http://loinc.org",
                            "code": "32309-7",
                            "display": "Cholesterol.total/Cholesterol in HDL [Molar ratio] in Serum or Plasma",
                        }
                    ]
                }
            }
        ],
    ),  # obs-7
    ("invariant", "all_sections", "", "total", 42),  # bdl-1
    ("invariant", "all_sections", "", "entry.3.search", {"mode": "match"}),  # bdl-2
    ("invariant", "all_sections", "", "entry.3.request", {"method": "GET", "url": "Patient"}),  # bdl-3
    ("invariant", "all_sections", "", "entry.3.response", {"status": "200"}),  # bdl-4
    ("invariant", "all_sections", "", "entry", also({"fullUrl": "http://a.example/Basic/1"})),  # bdl-5
    ("invariant", "all_sections", "", "entry", twice),  # bdl-7
    ("invariant", "all_sections", "", "entry.3.fullUrl", lambda old: f"{old}/_history/1"),  # bdl-8
    ("invariant", "all_sections", "", "identifier.system", DROP),  # bdl-9
    ("invariant", "all_sections", "", "timestamp", DROP),  # bdl-10
    ("invariant", "all_sections", "", "entry", lambda old: [*old[1:], old[0]]),  # bdl-11
    ("invariant", "all_sections", "Composition", "section.0", {"title": "Empty", "code": {"text": "x"}}),  # cmp-1
    ("invariant", "all_sections", "Composition", "section.0.emptyReason", {"text": "none"}),  # cmp-2
    ("invariant", "all_sections", "Patient", "contact", also({"gender": "male"})),  # pat-1
    ("invariant", "all_sections", "Patient", "telecom.0.system", DROP),  # cpt-2
    (
        "invariant",
        "all_sections",
        "Organization",
        "telecom",
        [{"system": "phone", "value": "1", "use": "home"}],
    ),  # org-3
    ("invariant", "all_sections", "Organization", "address", [{"use": "home", "city": "A"}]),  # org-2
    (
        "invariant",
        "all_sections",
        "Composition",
        "event.0.period",
        {"start": "2024-09-14", "end": "2024-09-13"},
    ),  # per-1
    ("invariant", "all_sections", "Observation", "valueQuantity.system", DROP),  # qty-3
    ("invariant", "all_sections", "Observation", "referenceRange.0.low", {"value": 1, "comparator": "<"}),  # sqty-1
    ("invariant", "all_sections", "DocumentReference", "content.0.attachment", {"data": "YQ=="}),  # att-1
    ("invariant", "all_sections", "MedicationStatement:2", "dosage.0.timing.repeat.periodUnit", DROP),  # tim-2
    ("invariant", "all_sections", "MedicationStatement:2", "dosage.0.timing.repeat.period", -1),  # tim-5
    ("invariant", "all_sections", "MedicationStatement:2", "dosage.0.timing.repeat.duration", 1),  # tim-1
    ("invariant", "all_sections", "MedicationStatement:2", "dosage.0.timing.repeat.countMax", 3),  # tim-8
    (
        "invariant",
        "all_sections",
        "MedicationStatement",
        "dosage.0.maxDosePerPeriod",
        {"numerator": {"value": 1}},
    ),  # rat-1
    (
        "invariant",
        "all_sections",
        "MedicationStatement",
        "dosage.0.doseAndRate.0",
        {"doseRange": {"low": {"value": 3}, "high": {"value": 2}}},
    ),  # rng-2
    ("invariant", "all_sections", "Immunization", "education", [{"publicationDate": "2020"}]),  # imm-1
    ("invariant", "all_sections", "Consent", "policyRule", DROP),  # ppc-1
    ("invariant", "all_sections", "CarePlan", "activity.0.reference", {"display": "a plan"}),  # cpl-3
    ("invariant", "all_sections", "Patient", "extension", [{"url": "http://a.example"}]),  # ext-1
    (
        "invariant",
        "all_sections",
        "Patient",
        "extension",
        [{"url": "http://a.example", "valueCode": "a", "extension": [{"url": "b", "valueCode": "c"}]}],
    ),  # ext-1
    ("invariant", "all_sections", "Patient", "contained", [ORGANISATION]),  # dom-3
    (
        "invariant",
        "all_sections",
        "Patient",
        "@",
        add(contained=[{**ORGANISATION, "meta": {"versionId": "1"}}], managingOrganization=POINTER),
    ),
    (
        "invariant",
        "all_sections",
        "Patient",
        "@",
        add(contained=[{**ORGANISATION, "meta": {"security": [{"code": "N"}]}}], managingOrganization=POINTER),
    ),
    (
        "invariant",
        "all_sections",
        "Patient",
        "@",
        add(
            contained=[{**ORGANISATION, "contained": [{**ORGANISATION, "id": "on"}], "partOf": {"reference": "#on"}}],
            managingOrganization=POINTER,
        ),
    ),
    ("invariant", "all_sections", "Patient", "text.div", "<div>open"),  # txt-1
    (
        "invariant",
        "all_sections",
        "Patient",
        "text.div",
        '<div xmlns="http://www.w3.org/1999/xhtml"><script>1</script></div>',
    ),
    (
        "invariant",
        "all_sections",
        "Patient",
        "text.div",
        '<div xmlns="http://www.w3.org/1999/xhtml"><p onclick="1">a</p></div>',
    ),
    ("invariant", "all_sections", "Patient", "text.div", '<div xmlns="http://www.w3.org/1999/xhtml"> </div>'),  # txt-2
    # references
    ("reference", "all_sections", "Patient", "managingOrganization", {"reference": "#nowhere"}),  # ref-1
    ("reference", "all_sections", "Patient", "managingOrganization", {"reference": "Practitioner/1"}),
    ("reference", "all_sections", "Condition", "subject", {"reference": "Organization/1"}),
    (
        "reference",
        "all_sections",
        "Condition",
        "subject",
        {"reference": "urn:uuid:00000000-0000-0000-0000-000000000000"},
    ),
    ("reference", "all_sections", "Condition", "asserter", lambda old: {**old, "type": "Organization"}),
    ("reference", "all_sections", "Observation", "performer.0", {"reference": "Device/eumfh-70-275-2"}),
    ("reference", "all_sections", "Composition", "custodian.reference", "Organization/elsewhere"),
    ("reference", "all_sections", "Composition", "section.0.entry.0.reference", "Condition/elsewhere"),
    ("reference", "all_sections", "Composition", "subject.reference", "Patient/elsewhere"),
    ("reference", "all_sections", "DeviceUseStatement", "device.reference", "Patient/1"),
    ("reference", "all_sections", "Immunization", "performer.0.actor", {"reference": "Device/1"}),
    ("reference", "all_sections", "PractitionerRole", "practitioner.reference", "Patient/1"),
    # what the patient summary asks beyond FHIR
    ("ips", "all_sections", "Composition", "section", lambda old: [each for each in old if code_of(each) != "11450-4"]),
    ("ips", "all_sections", "Composition", "section", lambda old: [each for each in old if code_of(each) != "48765-2"]),
    ("ips", "all_sections", "Composition", "section", lambda old: [each for each in old if code_of(each) != "10160-0"]),
    ("ips", "all_sections", "Composition", "section", twice),
    ("ips", "all_sections", "Composition", "section", DROP),
    ("ips", "all_sections", "Composition", "section.0.title", DROP),
    ("ips", "all_sections", "Composition", "section.1.title", DROP),
    ("ips", "all_sections", "Composition", "section.0.code", DROP),
    ("ips", "all_sections", "Composition", "section.3.code", DROP),
    ("ips", "all_sections", "Composition", "section.0.text", DROP),
    ("ips", "all_sections", "Composition", "section.2.text", DROP),
    ("ips", "all_sections", "Composition", "section.0.code.coding.0.code", "11450-5"),
    ("ips", "all_sections", "Composition", "section.0.code.coding.0.system", "http://example.com"),
    ("ips", "all_sections", "Composition", "section.0.entry", DROP),  # ips-comp-1
    ("ips", "all_sections", "Composition", "section.0.entry.0.reference", lambda _: first_url("AllergyIntolerance")),
    ("ips", "all_sections", "Composition", "section.1.entry.0.reference", lambda _: first_url("Condition")),
    ("ips", "all_sections", "Composition", "type.coding.0.code", "60591-6"),
    ("ips", "all_sections", "Composition", "subject.reference", lambda _: first_url("Organization")),
    ("ips", "all_sections", "Composition", "subject", {"display": "Patricia"}),
    ("ips", "all_sections", "Composition", "subject", DROP),
    ("ips", "all_sections", "", "identifier", DROP),
    ("ips", "all_sections", "", "type", "collection"),
    (
        "ips",
        "all_sections",
        "",
        "entry",
        lambda old: [*old, {**old[0], "fullUrl": "http://a.example/Composition/2"}],
    ),  # bdl-ips-1
    ("ips", "all_sections", "", "entry.3.fullUrl", DROP),
    (
        "ips",
        "all_sections",
        "",
        "entry",
        lambda old: [each for each in old if each["resource"]["resourceType"] != "Patient"],
    ),
    ("ips", "all_sections", "Patient", "name", DROP),
    ("ips", "all_sections", "Patient", "birthDate", DROP),
    ("ips", "all_sections", "Patient", "name.0", {"use": "usual"}),  # ips-pat-1
    ("ips", "all_sections", "AllergyIntolerance", "code", DROP),
    ("ips", "all_sections", "AllergyIntolerance", "patient", {"display": "Patricia"}),
    ("ips", "all_sections", "Condition", "code", DROP),
    ("ips", "all_sections", "Condition", "subject", {"display": "Patricia"}),
    ("ips", "all_sections", "MedicationStatement", "effectiveDateTime", DROP),
    ("ips", "all_sections", "MedicationStatement", "subject", {"display": "Patricia"}),
    ("ips", "all_sections", "Immunization", "patient", {"display": "Patricia"}),
    ("ips", "all_sections", "Procedure", "performedDateTime", DROP),
    ("ips", "all_sections", "Procedure", "code", DROP),
    ("ips", "all_sections", "Procedure", "subject", {"display": "Patricia"}),
    ("ips", "all_sections", "DeviceUseStatement", "_timingDateTime", DROP),
    ("ips", "all_sections", "Flag", "subject", {"display": "Patricia"}),
    ("ips", "all_sections", "Organization", "name", DROP),
    ("ips", "all_sections", "Practitioner", "name", DROP),
    ("ips", "all_sections", "Observation:10", "effectiveDateTime", DROP),
    ("ips", "all_sections", "Observation:11", "subject", {"display": "Patricia"}),
    ("ips", "all_sections", "Observation:12", "effectiveDateTime", DROP),
    ("ips", "all_sections", "Observation", "effectiveDateTime", DROP),
    ("ips", "all_sections", "Observation", "performer", DROP),
    ("ips", "all_sections", "Observation", "valueQuantity", DROP),  # ips-2
    ("ips", "ips_example", "Medication", "code", DROP),
    ("ips", "ips_example", "Composition", "section.0.text", DROP),
    ("ips", "ips_example", "Patient", "birthDate", DROP),
    ("ips", "ips_example", "MedicationStatement", "effectivePeriod", DROP),
    ("ips", "no_information", "Composition", "section.0.emptyReason", DROP),
    ("ips", "no_information", "Composition", "section", lambda old: old[1:]),
]

# The bytes themselves: name, and the change.
BYTES: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("a key twice", lambda given: given.replace(b'"gender"', b'"gender":"male","gender"', 1)),
    ("a key twice, the same value", lambda given: given.replace(b'"lotNumber"', b'"lotNumber":"H06","lotNumber"', 1)),
    ("cut off", lambda given: given[: len(given) // 2]),
    ("the last brace missing", lambda given: given.rstrip()[:-1]),
    ("something after the end", lambda given: given + b"{}"),
    ("NaN", lambda given: given.replace(b":4.1,", b":NaN,", 1)),
    ("a number with a leading zero", lambda given: given.replace(b":4.1,", b":04.1,", 1)),
    ("a comma too many", lambda given: given.replace(b'"gender"', b',"gender"', 1)),
    ("Latin-1", lambda given: given.replace(b"Patricia", b"Patr\xedcia", 1)),
    ("a raw line break in a text", lambda given: given.replace(b"Patricia", b"Patri\ncia", 1)),
    ("nested without end", lambda given: given.replace(b'"female"', b"[" * 300 + b"]" * 300, 1)),
    ("no object", lambda given: b"[" + given + b"]"),
]


def code_of(section: Any) -> str:
    return str(section["code"]["coding"][0]["code"])


def first_url(kind: str) -> str:
    return next(e["fullUrl"] for e in base("all_sections")["entry"] if e["resource"]["resourceType"] == kind)


def mutants() -> Iterator[Mutant]:
    for family, name, kind, way, change in TABLE:
        bundle = base(name)
        apply(bundle, kind, way, change)
        yield Mutant(family, f"{name}: {kind or 'Bundle'}.{way} {told(change)}", json.dumps(bundle).encode())
    given = (BUNDLES / "all_sections.json").read_bytes()
    for told_as, alter in BYTES:
        changed = alter(given)
        assert changed != given, told_as
        yield Mutant("json", f"all_sections: {told_as}", changed)


def told(change: Any) -> str:
    if callable(change):
        return getattr(change, "__name__", "changed").replace("<lambda>", "changed")
    return "dropped" if change is DROP else f"= {json.dumps(change)[:60]}"


def apply(bundle: dict[str, Any], kind: str, way: str, change: Any) -> None:
    """Puts the defect where it belongs; raises where the bundle has no such place."""
    steps = [
        *place_of(bundle, kind),
        *(int(step) if step.isdigit() else step for step in way.split(".") if step != "@"),
    ]
    parent: Any = bundle
    for step in steps[:-1]:
        parent = parent[step]
    last: Any = steps[-1]
    old = parent[last] if isinstance(last, int) else parent.get(last)
    new = change(old) if callable(change) else change
    if new is DROP:
        assert last in parent, (kind, way)
        del parent[last]
    else:
        assert new != old or old is None, (kind, way)
        parent[last] = new


def place_of(bundle: dict[str, Any], kind: str) -> list[str | int]:
    if not kind:
        return []
    name, _, number = kind.partition(":")
    found = [at for at, entry in enumerate(bundle["entry"]) if entry["resource"]["resourceType"] == name]
    return ["entry", found[int(number or 1) - 1], "resource"]
