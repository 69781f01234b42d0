"""The summary page and the page of a record."""

from pathlib import Path

import pytest
from django.urls import reverse

from clearpath.parties.models import Person
from clearpath.records import steps
from clearpath.trust import log
from tests.walk import walk_to

pytestmark = pytest.mark.django_db
BUNDLES = Path(__file__).parent / "bundles"
EXAMPLE = (BUNDLES / "ips_example.json").read_bytes()


def sign_in(client, actor):
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def summary_url(walk, query=""):
    return reverse("records:summary", args=[walk.journey.pk]) + query


def test_a_doctor_reads_the_summary_and_is_noted(client):
    walk = walk_to("journeys.send_for_review")
    steps.add(walk.journey, content=EXAMPLE, title="From home", by=walk.patient)
    walk = walk

    page = sign_in(client, walk.patient).get(summary_url(walk)).content.decode()

    assert "Menopausal flushing (finding)" in page
    assert "Martha DeLarosa" in page
    assert [entry.step for entry in log.reads_of(walk.journey.pk)] == ["records.read_summary"]
