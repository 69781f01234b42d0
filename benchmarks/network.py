"""A network with one facilitator, and journeys with them, to measure steps on. Import it once Django is set up."""

from datetime import UTC, date, datetime

from clearpath.charter.actor import Actor
from clearpath.core.identifiers import new_id
from clearpath.journeys import steps as journeys
from clearpath.journeys.models import Journey
from clearpath.parties import founding
from clearpath.parties import steps as parties
from clearpath.parties.models import Membership, Person

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def person(name: str) -> Person:
    return Person.objects.create(email=f"{new_id()}@example.org", name=name)


def a_facilitator() -> Actor:
    return _an_organisation("facilitator", "Guides", ("registration",))


def a_provider(name: str) -> Actor:
    return _an_organisation("provider", name, ("registration", "licence"))


def _an_organisation(role: str, name: str, evidence: tuple[str, ...]) -> Actor:
    """Verified, on a network that is founded with it."""
    steward = person("Steward")
    founding.found_network(steward="Office", country="CH", person_id=steward.pk, at=NOW)
    found = Membership.objects.get(role="steward")
    keeper = Actor(role="steward", now=NOW, person_id=found.person_id, organisation_id=found.organisation_id)
    applicant = Actor(role=role, now=NOW, person_id=person("Member").pk)
    organisation = parties.apply(name=name, country="TR", roles=(role,), by=applicant)
    member = Membership.objects.get(organisation_id=organisation.pk)
    actor = Actor(role=role, now=NOW, person_id=member.person_id, organisation_id=organisation.pk)
    for kind in evidence:
        parties.add_evidence(
            organisation, role=role, kind=kind, body="Ministry", number="1",
            valid_from=date(2025, 1, 1), valid_to=date(2028, 1, 1), by=actor,
        )  # fmt: skip
    parties.verify(organisation, by=keeper)
    return actor


def a_journey(facilitator: Actor, patient_name: str = "Amina") -> tuple[Journey, Actor]:
    """A journey and its patient."""
    patient = Actor(role="patient", now=NOW, person_id=person(patient_name).pk)
    assert facilitator.organisation_id
    journey = journeys.start(
        facilitator_id=facilitator.organisation_id, patient_name=patient_name, country="KW", procedure="Knee",
        by=patient,
    )  # fmt: skip
    return journey, patient
