import pytest

from clearpath.journeys import steps as journeys
from clearpath.journeys.models import Consent, Journey
from clearpath.turns.sight import HIDDEN, shown, visible
from tests.factories import make_journey, patient_actor, patient_of, seated
from tests.walk import walk_to

pytestmark = pytest.mark.django_db


def test_a_field_whose_class_the_role_does_not_see_is_blank():
    journey = make_journey()
    facilitator = seated(journey, "facilitator")

    [row] = visible(Journey, to=facilitator)

    seen = shown(row, to=facilitator)
    assert (seen.patient_name, seen.procedure) == ("Amina Yusuf", HIDDEN)
    assert "procedure" in seen.hidden


def test_consent_opens_the_class_and_its_withdrawal_closes_it_at_once():
    journey = make_journey()
    facilitator = seated(journey, "facilitator")
    consent = journeys.give_consent(
        journey,
        recipient_key=facilitator.organisation_id,
        purpose="coordination",
        data_class="clinical",
        wording="I agree.",
        language="en",
        by=patient_of(journey),
    )
    assert shown(journey, to=facilitator).procedure == "Knee replacement"

    journeys.withdraw_consent(journey, consent, by=patient_of(journey))

    assert shown(journey, to=facilitator).procedure == HIDDEN


def test_what_is_hidden_is_false_and_empty():
    assert (bool(HIDDEN), str(HIDDEN), f"{HIDDEN}") == (False, "", "")


def test_somebody_else_sees_no_row_and_no_field():
    journey = make_journey()
    stranger = patient_actor()

    assert list(visible(Journey, to=stranger)) == []
    assert shown(journey, to=stranger).patient_name == HIDDEN


def test_whoever_sits_on_a_lane_learns_of_no_consent_to_another():
    journey = walk_to("records.give_opinion", lanes=2).journey
    lanes = list(journey.lanes.order_by("number"))
    doctors = {seat.lane_id: seat.organisation_id for seat in journey.seats.filter(role="doctor")}
    from tests.factories import actor_at

    for lane in lanes:
        doctor = actor_at(doctors[lane.pk], "doctor")
        assert set(visible(Consent, to=doctor).values_list("recipient_key", flat=True)) == {doctors[lane.pk]}
    everything = set(Consent.objects.values_list("recipient_key", flat=True))
    facilitator = seated(journey, "facilitator")
    assert set(visible(Consent, to=facilitator).values_list("recipient_key", flat=True)) == everything
