import pytest

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Refused
from clearpath.journeys import steps as journeys
from clearpath.turns import steps as turns
from tests.factories import NOON, make_journey, make_person, patient_of, seated

pytestmark = pytest.mark.django_db


def appoint(journey, person_id, by):
    return turns.appoint(journey, person_id=person_id, wording="Acts for me.", by=by)


def test_nobody_who_works_for_an_organisation_of_the_network_acts_for_a_patient():
    journey = make_journey()

    with pytest.raises(Refused, match="appointee_works_here"):
        appoint(journey, seated(journey, "facilitator").person_id, patient_of(journey))


def test_whoever_begins_to_work_for_one_later_does_nothing_for_the_patient_any_more():
    from clearpath.parties import founding
    from tests.factories import make_organisation

    journey, relative = make_journey(), make_person()
    appoint(journey, relative.pk, patient_of(journey))
    hospital = make_organisation("provider")
    founding.add_member(hospital, relative, "provider", at=NOON)
    for_patient = Actor(role="patient", now=NOON, person_id=relative.pk, for_person_id=journey.about_id)

    with pytest.raises(Refused, match="appointee_works_here"):
        journeys.change_facilitator(journey, facilitator_id=make_organisation("facilitator").pk, by=for_patient)


def test_who_was_appointed_appoints_nobody_else():
    journey, relative, third = make_journey(), make_person(), make_person()
    appoint(journey, relative.pk, patient_of(journey))
    for_patient = Actor(role="patient", now=NOON, person_id=relative.pk, for_person_id=journey.about_id)

    with pytest.raises(Refused, match="appoint_in_person"):
        appoint(journey, third.pk, for_patient)


def test_a_patient_does_not_appoint_themselves():
    journey = make_journey()

    with pytest.raises(Refused, match="cannot_appoint"):
        appoint(journey, journey.about_id, patient_of(journey))


def test_a_task_is_handed_over_once_while_it_waits():
    journey = make_journey()
    turns.hand_off(journey, task="journeys.answer_inquiry", by=patient_of(journey))

    with pytest.raises(Refused, match="already_handed_over"):
        turns.hand_off(journey, task="journeys.answer_inquiry", by=patient_of(journey))


def test_a_hand_off_is_answered_with_a_known_answer():
    journey = make_journey()
    handed = turns.hand_off(journey, task="journeys.answer_inquiry", by=patient_of(journey))

    with pytest.raises(Refused, match="no_such_answer"):
        turns.answer_hand_off(journey, handed, answer="accept", by=seated(journey, "facilitator"))
