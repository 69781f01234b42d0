"""Makes what tests stand on, by taking the real steps: valid by default, no surprises."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.journeys import steps as journeys
from clearpath.journeys.models import Journey
from clearpath.parties import founding
from clearpath.parties import steps as parties
from clearpath.parties.models import Membership, Organisation, Person
from clearpath.parties.policies import REQUIRED_EVIDENCE
from tests.kept import kept

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
_numbers = count(1)


@kept
def make_person(name: str = "") -> Person:
    number = next(_numbers)
    return Person.objects.create(email=f"person{number}@example.org", name=name or f"Person {number}")


def patient_actor(person: Person | None = None) -> Actor:
    return Actor(role="patient", now=NOON, person_id=(person or make_person()).pk)


@kept
def steward() -> Actor:
    """The steward of the network, founded when it is first needed."""
    found = Membership.objects.filter(role="steward").first()
    if found is None:
        person = make_person("Steward")
        founding.found_network(steward="Health Travel Office", country="CH", person_id=person.pk, at=NOON)
        found = Membership.objects.get(role="steward")
    return Actor(role="steward", now=NOON, person_id=found.person_id, organisation_id=found.organisation_id)


@kept
def make_organisation(*roles: str, name: str = "", verified: bool = True) -> Organisation:
    """An organisation that holds these roles, with the evidence that they require."""
    keeper = steward()
    person = make_person()
    applicant = Actor(role=roles[0], now=NOON, person_id=person.pk)
    organisation = parties.apply(
        name=name or f"{roles[0].capitalize()} {next(_numbers)}", country="TR", roles=roles, by=applicant
    )
    for role in roles:
        for kind in REQUIRED_EVIDENCE[role]:
            parties.add_evidence(
                organisation,
                role=role,
                kind=kind,
                body="Ministry of Health",
                number=f"N-{next(_numbers)}",
                valid_from=date(2025, 1, 1),
                valid_to=date(2028, 1, 1),
                by=actor_at(organisation, role),
            )
    if verified:
        parties.verify(organisation, by=keeper)
        organisation.refresh_from_db()
    return organisation


def actor_at(organisation: Organisation | UUID, role: str) -> Actor:
    """Somebody who works there in that role."""
    key = organisation if isinstance(organisation, UUID) else organisation.pk
    member = Membership.objects.filter(organisation_id=key, role=role, until=None).order_by("pk").first()
    assert member is not None, f"nobody works there as {role}"
    return Actor(role=role, now=NOON, person_id=member.person_id, organisation_id=key)


def later(actor: Actor, moment: datetime) -> Actor:
    return replace(actor, now=moment)


@kept
def make_journey(
    *, facilitator: Organisation | None = None, patient: Person | None = None, at: datetime = NOON
) -> Journey:
    """A journey in its first stage, asked for by the patient."""
    facilitator = facilitator or make_organisation("facilitator")
    return journeys.start(
        facilitator_id=facilitator.pk,
        patient_name="Amina Yusuf",
        country="KW",
        procedure="Knee replacement",
        by=later(patient_actor(patient), at),
    )


def patient_of(journey: Journey) -> Actor:
    return Actor(role="patient", now=NOON, person_id=journey.about_id)


def seated(journey: Journey, role: str) -> Actor:
    """Somebody who sits on the journey in that role."""
    seat = journey.seats.filter(role=role, ended_at=None).order_by("pk").first()
    assert seat is not None, f"no {role} sits there"
    return actor_at(seat.organisation_id, role)
