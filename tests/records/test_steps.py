"""What the clinical steps change, whom they refuse, and what they leave in the log."""

from datetime import date, timedelta

import pytest

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, NotYourPart, Refused
from clearpath.journeys import steps as journeys
from clearpath.journeys.models import HandedOver
from clearpath.parties.models import Tie
from clearpath.records import queries, steps
from clearpath.records.models import Discharge, InformedConsent, Note, Opinion, Record
from clearpath.trust import log, vault
from clearpath.turns.models import Lane, Seat
from tests.factories import NOON, actor_at, make_organisation, make_person
from tests.walk import PDF, TODAY, consent_to, discharge, opine, walk_to

pytestmark = pytest.mark.django_db

PAPERS = {"summary": "s", "medicines": "m", "warning_signs": "w", "follow_up": "f"}
OPINION = {
    "plan": "p", "risks": "r", "alternatives": "a", "stay_days": 7, "event": "keyhole", "surgeon": "s",
    "anaesthetist": "n",
}  # fmt: skip


def seat(walk, role, *, organisation=None, person=None):
    return Seat.objects.create(
        subject_id=walk.journey.pk, role=role, position=role, organisation=organisation, person=person,
        offered_at=NOON, held_since=NOON,
    )  # fmt: skip


def last_entry(walk):
    return log.entries_of(walk.journey.pk).last()


def test_add_keeps_the_bytes_as_received_and_sealed():
    walk = walk_to("records.add")

    record = steps.add(walk.journey, content=PDF, title="Letter", received_from="City Hospital", by=walk.patient)

    record.refresh_from_db()
    assert PDF not in bytes(record.sealed)
    assert vault.open_sealed(bytes(record.sealed), about=record.pk) == PDF
    assert (record.media_type, record.size, record.added_as) == ("application/pdf", len(PDF), "patient")
    assert "records_present" in walk.facts()
    assert (last_entry(walk).step, last_entry(walk).about_id) == ("records.add", record.pk)


def test_add_refuses_the_same_file_twice_and_leaves_one():
    walk = walk_to("records.add")
    steps.add(walk.journey, content=PDF, by=walk.patient)

    with pytest.raises(Refused, match="record_already_there"):
        steps.add(walk.journey, content=PDF, by=walk.patient)

    assert Record.objects.count() == 1
    assert (last_entry(walk).decision, last_entry(walk).reason) == ("refused", "record_already_there")


def test_add_is_the_patients_part_unless_they_appoint():
    walk = walk_to("records.add")

    with pytest.raises(NotYourPart, match="not_your_part"):
        steps.add(walk.journey, content=PDF, by=walk.facilitator)
    with pytest.raises(Refused, match="file_type_unknown"):
        steps.add(walk.journey, content=b"MZ\x90\x00", by=walk.patient)


def test_request_missing_is_kept_for_the_patient():
    walk = walk_to("records.add")

    steps.request_missing(walk.journey, text="The X-ray of May", by=walk.facilitator)

    assert [text for _at, text in queries.papers_asked_for(walk.patient, walk.journey)] == ["The X-ray of May"]
    with pytest.raises(NotYourPart):
        steps.request_missing(walk.journey, text="The X-ray", by=walk.patient)


def test_give_opinion_stands_on_the_doctors_own_lane():
    walk = walk_to("records.give_opinion", lanes=2)

    opinion = steps.give_opinion(walk.journey, suitability="suitable", by=walk.doctor, **OPINION)

    assert (opinion.lane, opinion.organisation_id) == (walk.lane, walk.doctor.organisation_id)
    other = Lane.objects.exclude(pk=walk.lane.pk).get()
    assert (Lane.objects.get(pk=walk.lane.pk).facts, other.facts) == (["opinion_given"], [])


@pytest.mark.parametrize("role", ["patient", "facilitator", "provider"])
def test_give_opinion_is_for_doctors_alone(role):
    walk = walk_to("records.give_opinion")

    with pytest.raises(NotYourPart) as refusal:
        steps.give_opinion(walk.journey, suitability="suitable", by=getattr(walk, role), **OPINION)

    assert refusal.value.rightful == "doctor"
    assert not Opinion.objects.exists()


def test_give_opinion_on_another_doctors_lane_is_refused():
    walk = walk_to("records.give_opinion", lanes=2)
    other = Lane.objects.exclude(pk=walk.lane.pk).get()

    with pytest.raises(NotYourPart, match="not_seated"):
        steps.give_opinion(walk.journey, suitability="suitable", lane=other, by=walk.doctor, **OPINION)


def test_advise_against_stops_the_offer_until_it_is_taken_back():
    walk = walk_to("offers.make")

    steps.advise_against(walk.journey, reason="The heart is too weak", by=walk.doctor)
    assert "advised_against" in walk.lane.facts
    with pytest.raises(NotYourPart, match="missing_facts"):
        opine(walk)
    with pytest.raises(Refused, match="text_needed"):
        steps.withdraw_advice(walk.journey, reason=" ", by=walk.doctor)
    steps.withdraw_advice(walk.journey, reason="New echo is normal", by=walk.doctor)

    assert "advised_against" not in walk.lane.facts
    assert list(Note.objects.order_by("pk").values_list("kind", flat=True)) == ["advice_against", "advice_withdrawn"]


def test_second_opinion_comes_from_who_has_no_tie():
    walk = walk_to("offers.make")
    clinic = make_organisation("doctor")
    second = Actor(
        role="second_doctor", now=NOON, person_id=actor_at(clinic, "doctor").person_id, organisation_id=clinic.pk
    )
    clinic.memberships.create(person_id=second.person_id, role="second_doctor", since=NOON)
    seat(walk, "second_doctor", organisation=clinic)
    consent_to(walk, clinic.pk, "clinical")
    tie = Tie.objects.create(first=clinic, second_id=walk.provider.organisation_id, kind="family", found_at=NOON)

    with pytest.raises(Refused, match="second_doctor_is_tied"):
        steps.give_second_opinion(walk.journey, verdict="agrees", text="I agree.", by=second)
    Tie.objects.filter(pk=tie.pk).update(ended_at=NOON)
    note = steps.give_second_opinion(walk.journey, verdict="agrees", text="I agree.", by=second)

    assert (note.kind, note.lane) == ("second_opinion", None)
    assert "second_opinion_given" in walk.facts()


def test_give_informed_consent_keeps_the_words_and_what_was_explained():
    walk = walk_to("records.give_informed_consent")

    consent = steps.give_informed_consent(walk.journey, wording="Kabul ediyorum.", language="tr", by=walk.patient)

    assert (consent.wording, consent.language) == ("Kabul ediyorum.", "tr")
    assert consent.explanation.text == "We replace the knee."
    with pytest.raises(Refused, match="informed_consent_in_force"):
        steps.give_informed_consent(walk.journey, wording="Again.", language="en", by=walk.patient)
    with pytest.raises(NotYourPart):
        steps.give_informed_consent(walk.journey, wording="For you.", language="en", by=walk.doctor)


def test_withdraw_informed_consent_stops_the_treatment():
    walk = walk_to("records.treat")

    steps.withdraw_informed_consent(walk.journey, by=walk.patient)

    assert InformedConsent.objects.get().withdrawn_at == NOON
    with pytest.raises(NotYourPart) as refusal:
        steps.treat(walk.journey, text="Knee replaced", treated_on=TODAY, by=walk.doctor)
    assert refusal.value.missing == ("informed_consent",)


def test_treat_is_not_recorded_ahead_of_its_day():
    walk = walk_to("records.treat")

    with pytest.raises(Refused, match="day_is_ahead"):
        steps.treat(walk.journey, text="Knee replaced", treated_on=TODAY + timedelta(days=1), by=walk.doctor)

    assert "treated" not in walk.facts()


def test_discharge_gives_the_patient_all_four_texts():
    walk = walk_to("records.discharge")

    with pytest.raises(Refused, match="discharge_incomplete"):
        steps.discharge(walk.journey, discharged_on=TODAY, by=walk.doctor, **PAPERS | {"medicines": ""})
    assert not Discharge.objects.exists()
    discharge(walk)

    walk.journey.refresh_from_db()
    assert (walk.journey.stage, Discharge.objects.get().is_early) == ("return", False)


def test_discharge_early_is_for_who_left_after_the_treatment():
    walk = walk_to("records.discharge")
    journeys.withdraw(walk.journey, by=walk.patient)

    found = steps.discharge_early(walk.journey, discharged_on=TODAY, by=walk.doctor, **PAPERS)

    assert found.is_early
    assert "discharged" in walk.facts()


def test_readmit_takes_the_certificate_back():
    walk = walk_to("travel.send_home")
    assert queries.flight_window(walk.journey.pk) == (TODAY, date(2026, 6, 30))

    steps.readmit(walk.journey, reason="Infection", by=walk.doctor)

    assert queries.flight_window(walk.journey.pk) is None
    walk.journey.refresh_from_db()
    assert (walk.journey.stage, "fit_to_fly" in walk.journey.facts) == ("treatment", False)


def test_declare_fit_to_fly_is_refused_before_the_discharge():
    walk = walk_to("records.declare_fit_to_fly")

    with pytest.raises(Refused, match="fit_before_discharge"):
        steps.declare_fit_to_fly(walk.journey, fit_from=TODAY - timedelta(days=1), fit_until=TODAY, by=walk.doctor)
    fit = steps.declare_fit_to_fly(walk.journey, fit_from=TODAY, fit_until=TODAY, text="Aisle seat", by=walk.doctor)

    days = "from June 1, 2026 until June 1, 2026, both days included"
    assert fit.text == f"The patient is fit to fly {days}.\n\nAisle seat"


def test_hand_over_home_reaches_the_home_doctor_only_with_consent():
    walk = walk_to("records.hand_over_home")
    trusted, stranger = make_person("Dr. Home"), make_person("Dr. Else")
    seat(walk, "home_doctor", person=trusted)
    seat(walk, "home_doctor", person=stranger)
    consent_to(walk, trusted.pk, "clinical")

    note = steps.hand_over_home(walk.journey, text="Dear colleague", by=walk.doctor)

    handed = HandedOver.objects.filter(step="records.hand_over_home").values_list("recipient_key", flat=True)
    assert list(handed) == [trusted.pk]
    assert "with the patient's consent, to: Dr. Home." in note.text
    assert "has not agreed: Dr. Else." in note.text
    assert "handed_over" in walk.facts()


def test_record_death_puts_things_in_order():
    walk = walk_to("records.discharge")

    with pytest.raises(NotYourPart):
        steps.record_death(walk.journey, died_on=TODAY, by=walk.facilitator)
    note = steps.record_death(walk.journey, died_on=TODAY, text="Embolism", by=walk.doctor)

    walk.journey.refresh_from_db()
    assert (walk.journey.stage, note.happened_on) == ("ending", TODAY)


def test_a_thing_of_another_journey_is_not_found():
    walk, other = walk_to("records.add"), walk_to("records.add")
    record = steps.add(other.journey, content=PDF, by=other.patient)

    with pytest.raises(NotFound):
        queries.record_for(walk.patient, record.pk)
