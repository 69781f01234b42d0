"""Which papers a doctor wants for a procedure, and which of them are there."""

import json
from datetime import date

import pytest
from django.urls import reverse

from clearpath.parties.models import Person
from clearpath.records import steps
from clearpath.records.papers import papers_for
from clearpath.records.summary import Source, summary_of
from clearpath.records.summary.papers import PaperFile, missing_for, procedures_in, wanted_for
from clearpath.trust import log
from tests.walk import consent_to, walk_to

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("asked_for", "procedures"),
    [
        ("Knee replacement", ("knee_replacement",)),
        ("I want a total KNEE arthroplasty, left", ("knee_replacement",)),
        ("Hip and knee replacement", ("knee_replacement", "hip_replacement")),
        ("Diz protezi ameliyatı", ("knee_replacement",)),
        ("KALÇA PROTEZİ", ("hip_replacement",)),
        ("أريد استبدال مفصل الركبة", ("knee_replacement",)),
        ("Katarakt", ("cataract",)),
        ("عملية القلب المفتوح", ("coronary_bypass",)),
        ("gastric bypass", ("bariatric",)),
        ("زراعة الشعر", ("hair_transplant",)),
        ("زراعة الأسنان", ("dental_implants",)),
        ("Tüp bebek", ("ivf",)),
        ("tüp mide", ("bariatric",)),
        ("Karaciğer nakli", ("liver_transplant",)),
        ("Bel fıtığı", ("spinal_fusion",)),
        ("tummy tuck and breast lift", ("tummy_tuck", "breast")),
        ("burun estetiği", ("rhinoplasty",)),
        ("Something else", ()),
        ("", ()),
    ],
)
def test_a_procedure_is_recognised_in_the_words_of_people(asked_for, procedures):
    assert procedures_in(asked_for) == procedures


def test_an_unknown_procedure_has_the_general_list():
    keys = [each.key for each in wanted_for("Something else")]

    assert keys == ["medicines", "allergies", "problems", "letter", "operations", "blood_count", "kidney"]


def test_two_procedures_have_one_list_and_nothing_twice():
    keys = [each.key for each in wanted_for("hip and knee replacement")]

    assert {"knee_xray", "hip_xray"} <= set(keys)
    assert len(keys) == len(set(keys))


def test_every_list_names_papers_in_every_language_with_a_reason():
    every = ["knee replacement", "cataract", "coronary", "dental implant", "rhinoplasty", "bariatric", "ivf", "lasik"]
    every += ["hair transplant", "liver transplant", "spinal fusion", "tummy tuck", "breast implant", ""]

    for asked_for in every:
        for paper in wanted_for(asked_for):
            assert (len(paper.name), len(paper.why)) == (3, 3), paper.key
            assert all(paper.name), paper.key


def bundle(*resources):
    return json.dumps({"resourceType": "Bundle", "entry": [{"resource": each} for each in resources]}).encode()


def lab(code="718-7", at="2026-05-01", **more):
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "effectiveDateTime": at,
        "valueQuantity": {"value": 12.3, "unit": "g/dL"},
        **more,
    }


def stands(key, *resources, files=(), asked_for="knee replacement"):
    summary = summary_of([Source(None, "A", bundle(*resources))])
    [found] = [each for each in missing_for(asked_for, summary, files, at=TODAY) if each.paper.key == key]
    return found


@pytest.mark.parametrize(
    ("at", "state"),
    [("2026-05-01", "present"), ("2026-03-03", "present"), ("2026-03-02", "old"), ("2025", "old"), ("", "undated")],
)
def test_a_result_is_present_until_it_is_too_old(at, state):
    assert stands("blood_count", lab(at=at)).state == state


NOT_PERFORMED = {"valueQuantity": None, "dataAbsentReason": {"coding": [{"code": "not-performed"}]}}


@pytest.mark.parametrize("broken", [{"status": "entered-in-error"}, {"status": "cancelled"}, NOT_PERFORMED])
def test_what_was_not_done_is_missing(broken):
    assert stands("blood_count", lab(**broken)).state == "missing"


def test_the_newest_result_counts():
    found = stands("blood_count", lab(at="2020-01-01"), lab(at="2026-05-01"))

    assert (found.state, found.at) == ("present", "2026-05-01")


def allergy(code):
    return {
        "resourceType": "AllergyIntolerance",
        "code": {"coding": [{"code": code}]},
    }


@pytest.mark.parametrize(
    ("code", "state"), [("91936005", "present"), ("no-known-allergies", "present"), ("no-allergy-info", "missing")]
)
def test_none_known_is_an_answer_and_no_information_is_not(code, state):
    assert stands("allergies", allergy(code)).state == state


def test_a_file_may_hold_a_paper_and_nobody_says_that_it_does():
    files = [PaperFile("X-ray of my left knee", "application/pdf"), PaperFile("Dinner", "application/pdf")]

    found = stands("knee_xray", files=files)

    assert (found.state, found.may_be_in, found.is_there) == ("maybe", ("X-ray of my left knee",), False)


@pytest.mark.parametrize("title", ["Diz röntgeni", "DİZ GRAFİSİ", "أشعة الركبة"])
def test_titles_are_understood_in_turkish_and_arabic(title):
    assert stands("knee_xray", files=[PaperFile(title, "image/jpeg")]).state == "maybe"


def test_pictures_may_be_the_photos_asked_for():
    assert stands("photos", files=[PaperFile("1", "image/jpeg")], asked_for="hair transplant").state == "maybe"


def test_what_is_missing_comes_first():
    summary = summary_of([Source(None, "A", bundle(lab()))])

    states = [each.state for each in missing_for("knee replacement", summary, [], at=TODAY)]
    assert states == sorted(states, key=["missing", "maybe", "old", "undated", "present"].index)


@pytest.mark.django_db
def test_the_patient_is_told_what_is_missing_and_how_to_add_it(client):
    walk = walk_to("journeys.send_for_review")
    steps.add(walk.journey, content=bundle(lab()), by=walk.patient)
    client.force_login(Person.objects.get(pk=walk.patient.person_id))

    page = client.get(reverse("turns:subject", args=["journey", walk.journey.pk])).content.decode()

    assert "X-ray of the knee, standing" in page
    assert reverse("turns:take", args=["journey", walk.journey.pk, "records.add"]) in page
    assert log.reads_of(walk.journey.pk).count() == 0


@pytest.mark.django_db
def test_the_facilitator_knows_what_is_there_only_with_the_patients_consent():
    walk = walk_to("journeys.send_for_review")
    steps.add(walk.journey, content=bundle(lab()), by=walk.patient)

    without = papers_for(walk.facilitator, walk.journey)
    consent_to(walk, walk.facilitator.organisation_id, "clinical")
    told = papers_for(walk.facilitator, walk.journey)

    assert (without.is_told, without.is_general, {each.state for each in without.rows}) == (False, True, {""})
    assert "X-ray of the knee, standing" not in [each.name for each in without.rows]
    assert (told.is_told, told.is_general) == (True, False)
    assert "Blood count" in [each.name for each in told.there]
