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


def test_a_journey_is_seen_by_the_version_that_it_keeps(monkeypatch):
    from clearpath.charter.document import default_source
    from clearpath.turns import charters, page, sight
    from clearpath.turns.hooks import hooks

    stricter = default_source().replace("contact:     {patient: own, facilitator: seat,", "contact:     {patient: own,")
    assert stricter != default_source()
    sources = {"2026.1": default_source(), "2027.1": stricter.replace('"2026.1"', '"2027.1"')}
    in_force = ["2026.1"]
    monkeypatch.setattr(hooks, "charter_source", sources.get)
    monkeypatch.setattr(hooks, "charter_versions", lambda: list(sources))
    monkeypatch.setattr(hooks, "charter_in_force", lambda: in_force[0])
    caches = (charters.charter, charters.tables, charters.in_use, sight.versions_to_ask, sight.ways_of)
    for each in caches:
        each.cache_clear()
    old = make_journey()
    in_force[0] = "2027.1"
    new = make_journey(facilitator=None)
    type(old).objects.update(phone="+41 1")

    shown_of_old = shown(old, to=seated(old, "facilitator"))
    shown_of_new = shown(new, to=seated(new, "facilitator"))

    assert (old.charter, shown_of_old.phone) == ("2026.1", "+41 1")
    assert (new.charter, shown_of_new.phone) == ("2027.1", HIDDEN)
    [first] = page.first_page(Journey, to=seated(old, "facilitator"))
    assert shown(first, to=seated(old, "facilitator")).phone == "+41 1"
    for each in caches:
        each.cache_clear()


def test_a_relative_has_tasks_and_notices_only_where_the_patient_appointed_them():
    from clearpath.charter.actor import Actor
    from clearpath.turns import queries
    from clearpath.turns import steps as turns
    from tests.factories import NOON, make_person

    patient, relative = make_person(), make_person()
    here, elsewhere = make_journey(patient=patient), make_journey(patient=patient)
    turns.appoint(here, person_id=relative.pk, wording="Acts for me.", by=patient_of(here))
    by = Actor(role="patient", now=NOON, person_id=relative.pk, for_person_id=patient.pk)

    for journey in (here, elsewhere):
        journeys.answer_inquiry(journey, by=seated(journey, "facilitator"))

    assert {task.subject_id for task in queries.my_tasks(by)} == {here.pk}
    assert {notice.seat.subject_id for notice in queries.notices_for(by)} == {here.pk}
    assert {task.subject_id for task in queries.my_tasks(patient_of(here))} == {here.pk, elsewhere.pk}
