import pytest

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, NotYourPart, Refused
from clearpath.journeys import steps as journeys
from clearpath.journeys.models import Journey
from clearpath.trust import log
from clearpath.turns import steps as turns
from clearpath.turns.models import Notice, Task
from tests.factories import (
    NOON,
    actor_at,
    make_journey,
    make_organisation,
    make_person,
    patient_actor,
    patient_of,
    seated,
)

pytestmark = pytest.mark.django_db


def test_a_step_applies_what_the_charter_says_follows():
    journey = make_journey()

    journeys.answer_inquiry(journey, how="telephone", by=seated(journey, "facilitator"))
    journeys.open_journey(journey, by=seated(journey, "facilitator"))

    journey.refresh_from_db()
    assert (journey.stage, journey.facts, journey.revision) == ("intake", ["answered"], 3)


def test_a_step_is_logged_with_a_digest_of_its_content():
    journey = make_journey()
    facilitator = seated(journey, "facilitator")

    journeys.answer_inquiry(journey, how="telephone", by=facilitator)

    entry = list(log.entries_of(journey.pk))[-1]
    assert (entry.step, entry.decision, entry.person_id) == ("journeys.answer_inquiry", "done", facilitator.person_id)
    assert entry.digest == log.digest_of({"how": "telephone"}, salt=entry.salt)


def test_a_step_out_of_part_is_refused_names_the_rightful_role_and_is_logged():
    journey = make_journey()

    with pytest.raises(NotYourPart) as refusal:
        journeys.open_journey(journey, by=patient_of(journey))

    assert (refusal.value.code, refusal.value.rightful) == ("not_your_part", "facilitator")
    assert [(entry.step, entry.decision) for entry in log.entries_of(journey.pk)] == [
        ("journeys.start", "done"),
        ("journeys.open", "refused"),
    ]
    journey.refresh_from_db()
    assert journey.stage == "inquiry"


def test_a_step_by_somebody_without_a_seat_is_refused():
    journey = make_journey()
    stranger = make_organisation("facilitator")

    with pytest.raises(NotYourPart, match="not_seated"):
        journeys.answer_inquiry(journey, by=actor_at(stranger, "facilitator"))


def test_a_step_before_its_time_names_what_is_missing():
    journey = make_journey()

    with pytest.raises(NotYourPart) as refusal:
        journeys.open_journey(journey, by=seated(journey, "facilitator"))

    assert (refusal.value.code, refusal.value.missing) == ("missing_facts", ("answered",))


def test_a_person_who_left_the_organisation_cannot_act():
    journey = make_journey()
    facilitator = seated(journey, "facilitator")
    from clearpath.parties.models import Membership

    Membership.objects.filter(person_id=facilitator.person_id).update(until=facilitator.now)

    with pytest.raises(Refused, match="not_a_member"):
        journeys.answer_inquiry(journey, by=facilitator)


def test_the_same_request_key_takes_effect_once():
    journey = make_journey()
    facilitator = seated(journey, "facilitator")

    journeys.answer_inquiry(journey, by=facilitator, key="request-1")
    with pytest.raises(Refused, match="already_done"):
        journeys.answer_inquiry(journey, by=facilitator, key="request-1")

    assert [entry.decision for entry in log.entries_of(journey.pk)] == ["done", "done", "refused"]


def test_a_step_opens_the_next_task_with_its_clock_and_closes_the_last():
    journey = make_journey()
    opened = Task.objects.filter(done_at=None, subject=journey)
    assert {(task.step, task.position, task.due_at is not None) for task in opened} == {
        ("journeys.answer_inquiry", "facilitator", True),
        ("journeys.give_consent", "patient", False),
        ("records.add", "patient", False),
    }

    journeys.answer_inquiry(journey, by=seated(journey, "facilitator"))

    assert set(opened.values_list("step", flat=True)) == {"journeys.open", "journeys.give_consent", "records.add"}


def test_a_step_tells_the_seats_that_the_charter_names():
    journey = make_journey()

    journeys.answer_inquiry(journey, by=seated(journey, "facilitator"))

    told = Notice.objects.filter(seat__subject=journey, step="journeys.answer_inquiry")
    assert [notice.seat.role for notice in told] == ["patient"]


def test_a_thing_of_another_journey_is_not_found():
    journey, other = make_journey(), make_journey()
    consent = journeys.give_consent(
        other,
        recipient_key=seated(other, "facilitator").organisation_id,
        purpose="coordination",
        data_class="clinical",
        wording="I agree.",
        language="en",
        by=patient_of(other),
    )
    journeys.give_consent(
        journey,
        recipient_key=seated(journey, "facilitator").organisation_id,
        purpose="coordination",
        data_class="clinical",
        wording="I agree.",
        language="en",
        by=patient_of(journey),
    )

    with pytest.raises(NotFound):
        journeys.withdraw_consent(journey, consent, by=patient_of(journey))


def test_starting_is_for_the_patient_alone():
    facilitator = make_organisation("facilitator")

    with pytest.raises(NotYourPart, match="not_your_part"):
        journeys.start(
            facilitator_id=facilitator.pk,
            patient_name="A",
            country="KW",
            procedure="B",
            by=actor_at(facilitator, "facilitator"),
        )

    assert Journey.objects.count() == 0


def test_an_unverified_organisation_takes_no_seat():
    facilitator = make_organisation("facilitator", verified=False)

    with pytest.raises(Refused, match="not_verified"):
        journeys.start(facilitator_id=facilitator.pk, patient_name="A", country="KW", procedure="B", by=patient_actor())

    assert Journey.objects.count() == 0


def test_a_relative_starts_nothing_for_a_patient_who_did_not_appoint_them():
    facilitator, patient, relative = make_organisation("facilitator"), make_person(), make_person()
    asks = {"facilitator_id": facilitator.pk, "patient_name": "A", "country": "KW", "procedure": "B"}
    for_patient = Actor(role="patient", now=NOON, person_id=relative.pk, for_person_id=patient.pk)

    with pytest.raises(NotYourPart, match="not_appointed"):
        journeys.start(**asks, by=for_patient)

    journey = journeys.start(**asks, by=patient_actor(patient))
    turns.appoint(journey, person_id=relative.pk, wording="Acts for me.", by=patient_actor(patient))
    second = journeys.start(**asks, by=for_patient)
    assert second.about_id == patient.pk
    assert log.entries_of(second.pk).get().for_person_id == patient.pk
