"""Who sees which rows: the fast first page shows what `visible` shows, and nothing else."""

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clearpath.charter.actor import Actor
from clearpath.charter.document import default_charter
from clearpath.core.identifiers import new_id
from clearpath.journeys.models import Consent, Journey
from clearpath.stewardship.models import CharterVersion
from clearpath.turns import queries
from clearpath.turns.hooks import hooks
from clearpath.turns.models import Appointment, Lane, Seat
from clearpath.turns.page import first_page
from clearpath.turns.sight import shown, visible
from tests.factories import NOON, make_journey, make_organisation, make_person, patient_of

pytestmark = pytest.mark.django_db

PERSONAL = {"patient", "home_doctor"}
FIELDS = ("reference", "patient_name", "email", "procedure", "wishes", "came_from")
ROLES = sorted(set(default_charter().roles) - {"network"})


def a_journey(patient) -> Journey:
    return Journey.objects.create(
        kind="journey", charter="2026.1", stage="review", about=patient, opened_at=NOON, stage_since=NOON,
        reference=str(new_id())[-12:], patient_name="Amina", email="a@example.org", country="KW", procedure="Knee",
        wishes="Soon", came_from="search",
    )  # fmt: skip


@pytest.fixture
def world():
    """Journeys on which people and organisations sit in every way there is, or no longer."""
    return World(random.Random(7))


class World:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.people = [make_person() for _each in range(4)]
        self.organisations = [make_organisation("facilitator", verified=False) for _each in range(3)]
        self.journeys = [a_journey(chance.choice(self.people)) for _each in range(30)]
        for journey in self.journeys:
            self.seat_some(journey)

    def seat_some(self, journey: Journey) -> None:
        chance = self.chance
        lanes = [Lane.objects.create(subject=journey, number=number, opened_at=NOON) for number in (1, 2)]
        for _each in range(8):
            role = chance.choice(ROLES)
            Seat.objects.create(
                subject=journey,
                lane=chance.choice([None, *lanes]) if role in {"provider", "doctor"} else None,
                role=role,
                position=role,
                organisation=None if role in PERSONAL else chance.choice(self.organisations),
                person=chance.choice(self.people) if role in PERSONAL else chance.choice([None, None, *self.people]),
                offered_at=NOON,
                held_since=chance.choice([NOON, NOON, None]),
                ended_at=chance.choice([None, None, NOON]),
            )
        for data_class in ("clinical", "contact", "identity"):
            for recipient in chance.sample([*self.people, *self.organisations], 3):
                Consent.objects.create(
                    journey=journey, recipient_key=recipient.pk, purpose="care", data_class=data_class, wording="Yes",
                    language="en", given_at=NOON, given_by=self.people[0], withdrawn_at=chance.choice([None, NOON]),
                )  # fmt: skip
        if chance.random() < 0.3:
            Appointment.objects.create(
                subject=journey, by_person_id=journey.about_id, person=chance.choice(self.people), wording="For me",
                given_at=NOON, revoked_at=chance.choice([None, NOON]),
            )  # fmt: skip

    def actors(self):
        for role in ROLES:
            for person in self.people:
                if role in PERSONAL:
                    yield Actor(role=role, now=NOON, person_id=person.pk)
                else:
                    for organisation in self.organisations:
                        yield Actor(role=role, now=NOON, person_id=person.pk, organisation_id=organisation.pk)
        for person in self.people:
            for patient in self.people:
                yield Actor(role="patient", now=NOON, person_id=person.pk, for_person_id=patient.pk)


def as_seen(rows, actor):
    return [
        (row.pk, seen.hidden, [getattr(seen, name) for name in FIELDS])
        for row in rows
        if (seen := shown(row, to=actor))
    ]


def test_the_first_page_shows_what_visible_shows_to_every_role(world):
    roles_that_saw = set()
    for actor in world.actors():
        everything = list(visible(Journey, to=actor).order_by("-pk"))
        for size in (1, 5, 40):
            page = first_page(Journey, to=actor, size=size)
            assert as_seen(page, actor) == as_seen(everything[:size], actor), actor
            if len(everything) > size:
                following = first_page(Journey, to=actor, size=size, after=page[-1].pk)
                assert as_seen(following, actor) == as_seen(everything[size : 2 * size], actor), actor
            roles_that_saw.update({actor.role} if page else set())
    assert roles_that_saw == {"patient", "facilitator", "provider", "doctor", "second_doctor", "home_doctor"}


@pytest.mark.parametrize("kind", sorted(hooks.models))
def test_the_first_page_of_every_kind_can_be_asked_by_every_role(kind, world):
    model = hooks.models[kind]
    for actor in world.actors():
        assert [row.pk for row in first_page(model, to=actor)] == [
            row.pk for row in visible(model, to=actor).order_by("-pk")[:50]
        ]


def test_a_first_page_takes_two_queries_however_many_journeys_it_shows():
    facilitator = make_organisation("facilitator")
    taken = []
    for journeys in (1, 29):
        for _each in range(journeys):
            journey = make_journey(facilitator=facilitator)
        actor = Actor(role="facilitator", now=NOON, person_id=new_id(), organisation_id=facilitator.pk)
        with CaptureQueriesContext(connection) as asked:
            page = [shown(row, to=actor).patient_name for row in first_page(Journey, to=actor)]
        taken.append((len(page), len(asked)))
    assert taken == [(1, 2), (30, 2)]
    assert journey.pk == first_page(Journey, to=actor)[0].pk


def test_what_a_role_never_sees_is_not_even_read():
    journey = a_journey(make_person())
    doctors = make_organisation("doctor", verified=False)
    Seat.objects.create(
        subject=journey, role="doctor", position="doctor", organisation=doctors, offered_at=NOON, held_since=NOON
    )
    actor = Actor(role="doctor", now=NOON, person_id=new_id(), organisation_id=doctors.pk)

    [row] = first_page(Journey, to=actor)

    never, without_consent = {"email", "phone", "wishes", "came_from", "source_reference"}, {"procedure", "story"}
    assert row.get_deferred_fields() == never | without_consent
    assert not shown(row, to=actor).email


def test_the_relative_of_a_patient_sees_where_they_were_appointed_and_nothing_else():
    journey, other = make_journey(), make_journey()
    patient, relative = patient_of(journey), make_person()
    other.about_id = patient.person_id
    other.save()
    appointment = Appointment.objects.create(
        subject=journey, by_person_id=patient.person_id, person=relative, wording="For me", given_at=NOON
    )
    actor = Actor(role="patient", now=NOON, person_id=relative.pk, for_person_id=patient.person_id)

    assert {row.pk for row in visible(Journey, to=patient)} == {journey.pk, other.pk}
    assert [row.pk for row in visible(Journey, to=actor)] == [journey.pk]
    with pytest.raises(queries.NotFound):
        queries.subject_for(actor, "journey", other.pk)

    appointment.revoked_at = NOON + timedelta(days=1)
    appointment.save()
    assert not visible(Journey, to=actor).exists()
    with pytest.raises(queries.NotFound):
        queries.subject_for(actor, "journey", journey.pk)


def test_a_row_with_many_owners_is_found_once():
    members = [make_organisation("agency", verified=False) for _each in range(3)]
    version = CharterVersion.objects.create(
        kind="charter", charter="2026.1", stage="proposed", opened_at=NOON, stage_since=NOON, version="2027.1"
    )
    for member in members:
        version.voices.create(organisation=member, roles=["agency"])
    actor = Actor(role="agency", now=NOON, person_id=new_id(), organisation_id=members[1].pk)

    assert [row.pk for row in visible(CharterVersion, to=actor)] == [version.pk]
    assert [row.pk for row in first_page(CharterVersion, to=actor)] == [version.pk]
