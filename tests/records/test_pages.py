"""The pages of records, each once for real."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clearpath.parties.models import Person
from clearpath.records import steps
from clearpath.records.models import Record
from clearpath.trust import log
from tests.walk import walk_to

pytestmark = pytest.mark.django_db
BUNDLE = (Path(__file__).parent / "bundles" / "ips_example.json").read_bytes()


def sign_in(client, actor):
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def name_is(walk, name):
    walk.journey.patient_name = name
    walk.journey.save(update_fields=["patient_name"])


def test_a_patient_uploads_a_summary_and_opens_it(client):
    walk = walk_to("records.add")
    sign_in(client, walk.patient)
    name_is(walk, "DeLarosa, Martha")
    sent = {"title": "My summary", "file": SimpleUploadedFile("x.exe", BUNDLE), "key": "k1"}

    client.post(reverse("turns:take", args=["journey", walk.journey.pk, "records.add"]), sent)
    record = Record.objects.get()
    page = client.get(reverse("records:record", args=[record.pk])).content.decode()

    assert record.media_type == "application/fhir+json"
    assert "Menopausal flushing (finding)" in page
    assert "Martha DeLarosa" in page


def test_a_section_that_says_nothing_is_shown_as_unknown(client):
    walk = walk_to("records.add")
    record = steps.add(walk.journey, content=b'{"resourceType": "Patient"}', by=walk.patient)

    page = sign_in(client, walk.patient).get(reverse("records:record", args=[record.pk])).content.decode()

    assert page.count("The records say nothing about it. That does not mean that there is none.") == 3


def test_download_gives_the_very_bytes_and_never_lets_the_browser_show_them(client):
    walk = walk_to("records.add")
    record = steps.add(walk.journey, content=BUNDLE, confirmed=True, by=walk.patient)

    answer = sign_in(client, walk.patient).get(reverse("records:download", args=[record.pk]))

    assert (answer.content, answer["Content-Type"]) == (BUNDLE, "application/octet-stream")
    assert answer["Content-Disposition"].startswith("attachment")
    assert log.reads_of(walk.journey.pk).count() == 1


def test_pages_of_records_are_no_page_for_who_may_not_see_them(client):
    walk = walk_to("offers.make")
    record = Record.objects.get()
    sign_in(client, walk.facilitator)

    assert client.get(reverse("records:record", args=[record.pk])).status_code == 404
    assert client.get(reverse("records:download", args=[record.pk])).status_code == 404
    page = client.get(reverse("records:medical_file", args=[walk.journey.pk])).content.decode()
    assert "Replace the knee" not in page
    assert log.reads_of(walk.journey.pk).count() == 0
