"""Our facts as FHIR R4: valid whatever people wrote, and nothing coded that nobody coded."""

import base64
import json
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearpath.records import fhir
from clearpath.records.check import check
from clearpath.records.fhir.facts import (
    Agreed,
    Author,
    Certified,
    Discharged,
    Filed,
    Implanted,
    Noted,
    Opined,
    Organised,
    Performed,
    Prescribed,
    Traveller,
)
from clearpath.records.fhir.origin import agent
from tests.examples import examples
from tests.factories import NOON

PATIENT = UUID(int=1)
KAYA = Author(UUID(int=2), "Dr. Kaya", Organised(UUID(int=3), "City Hospital", "TR", "İzmir"))
TODAY = NOON.date()
KEY = UUID(int=9)
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"  # of the letters "test"


def as_list(made):
    return made if isinstance(made, list) else [made]


def every_resource(text="Some text"):
    """One of each, with `text` wherever people write."""
    more = ((text, text),)
    file = Filed(KEY, NOON, text, "application/pdf", 4, DIGEST, text)
    agents = [agent("author", {"display": text})]
    made = [
        fhir.patient_to_fhir(Traveller(PATIENT, text, TODAY, "TR", "tr", text, text, "J", TODAY)),
        fhir.patient_to_fhir(Traveller(PATIENT, "")),
        fhir.practitioner_to_fhir(replace(KAYA, name=text)),
        fhir.practitioner_role_to_fhir(KAYA),
        fhir.organisation_to_fhir(Organised(KEY, text, "TR", text)),
        fhir.assembler_to_fhir(KEY),
        fhir.opinion_to_fhir(Opined(KEY, NOON, KAYA, text, text, text, text, text, text, 14, more), PATIENT),
        fhir.note_to_fhir(Noted(KEY, NOON, KAYA, text, text, TODAY, more), PATIENT),
        fhir.procedure_to_fhir(Performed(KEY, NOON, KAYA, text, text, TODAY, more), PATIENT),
        fhir.procedure_to_fhir(Performed(KEY, NOON, KAYA, text), PATIENT),
        fhir.implant_to_fhir(
            Implanted(KEY, NOON, KAYA, text, text, text, text, text, text, text, TODAY, TODAY, TODAY, text), PATIENT
        ),
        fhir.implant_to_fhir(Implanted(KEY, NOON, KAYA, text), PATIENT),
        fhir.medicine_to_fhir(Prescribed(KEY, NOON, KAYA, text, text, TODAY, text), PATIENT),
        fhir.discharge_to_fhir(
            Discharged(KEY, NOON, KAYA, TODAY, text, text, text, text, (text,), more), PATIENT, "Medicines"
        ),
        fhir.fit_to_fly_to_fhir(Certified(KEY, NOON, KAYA, TODAY, TODAY, text), PATIENT, "Fit to fly"),
        fhir.informed_consent_to_fhir(Agreed(KEY, NOON, KAYA, text, "tr", text, NOON), PATIENT),
        fhir.file_to_fhir(file, PATIENT),
        fhir.received_to_fhir(KEY, file, [{"reference": "Condition/1"}], agents),
        fhir.written_to_fhir(KEY, NOON, [{"reference": "Condition/1"}], agents),
    ]
    return [resource for each in made for resource in as_list(each)]


def errors_of(resource):
    found = check(json.dumps(resource).encode(), profile="r4")
    return [(resource["resourceType"], each.path, each.says) for each in found if each.severity == "error"]


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(50))
@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Z"]), min_size=1, max_size=30).filter(str.strip))
def test_every_resource_is_valid_whatever_people_wrote(text):
    assert [error for each in every_resource(text) for error in errors_of(each)] == []


@pytest.mark.parametrize("resource", every_resource(), ids=lambda each: each["resourceType"])
def test_no_element_is_empty(resource):
    def empty(value):
        if isinstance(value, dict):
            return not value or any(map(empty, value.values()))
        return not value or (isinstance(value, list) and any(map(empty, value))) if value is not False else False

    assert not empty(resource)


def test_a_day_that_nobody_told_is_unknown_and_not_today():
    [procedure] = as_list(fhir.procedure_to_fhir(Performed(KEY, NOON, KAYA, "Knee replaced"), PATIENT))

    assert "performedDateTime" not in procedure
    assert procedure["_performedDateTime"]["extension"][0]["valueCode"] == "unknown"


def test_what_nobody_coded_has_no_code():
    codings = [
        coding["system"]
        for each in every_resource()
        for name in ("code", "medicationCodeableConcept")
        for concept in as_list(each.get(name, []))
        for coding in concept.get("coding", [])
    ]

    assert codings == []


def test_an_issuer_of_a_udi_is_named_only_where_the_label_says_so():
    gs1, other = (
        fhir.implant_to_fhir(Implanted(KEY, NOON, KAYA, "Knee", udi), PATIENT)[0]["udiCarrier"][0]
        for udi in ("(01)07612367073936(10)L1", "+H123PARTNO1234567890120/$$420020216LOT123456789012345")
    )

    assert (gs1["issuer"], "issuer" in other) == ("http://hl7.org/fhir/NamingSystem/gs1-di", False)


def test_a_consent_that_was_taken_back_is_inactive_and_has_an_end():
    consent = Agreed(KEY, NOON, KAYA, "Kabul ediyorum.", "tr", "We replace the knee.", NOON + timedelta(days=1))

    made = fhir.informed_consent_to_fhir(consent, PATIENT)

    assert (made["status"], made["provision"]["period"]["end"]) == ("inactive", "2026-06-02T12:00:00Z")
    text = base64.b64decode(made["sourceAttachment"]["data"]).decode()
    assert text == "We replace the knee.\n\nKabul ediyorum."


def test_a_certificate_carries_its_days_for_machines():
    certificate = Certified(KEY, NOON, KAYA, date(2026, 6, 1), date(2026, 6, 30), "May fly.")

    made = fhir.fit_to_fly_to_fhir(certificate, PATIENT, "Fit to fly")

    assert made["context"]["period"] == {"start": "2026-06-01", "end": "2026-06-30"}


def test_a_file_is_named_by_its_digest_as_a_uri():
    made = fhir.file_to_fhir(Filed(KEY, NOON, "x", "application/pdf", 4, DIGEST), PATIENT)

    # RFC 6920, section 3: the digest in base64url without padding; here of the letters "test".
    assert made["identifier"][0]["value"] == "ni:///sha-256;n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"
