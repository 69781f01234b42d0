"""What a page shows of a patient summary: the sender's words, and unknown where nothing was sent."""

import json
from pathlib import Path

import pytest

from clearpath.records.reading import Section, read
from clearpath.records.received import media_type_of

BUNDLES = Path(__file__).parent / "bundles"


def bundle(*resources, kind="collection"):
    return json.dumps(
        {"resourceType": "Bundle", "type": kind, "entry": [{"resource": resource} for resource in resources]}
    ).encode()


def test_read_shows_a_real_summary_in_the_senders_words():
    found = read((BUNDLES / "ips_example.json").read_bytes())

    assert (found.patient_name, found.birth_date) == ("Martha DeLarosa", "1972-05-01")
    assert found.problems.lines == ("Menopausal flushing (finding)",)
    assert found.allergies.lines == (
        "Substance with penicillin structure (substance)",
        "No known food allergy (situation)",
    )
    assert found.medicines.lines == (
        "Product containing anastrozole (medicinal product)",
        "Black Cohosh Extract herbal supplement",
    )


def test_read_tells_no_information_as_unknown_with_the_senders_reason():
    found = read((BUNDLES / "no_information.json").read_bytes())

    assert found.allergies == found.problems == found.medicines == Section((), "No information available")
    assert found.allergies.is_unknown


def test_read_takes_a_narrative_that_repeats_the_heading_for_nothing_said():
    found = read((BUNDLES / "gravitate_alicia.json").read_bytes())

    assert found.allergies == Section()
    assert found.medicines.lines[0] == "Biktarvy 30 mg/120 mg/15 mg film-coated tablets"


def test_read_follows_references_into_the_bundle_and_into_contained_resources():
    statement = {
        "resourceType": "MedicationStatement",
        "status": "stopped",
        "medicationReference": {"reference": "#m1"},
        "contained": [{"resourceType": "Medication", "id": "m1", "code": {"text": "Warfarin"}}],
        "dosage": [{"text": "5 mg daily"}],
    }
    request = {"resourceType": "MedicationRequest", "medicationReference": {"reference": "Medication/m2/_history/3"}}
    medication = {"resourceType": "Medication", "id": "m2", "code": {"coding": [{"display": "Insulin"}]}}

    found = read(bundle(statement, request, medication))

    assert found.medicines.lines == ("Warfarin · 5 mg daily · stopped", "Insulin")


def test_read_says_when_a_problem_is_refuted_or_over():
    condition = {
        "resourceType": "Condition",
        "code": {"text": "Peanut allergy"},
        "clinicalStatus": {"coding": [{"code": "resolved"}]},
        "verificationStatus": {"coding": [{"code": "refuted"}]},
    }

    assert read(bundle(condition)).problems.lines == ("Peanut allergy · resolved · refuted",)


def test_read_takes_a_code_for_no_information_for_unknown():
    allergy = {"resourceType": "AllergyIntolerance", "code": {"coding": [{"code": "no-allergy-info"}]}}

    assert read(bundle(allergy)).allergies == Section((), "no-allergy-info")


@pytest.mark.parametrize(
    "section",
    [
        {"entry": "x"},
        {"entry": [7, None, {"reference": 5}, {"reference": "Condition/none"}]},
        {"text": {"div": 3}},
        {"emptyReason": "because"},
        {},
    ],
)
def test_read_tells_unknown_for_a_section_that_is_broken(section):
    composition = {
        "resourceType": "Composition",
        "section": [{"code": {"coding": [{"code": "11450-4"}]}, **section}, None, 5],
    }

    assert read(bundle(composition, {"resourceType": "Patient", "name": "Anna"}, 4)).problems == Section()


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"\xff\xfe", b"[1]", b"{}", b'{"resourceType": 3}', b"[" * 100_000, b'{"a":1']
)
def test_read_gives_nothing_for_what_is_no_fhir(content):
    assert read(content) is None


def test_read_takes_a_patient_alone():
    found = read(b'\xef\xbb\xbf{"resourceType": "Patient", "name": [{"given": ["Ali"], "family": "Veli"}]}')

    assert (found.patient_name, found.birth_date, found.problems) == ("Ali Veli", "", Section())


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"\x00\x00\x00\x18ftypheic....", "image/heic"),
        (b"\x00" * 128 + b"DICM", "application/dicom"),
        (b'<?xml version="1.0"?><ClinicalDocument/>', "application/cda+xml"),
        (b'<?xml version="1.0"?><a/>', "application/xml"),
        (b'{"resourceType": "Bundle"}', "application/fhir+json"),
        (b'{"a": 1}', "application/json"),
        (b"[" * 100_000, "text/plain"),
        ("Şeker hastalığı".encode(), "text/plain"),
        (b"MZ\x90\x00\x03", ""),
        (b"\x00\x01\x02", ""),
        (b"PK\x03\x04\xff\xfe", "application/zip"),
        (b"<!DOCTYPE html><p>", ""),
    ],
)
def test_media_type_is_told_by_the_bytes(content, media_type):
    assert media_type_of(content) == media_type
