"""Which types of FHIR R4 are offered, and by which parameters each can be searched.

Names, kinds and meanings are those of HL7's search parameters (FHIR R4 4.0.1, search-parameters.json), of which these
are a part: tests/records/test_offered.py compares them. Only one date of each type can be searched and sorted by.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Kind = Literal["token", "reference", "date", "string"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A search parameter: its kind, and the members of the resource in which its values stand."""

    kind: Kind
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Offered:
    """One type: `subject` is the member that says whose it is ("" where nothing does)."""

    subject: str
    parameters: Mapping[str, Parameter]

    @property
    def names_patient(self) -> tuple[str, ...]:
        """The parameters that find what is about one patient."""
        return {"": (), "patient": ("patient",)}.get(self.subject, ("patient", "subject"))

    @cached_property
    def date(self) -> str:
        """The parameter that is a date; "" where there is none."""
        return next((name for name, each in self.parameters.items() if each.kind == "date"), "")

    @property
    def references(self) -> dict[str, tuple[str, ...]]:
        """What can be included: the parameters that are references, with the members in which they stand."""
        found = {name: each.paths for name, each in self.parameters.items() if each.kind == "reference"}
        return found | dict.fromkeys(self.names_patient, (self.subject,))


def _offered(subject: str, *lines: str) -> Offered:
    """A type with identifiers."""
    return _plain(subject, "identifier t", *lines)


def _plain(subject: str, *lines: str) -> Offered:
    """Each line is `name kind paths...`; a path that is the name itself in camel case is left out."""
    kinds: dict[str, Kind] = {"t": "token", "r": "reference", "d": "date", "s": "string"}
    found = {}
    for line in lines:
        name, kind, *paths = line.split()
        first, *rest = name.split("-")
        found[name] = Parameter(kinds[kind], tuple(paths) or (first + "".join(each.capitalize() for each in rest),))
    return Offered(subject, found)


MEDICINE = "code t medicationCodeableConcept"
NAME = ("name s name.text name.family name.given", "family s name.family", "given s name.given")

OFFERED: dict[str, Offered] = {
    "AllergyIntolerance": _offered(
        "patient", "code t code reaction.substance", "category t", "clinical-status t", "verification-status t",
        "criticality t", "type t", "date d recordedDate", "recorder r", "asserter r",
    ),
    "CarePlan": _offered(
        "subject", "category t", "status t", "intent t", "date d period", "encounter r", "care-team r",
        "condition r addresses",
    ),
    "CareTeam": _offered(
        "subject", "category t", "status t", "date d period", "encounter r", "participant r participant.member",
    ),
    "Claim": _offered("patient", "status t", "use t", "created d", "provider r"),
    "ClinicalImpression": _offered("subject", "status t", "date d", "encounter r", "assessor r", "problem r"),
    "Composition": _offered(
        "subject", "type t", "category t", "status t", "date d", "author r", "encounter r",
    ),
    "Condition": _offered(
        "subject", "code t", "category t", "clinical-status t", "verification-status t", "severity t",
        "onset-date d onsetDateTime onsetPeriod", "encounter r", "asserter r",
    ),
    "Device": _offered("patient", "type t", "status t"),
    "DeviceUseStatement": _offered("subject", "device r"),
    "DiagnosticReport": _offered(
        "subject", "code t", "category t", "status t", "date d effectiveDateTime effectivePeriod", "encounter r",
        "performer r", "result r",
    ),
    "DocumentReference": _offered(
        "subject", "type t", "category t", "status t", "date d", "author r", "encounter r context.encounter",
        "contenttype t content.attachment.contentType",
    ),
    "Encounter": _offered(
        "subject", "class t", "type t", "status t", "date d period", "participant r participant.individual",
        "location r location.location", "service-provider r", "reason-code t",
    ),
    "ExplanationOfBenefit": _offered("patient", "status t", "created d", "provider r"),
    "FamilyMemberHistory": _offered("patient", "code t condition.code", "relationship t", "status t", "date d"),
    "Flag": _offered("subject", "date d period", "encounter r", "author r"),
    "Goal": _offered("subject", "lifecycle-status t", "category t", "start-date d startDate"),
    "ImagingStudy": _offered("subject", "status t", "modality t series.modality", "started d", "encounter r"),
    "Immunization": _offered(
        "patient", "vaccine-code t", "status t", "date d occurrenceDateTime", "performer r performer.actor",
        "location r",
    ),
    "Location": _offered("", "name s name alias", "type t", "status t", "organization r managingOrganization"),
    "Media": _offered("subject", "type t", "status t", "created d createdDateTime createdPeriod", "encounter r"),
    "Medication": _offered("", "code t", "status t", "form t"),
    "MedicationAdministration": _offered(
        "subject", MEDICINE, "status t", "effective-time d effectiveDateTime effectivePeriod", "context r",
        "performer r performer.actor", "medication r medicationReference",
    ),
    "MedicationDispense": _offered(
        "subject", MEDICINE, "status t", "whenhandedover d whenHandedOver", "context r",
        "performer r performer.actor", "medication r medicationReference",
    ),
    "MedicationRequest": _offered(
        "subject", MEDICINE, "status t", "intent t", "category t", "priority t", "authoredon d authoredOn",
        "encounter r", "requester r", "medication r medicationReference",
    ),
    "MedicationStatement": _offered(
        "subject", MEDICINE, "status t", "category t", "effective d effectiveDateTime effectivePeriod", "context r",
        "medication r medicationReference",
    ),
    "Observation": _offered(
        "subject", "code t", "category t", "status t", "date d effectiveDateTime effectivePeriod effectiveInstant",
        "encounter r", "performer r", "combo-code t code component.code", "component-code t component.code",
        "value-concept t valueCodeableConcept", "derived-from r", "has-member r", "device r", "specimen r",
    ),
    "Organization": _offered("", "name s name alias", "type t", "active t", "partof r partOf"),
    "Practitioner": _offered("", *NAME, "active t"),
    "PractitionerRole": _offered("", "practitioner r", "organization r", "role t code", "specialty t", "active t"),
    "Procedure": _offered(
        "subject", "code t", "category t", "status t", "date d performedDateTime performedPeriod", "encounter r",
        "performer r performer.actor", "reason-code t", "location r",
    ),
    "Provenance": _plain("", "target r", "agent r agent.who", "entity r entity.what", "recorded d"),
    "QuestionnaireResponse": _offered("subject", "status t", "authored d", "encounter r", "author r"),
    "RelatedPerson": _offered("patient", NAME[0], "relationship t", "active t"),
    "ServiceRequest": _offered(
        "subject", "code t", "category t", "status t", "intent t", "priority t", "authored d authoredOn",
        "encounter r", "requester r", "performer r",
    ),
    "Specimen": _offered("subject", "type t", "status t", "collected d collection.collectedDateTime"),
}  # fmt: skip

# Made for the reader from what the network itself keeps, whenever they are asked for.
MADE: dict[str, Offered] = {
    "Patient": _offered(
        "", "name s name.text", "family s name.text", "given s name.text", "birthdate d birthDate",
    ),
    "Consent": _offered(
        "patient", "status t", "scope t", "category t", "date d dateTime",
        "actor r provision.actor.reference", "purpose t provision.purpose",
    ),
    "AuditEvent": _plain(
        "patient", "type t", "subtype t", "action t", "outcome t", "agent r agent.who", "entity r entity.what",
        "date d recorded",
    ),
}  # fmt: skip
BINARY = "Binary"  # the bytes of a record as received: read, never searched


def offered(type_name: str) -> Offered | None:
    """What is offered of a type; None when it is not offered or cannot be searched."""
    return OFFERED.get(type_name) or MADE.get(type_name)
