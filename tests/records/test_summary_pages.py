"""The page of a summary, and the page of one record: who sees it, that it is noted, that all of it is reachable."""

import json
from pathlib import Path

import pytest
from django.urls import reverse

from clearpath import jobs
from clearpath.parties.models import Person
from clearpath.records import steps
from clearpath.records.models import Digest, Record
from clearpath.records.received import FHIR
from clearpath.records.summaries import summary_for
from clearpath.records.summary import storing
from clearpath.trust import log, vault
from tests.walk import walk_to

pytestmark = pytest.mark.django_db
BUNDLES = Path(__file__).parent / "bundles"
EXAMPLE = (BUNDLES / "ips_example.json").read_bytes()
ALL_SECTIONS = (BUNDLES / "all_sections.json").read_bytes()


def sign_in(client, actor):
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def summary_url(walk, query=""):
    return reverse("records:summary", args=[walk.journey.pk]) + query


def with_records(*contents):
    walk = walk_to("records.give_opinion")
    for number, content in enumerate(contents, start=1):
        steps.add(walk.journey, content=content, title=f"Sent {number}", confirmed=True, by=walk.patient)
    return walk


def reads(walk):
    return [(entry.step, entry.person_id) for entry in log.reads_of(walk.journey.pk)]


def bundle(*resources):
    return json.dumps({"resourceType": "Bundle", "entry": [{"resource": each} for each in resources]}).encode()


def glucose(number, day):
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2345-7", "display": "Glucose"}]},
        "effectiveDateTime": f"2025-01-01T{day // 60:02}:{day % 60:02}:00Z",
        "valueQuantity": {"value": number, "unit": "mmol/L"},
    }


def test_a_record_that_came_in_is_read_before_anybody_waits_for_its_summary():
    with_records(EXAMPLE)
    assert not Digest.objects.exists()

    jobs.run_due(strict=True)

    assert Digest.objects.get().record.title == "Sent 1"


def test_a_doctor_reads_the_summary_and_the_patient_sees_it(client):
    walk = with_records(EXAMPLE)

    page = sign_in(client, walk.doctor).get(summary_url(walk)).content.decode()

    assert "Menopausal flushing (finding)" in page
    assert "Martha DeLarosa" in page
    assert reads(walk) == [("records.read_summary", walk.doctor.person_id)]


def test_who_has_no_consent_sees_nothing_of_it_and_nothing_is_noted(client):
    walk = with_records(EXAMPLE)

    page = sign_in(client, walk.facilitator).get(summary_url(walk)).content.decode()

    assert "Menopausal flushing" not in page
    assert "Sent 1" not in page
    assert "The patient decides who may read them." in page
    assert reads(walk) == []


def test_a_journey_of_others_has_no_summary(client):
    walk, other = with_records(EXAMPLE), with_records()

    assert sign_in(client, other.doctor).get(summary_url(walk)).status_code == 404


def test_every_line_leads_to_its_entry(client):
    walk = with_records(ALL_SECTIONS)
    record = Record.objects.get(media_type=FHIR)
    sign_in(client, walk.doctor)
    page = client.get(summary_url(walk)).content.decode()
    address = reverse("records:record", args=[record.pk]) + "?entry=28"

    entry = client.get(address).content.decode()

    assert f'href="{address}"' in page
    assert "Blood pressure panel with all children optional (LOINC 85354-9)" in entry
    assert "140 mmHg" in entry
    assert sorted(step for step, _who in reads(walk)) == ["records.open_record", "records.read_summary"]


@pytest.mark.parametrize(("query", "status"), [("?entry=41", 200), ("?entry=42", 404), ("?entry=x", 200)])
def test_an_entry_that_is_not_there_is_not_found(client, query, status):
    walk = with_records(ALL_SECTIONS)
    record = Record.objects.get(media_type=FHIR)

    assert sign_in(client, walk.doctor).get(reverse("records:record", args=[record.pk]) + query).status_code == status


def test_raw_data_keeps_every_digit_that_was_sent(client):
    content = bundle(glucose("N", 1)).replace(b'"N"', b"5.100")
    walk = with_records(content)
    record = Record.objects.get(media_type=FHIR)

    page = sign_in(client, walk.doctor).get(reverse("records:record", args=[record.pk]) + "?entry=0").content.decode()

    assert "&quot;value&quot;: 5.100," in page
    assert "5.100 mmol/L" in page


def test_the_page_says_what_no_record_speaks_of(client):
    walk = with_records(b'{"resourceType": "Patient"}')

    page = sign_in(client, walk.doctor).get(summary_url(walk)).content.decode()

    assert page.count("The records say nothing about it. That does not mean that there is none.") == 3
    assert "No record says anything about:" in page


def test_files_that_are_no_fhir_are_named(client):
    walk = with_records(EXAMPLE)

    page = sign_in(client, walk.doctor).get(summary_url(walk)).content.decode()

    assert "Not read into this summary; open them yourself:" in page
    assert "Letter" in page


def test_a_long_section_is_cut_and_all_of_it_is_reachable(client):
    walk = with_records(bundle(*(glucose(number, number) for number in range(600))))
    sign_in(client, walk.doctor)

    page = client.get(summary_url(walk)).content.decode()
    first = client.get(summary_url(walk, "?all=results&line=0")).content.decode()
    second = client.get(summary_url(walk, "?all=results&line=0&from=500")).content.decode()

    assert "597 more: show all" in page
    assert ("1 to 500 of 600" in first, "501 to 600 of 600" in second) == (True, True)
    assert [number for number in range(600) if f">{number} mmol/L<" not in first + second] == []


@pytest.mark.parametrize(
    "query", ["?all=results", "?all=nothing", "?all=results&line=99", "?all=results&from=x", "?from=7"]
)
def test_any_address_within_the_summary_answers(client, query):
    walk = with_records(ALL_SECTIONS)

    assert sign_in(client, walk.doctor).get(summary_url(walk, query)).status_code == 200


def test_nothing_a_sender_wrote_becomes_markup(client):
    evil = '<script>alert(1)</script><img src=x onerror="alert(1)">'
    composition = {
        "resourceType": "Composition",
        "title": evil,
        "section": [{"title": evil, "code": {"text": evil}, "text": {"div": f"<div>{evil}<p>walk</p></div>"}}],
    }
    problem = {"resourceType": "Condition", "code": {"text": evil}, "note": [{"text": evil}]}
    walk = with_records(bundle(composition, problem))
    record = Record.objects.get(media_type=FHIR)
    sign_in(client, walk.doctor)

    for address in (summary_url(walk), reverse("records:record", args=[record.pk]) + "?entry=0"):
        page = client.get(address).content.decode()
        assert ("<script>alert" in page, "<img" in page, "<p>walk</p>" in page) == (False, False, True)


def test_what_was_read_out_is_kept_and_read_anew_only_when_the_way_of_reading_changes(monkeypatch):
    walk = with_records(EXAMPLE)
    summary_for(walk.doctor, walk.journey)
    kept = Digest.objects.get().sealed

    summary_for(walk.doctor, walk.journey)
    assert Digest.objects.get().sealed == kept
    monkeypatch.setattr("clearpath.records.summaries.VERSION", storing.VERSION + 1)
    summary_for(walk.doctor, walk.journey)

    assert Digest.objects.get().version == storing.VERSION + 1


def test_an_erased_record_is_gone_from_the_summary():
    walk = with_records(EXAMPLE)
    assert summary_for(walk.doctor, walk.journey).section("problems").lines
    vault.erase(Record.objects.get(media_type=FHIR).pk)

    found = summary_for(walk.doctor, walk.journey)

    assert found.section("problems").lines == ()
    assert {each.title for each in found.unread} == {"Letter", "Sent 1"}


def test_what_is_kept_of_a_record_is_sealed():
    walk = with_records(EXAMPLE)
    summary_for(walk.doctor, walk.journey)

    assert b"Menopausal" not in bytes(Digest.objects.get().sealed)


@pytest.mark.parametrize("count", [1, 3])
def test_a_summary_takes_the_same_queries_for_any_number_of_records(count, django_assert_num_queries):
    contents = [bundle(glucose(number, number)) for number in range(count)]
    walk = with_records(*contents)
    summary_for(walk.doctor, walk.journey)

    with django_assert_num_queries(10):  # charter, records, digests, keys; the entry in the log takes the rest
        found = summary_for(walk.doctor, walk.journey)

    assert len(found.origins) == count
