"""What goes home with a patient is everything, as it was sent, in one document that holds together."""

import json
from pathlib import Path

import pytest

from clearpath.records import steps
from clearpath.records.going_home import ips_of
from tests.factories import NOON
from tests.walk import walk_to

BUNDLES = Path(__file__).parent / "bundles"


def resources_of(content, kind):
    return [each["resource"] for each in json.loads(content)["entry"] if each["resource"]["resourceType"] == kind]


def section_of(content, code):
    [composition] = resources_of(content, "Composition")
    return next(each for each in composition["section"] if code in json.dumps(each["code"]))


@pytest.mark.django_db
def test_a_discharged_journey_goes_home_as_one_document():
    walk = walk_to("records.hand_over_home")
    steps.add(walk.journey, content=(BUNDLES / "ips_example.json").read_bytes(), title="Summary", by=walk.patient)

    content = ips_of(walk.journey, language="en", at=NOON)

    bundle = json.loads(content)
    assert (bundle["type"], bundle["entry"][0]["resource"]["resourceType"]) == ("document", "Composition")
    [procedure] = resources_of(content, "Procedure")
    assert (procedure["code"]["text"], procedure["performedDateTime"]) == ("Knee replaced", "2026-06-01")
    assert "Stitches out on day 14" in section_of(content, "8653-8")["text"]["div"]
    assert "Menopausal flushing" in section_of(content, "11450-4")["text"]["div"]
    assert len(section_of(content, "10160-0")["entry"]) == 3  # two as sent, and what the discharge letter says
