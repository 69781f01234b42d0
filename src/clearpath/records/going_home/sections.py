"""The sections of the document, and which received resource stands in which.

Codes and required sections: HL7 International Patient Summary 2.0.0, Composition-uv-ips, read 2026-11-25. Sections that
IPS does not name carry LOINC codes of their own, or none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clearpath.records.going_home.received import Found, Json

PROBLEMS, ALLERGIES, MEDICINES = "11450-4", "48765-2", "10160-0"
IMMUNISATIONS, RESULTS, PROCEDURES, DEVICES = "11369-6", "30954-2", "47519-4", "46264-8"
DIRECTIVES, ALERTS, FUNCTION, PAST = "42348-3", "104605-1", "47420-5", "11348-0"
PREGNANCY, STORY, PLAN, SOCIAL, VITALS = "10162-6", "81338-6", "18776-5", "29762-2", "8716-3"
STAY, HOME, OPINION, CONSENT, PAPERS = "8648-8", "8653-8", "51848-0", "59284-0", "77599-9"
FURTHER, NOT_CARRIED = "further", "not-carried"  # without a code in LOINC


@dataclass(frozen=True, slots=True)
class Heading:
    """A section: its title for people, LOINC's name of its code, the kinds of resources that may stand in it."""

    title: str | Promise
    display: str
    kinds: tuple[str, ...] = ()


REQUIRED = (PROBLEMS, ALLERGIES, MEDICINES)
HEADINGS: Mapping[str, Heading] = {
    STAY: Heading(_("Hospital stay"), "Hospital course Narrative"),
    HOME: Heading(_("Going home: warning signs and what follows"), "Hospital Discharge instructions", ("CarePlan",)),
    PROBLEMS: Heading(_("Problems"), "Problem list - Reported", ("Condition", "DocumentReference")),
    ALLERGIES: Heading(
        _("Allergies"), "Allergies and adverse reactions Document", ("AllergyIntolerance", "DocumentReference")
    ),
    MEDICINES: Heading(
        _("Medicines"),
        "History of Medication use Narrative",
        (
            "MedicationStatement",
            "MedicationRequest",
            "MedicationAdministration",
            "MedicationDispense",
            "DocumentReference",
        ),
    ),
    PROCEDURES: Heading(_("Operations and procedures"), "History of Procedures Document", ("Procedure",)),
    DEVICES: Heading(_("Implants and devices"), "History of medical device use", ("DeviceUseStatement",)),
    ALERTS: Heading(_("Alerts"), "Alert", ("Flag",)),
    RESULTS: Heading(
        _("Results"), "Relevant diagnostic tests/laboratory data note", ("Observation", "DiagnosticReport")
    ),
    VITALS: Heading(_("Vital signs"), "Vital signs note", ("Observation",)),
    IMMUNISATIONS: Heading(_("Immunisations"), "History of Immunization note", ("Immunization",)),
    PAST: Heading(_("Past problems"), "History of Past illness note", ("Condition",)),
    PREGNANCY: Heading(_("Pregnancy"), "History of pregnancies Narrative", ("Observation",)),
    SOCIAL: Heading(_("Social history"), "Social history note", ("Observation",)),
    FUNCTION: Heading(_("Functional status"), "Functional status assessment note", ("Condition", "ClinicalImpression")),
    DIRECTIVES: Heading(_("Advance directives"), "Advance directives", ("Consent", "DocumentReference")),
    PLAN: Heading(_("Plan of care"), "Plan of care note", ("CarePlan", "ImmunizationRecommendation")),
    STORY: Heading(_("In the patient's words"), "Patient Goals, preferences, and priorities for care experience"),
    OPINION: Heading(_("What doctors advised before the treatment"), "Evaluation note"),
    CONSENT: Heading(_("Consent to treatment"), "Patient Consent"),
    PAPERS: Heading(_("Files"), "Additional documentation"),
    FURTHER: Heading(_("Further information"), ""),
    NOT_CARRIED: Heading(_("Not carried over"), ""),
}

# Who and where: they go along with the facts that name them, and are none by themselves.
AROUND = {
    "Organization", "Practitioner", "PractitionerRole", "Location", "RelatedPerson", "Person", "Endpoint", "Group",
    "HealthcareService", "Substance", "Provenance", "AuditEvent",
}  # fmt: skip
# Parts of facts: they go along with those, and stand by themselves where no fact names them.
PARTS = {"Medication", "Device", "Specimen", "Encounter", "EpisodeOfCare", "Binary", "Media", "CareTeam", "Goal"}
# Not medical: money, planning of appointments, and what a server says about itself.
NOT_MEDICAL = {
    "Account", "Appointment", "AppointmentResponse", "ChargeItem", "Claim", "ClaimResponse", "Contract", "Coverage",
    "CoverageEligibilityRequest", "CoverageEligibilityResponse", "EnrollmentRequest", "EnrollmentResponse",
    "ExplanationOfBenefit", "InsurancePlan", "Invoice", "OperationOutcome", "Parameters", "PaymentNotice",
    "PaymentReconciliation", "Schedule", "Slot", "Subscription", "Task",
}  # fmt: skip

BY_KIND = {
    "AllergyIntolerance": ALLERGIES,
    "CarePlan": PLAN,
    "DeviceUseStatement": DEVICES,
    "DiagnosticReport": RESULTS,
    "Flag": ALERTS,
    "Immunization": IMMUNISATIONS,
    "ImmunizationRecommendation": PLAN,
    "MedicationAdministration": MEDICINES,
    "MedicationDispense": MEDICINES,
    "MedicationRequest": MEDICINES,
    "MedicationStatement": MEDICINES,
    "Procedure": PROCEDURES,
}
BY_CATEGORY = {"vital-signs": VITALS, "social-history": SOCIAL}
OVER = {"inactive", "remission", "resolved"}  # clinicalStatus of a Condition that is past
# LOINC codes of pregnancy observations in IPS 2.0.0: status, expected date, outcomes.
OF_PREGNANCY = {
    "82810-3", "11778-8", "11779-6", "11780-4", "11636-8", "11637-6", "11638-4", "11639-2", "11640-0", "11612-9",
    "11613-7", "11614-5", "33065-4",
}  # fmt: skip
ONCE_IN_SOCIAL = ("72166-2", "74013-4")  # tobacco and alcohol use may each stand there once


def section_of(found: Found) -> str:
    """The code of the section in which a resource stands; "" where it only goes along with others."""
    for code in found.told_in:
        heading = HEADINGS.get(code)
        if heading and found.kind in heading.kinds:
            return code
    if found.kind in AROUND | PARTS:
        return ""
    if found.kind == "Condition":
        return PAST if codes_in(found.resource.get("clinicalStatus")) & OVER else PROBLEMS
    if found.kind == "Observation":
        return _of_observation(found.resource)
    return BY_KIND.get(found.kind, FURTHER)


def _of_observation(resource: Json) -> str:
    codes = codes_in(resource.get("code"))
    if codes & OF_PREGNANCY:
        return PREGNANCY
    if codes & set(ONCE_IN_SOCIAL):
        return SOCIAL
    categories = resource.get("category")
    said: set[str] = set().union(*map(codes_in, categories)) if isinstance(categories, list) else set()
    return next((section for category, section in BY_CATEGORY.items() if category in said), RESULTS)


def is_mistake(resource: Json) -> bool:
    """Whether the sender took it back as entered in error."""
    return resource.get("status") == "entered-in-error" or "entered-in-error" in codes_in(
        resource.get("verificationStatus")
    )


def codes_in(concept: Any) -> set[str]:
    """The codes of a CodeableConcept."""
    codings = concept.get("coding") if isinstance(concept, dict) else None
    found = [each.get("code") for each in codings if isinstance(each, dict)] if isinstance(codings, list) else []
    return {each for each in found if isinstance(each, str)}
