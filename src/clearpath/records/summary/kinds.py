"""Where each kind of FHIR resource keeps what a summary tells of it.

Source: FHIR R4 4.0.1, the page of each resource. `at`, `status` and `name` name the elements to look at, in order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """How to read one kind of resource."""

    section: str
    name: tuple[str, ...] = ("code", "type")
    at: tuple[str, ...] = ("date", "period", "created", "issued")
    until: tuple[str, ...] = ()
    value: str = ""
    status: tuple[str, ...] = ("status",)
    category: tuple[str, ...] = ("category",)
    notes: tuple[str, ...] = ()
    is_fixed: bool = False  # the section of a document in which it stands does not change where it is shown
    may_say_nothing: bool = False  # as in "no known allergies"
    shown_when_contained: bool = False


ONSET = ("onsetDateTime", "onsetPeriod", "onsetAge", "onsetRange", "onsetString", "recordedDate")
ABATED = ("abatementDateTime", "abatementPeriod", "abatementAge", "abatementRange", "abatementString")
DONE = ("performedDateTime", "performedPeriod", "performedString", "performedAge", "performedRange")
MEDICINE = ("medicationCodeableConcept", "medicationReference", "medication")
TAKEN = ("effectiveDateTime", "effectivePeriod", "dateAsserted")
OTHER = Kind("other", name=("code", "type", "name", "description", "title"))

KINDS = {
    "Condition": Kind(
        "problems", ("code",), ONSET, ABATED, "bodySite", ("clinicalStatus",), ("severity",), ("stage",),
        may_say_nothing=True, shown_when_contained=True,
    ),
    "AllergyIntolerance": Kind(
        "allergies", ("code", "reaction"), (*ONSET[:-1], "lastOccurrence", "recordedDate"), (), "reaction",
        ("clinicalStatus",), ("category", "criticality", "type"), is_fixed=True, may_say_nothing=True,
        shown_when_contained=True,
    ),
    "MedicationStatement": Kind(
        "medicines", MEDICINE, TAKEN, (), "dosage", notes=("reasonCode", "statusReason"), is_fixed=True,
        may_say_nothing=True, shown_when_contained=True,
    ),
    "MedicationRequest": Kind(
        "medicines", MEDICINE, ("authoredOn",), (), "dosageInstruction", category=("intent", "category"),
        notes=("reasonCode", "statusReason"), is_fixed=True, may_say_nothing=True, shown_when_contained=True,
    ),
    "MedicationDispense": Kind(
        "medicines", MEDICINE, ("whenHandedOver", "whenPrepared"), (), "dosageInstruction", is_fixed=True
    ),
    "MedicationAdministration": Kind("medicines", MEDICINE, TAKEN, (), "dosage", is_fixed=True),
    "Observation": Kind(
        "results", ("code",), ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued"), (), "value[x]",
        notes=("bodySite", "method"), shown_when_contained=True,
    ),
    "DiagnosticReport": Kind(
        "reports", ("code",), ("effectiveDateTime", "effectivePeriod", "issued"), (), "conclusionCode",
        notes=("conclusion",), is_fixed=True,
    ),
    "ImagingStudy": Kind(
        "reports", ("procedureCode", "description", "modality"), ("started",), (), "description", is_fixed=True
    ),
    "Media": Kind("reports", ("type", "view"), ("createdDateTime", "createdPeriod", "issued")),
    "Procedure": Kind(
        "procedures", ("code",), DONE, (), "bodySite", notes=("reasonCode", "outcome", "complication", "statusReason"),
        may_say_nothing=True, shown_when_contained=True,
    ),
    "Device": Kind(
        "devices", ("type", "deviceName", "modelNumber"), ("manufactureDate",), ("expirationDate",),
        notes=("manufacturer", "modelNumber", "lotNumber", "serialNumber", "distinctIdentifier"), is_fixed=True,
        may_say_nothing=True,
    ),
    "DeviceUseStatement": Kind(
        "devices", ("device",), ("timingDateTime", "timingPeriod", "recordedOn"), (), "bodySite",
        notes=("reasonCode",), is_fixed=True, may_say_nothing=True,
    ),
    "Immunization": Kind(
        "immunisations", ("vaccineCode",), ("occurrenceDateTime", "occurrenceString", "recorded"),
        notes=("lotNumber", "statusReason", "reasonCode"), is_fixed=True, may_say_nothing=True,
        shown_when_contained=True,
    ),
    "ImmunizationRecommendation": Kind("plan", (), ("date",)),
    "FamilyMemberHistory": Kind("family", ("relationship",), ("date",), value="condition", is_fixed=True),
    "Flag": Kind("alerts", ("code",), ("period",), is_fixed=True, shown_when_contained=True),
    "ClinicalImpression": Kind(
        "plan", ("code", "description"), ("effectiveDateTime", "effectivePeriod", "date"), (), "summary"
    ),
    "RiskAssessment": Kind("alerts", ("code",), ("occurrenceDateTime", "occurrencePeriod")),
    "CarePlan": Kind("plan", ("title", "category", "description"), ("period", "created"), (), "description"),
    "CareTeam": Kind("people", ("name", "category"), ("period",)),
    "Goal": Kind(
        "plan", ("description",), ("startDate", "statusDate"), (), "achievementStatus", ("lifecycleStatus",)
    ),
    "ServiceRequest": Kind("plan", ("code",), ("occurrenceDateTime", "occurrencePeriod", "authoredOn")),
    "NutritionOrder": Kind("plan", (), ("dateTime",)),
    "Appointment": Kind("plan", ("serviceType", "appointmentType", "description"), ("start",), ("end",)),
    "Consent": Kind("directives", ("category", "scope"), ("dateTime",), (), "scope", is_fixed=True),
    "Encounter": Kind(
        "encounters", ("type", "serviceType", "class"), ("period",), (), "reasonCode", category=("class",)
    ),
    "EpisodeOfCare": Kind("encounters", ("type",), ("period",)),
    "DocumentReference": Kind(
        "documents", ("type", "category", "description"), ("date",), (), "description", is_fixed=True
    ),
    "Composition": Kind("documents", ("title", "type"), ("date",), (), "type", is_fixed=True),
    "QuestionnaireResponse": Kind("documents", ("questionnaire",), ("authored",)),
    "Binary": Kind("documents", ("contentType",)),
    "Patient": Kind("people", ("name",), ("birthDate",), (), "gender", is_fixed=True),
    "Practitioner": Kind("people", ("name",), (), (), "qualification", is_fixed=True),
    "PractitionerRole": Kind("people", ("practitioner", "code"), (), (), "code", notes=("specialty",), is_fixed=True),
    "RelatedPerson": Kind("people", ("name",), (), (), "relationship", is_fixed=True),
    "Organization": Kind("people", ("name",), (), (), "type", is_fixed=True),
    "Location": Kind("people", ("name",), (), (), "type", is_fixed=True),
}  # fmt: skip

# LOINC and SNOMED CT codes that place an observation, wherever it stands. Pregnancy and social history: HL7 IPS 2.0.0
# profiles (pregnancy status, expected date of delivery, outcomes, tobacco, alcohol). Blood group: IPS value set.
PREGNANCY = {
    "82810-3", "11778-8", "11779-6", "11780-4", "11636-8", "11637-6", "11638-4", "11639-2", "11640-0", "11612-9",
    "11613-7", "11614-5", "33065-4", "69043-8", "161732006", "77386006", "60001007",
}  # fmt: skip
SOCIAL = {"72166-2", "74013-4", "74010-0", "63640-7", "11367-0", "82589-3", "88029-6", "76690-7"}
BY_CATEGORY = {
    "vital-signs": "vitals",
    "laboratory": "results",
    "imaging": "results",
    "procedure": "results",
    "exam": "results",
    "therapy": "results",
    "social-history": "social",
    "survey": "function",
    "activity": "function",
    "functional-status": "function",
    "sdoh": "social",
}


def section_of_observation(codes: Iterable[tuple[str, str]], categories: Sequence[str], placed: str) -> str:
    """By its code where that tells, else by the section of the document in which it stands, else by its category."""
    for _system, code in codes:
        if code in PREGNANCY:
            return "pregnancy"
        if code in SOCIAL:
            return "social"
    if placed:
        return placed
    return next((BY_CATEGORY[each] for each in categories if each in BY_CATEGORY), "results")
