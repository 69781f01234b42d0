"""Complaints made by taking the real steps."""

from typing import Any

from clearpath.charter.actor import Actor
from clearpath.complaints import steps
from clearpath.complaints.models import Complaint
from tests.factories import NOON, make_journey, patient_of, steward
from tests.kept import kept

NETWORK = Actor(role="network", now=NOON)


@kept
def make_complaint(**more: Any) -> tuple[Complaint, Actor, Actor]:
    """A complaint about a journey, with its patient and the steward who hears it."""
    keeper = steward()
    journey = make_journey()
    patient = patient_of(journey)
    details = {"text": "Nobody called me back.", "category": "service", "journey_id": journey.pk}
    return steps.raise_complaint(by=patient, **(details | more)), patient, keeper
