"""What the steps of aftercare change, whom they refuse, what follows by itself, and who sees it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from clearpath.aftercare import queries, steps
from clearpath.aftercare.models import DoctorWarning, Report
from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.records import queries as records
from clearpath.trust import log
from clearpath.turns import steps as turns
from tests.factories import NOON, later
from tests.walk import walk_to

pytestmark = pytest.mark.django_db


def report(walk, by=None, **change):
    given = {"pain": 2, "wound": "fine", "temperature_c": Decimal("36.8"), "text": "I can walk"} | change
    return steps.report(walk.journey, by=by or walk.patient, **given)


def test_report_is_recorded_and_a_good_one_raises_nothing():
    walk = walk_to("aftercare.report")

    found = report(walk)

    assert (found.alarms, found.reported_as) == ([], "patient")
    entry = log.entries_about(found).get()
    content = {
        "pain": 2, "temperature_c": "36.8", "wound": "fine", "is_bleeding": False, "is_short_of_breath": False,
        "text": "I can walk", "alarms": [],
    }  # fmt: skip
    assert entry.digest == log.digest_of(content, salt=entry.salt)
    assert "aftercare.raise_warning" not in walk.look()


def test_report_is_the_patients_unless_the_facilitator_is_appointed():
    walk = walk_to("aftercare.report")
    with pytest.raises(NotYourPart, match="not_your_part"):
        report(walk, walk.facilitator)
    with pytest.raises(Refused, match="pain_out_of_range"):
        report(walk, pain=11)
    assert not Report.objects.exists()

    turns.appoint(walk.journey, task="aftercare.report", role="facilitator", wording="Please", by=walk.patient)

    assert report(walk, walk.facilitator).reported_as == "facilitator"


def test_an_alarming_report_waits_for_the_doctor_and_is_answered_once():
    walk = walk_to("aftercare.report")
    found = report(walk, temperature_c=Decimal("38.4"))

    assert "aftercare.raise_warning" in walk.look()

    assert "warning_open" in walk.facts()
    with pytest.raises(NotYourPart):
        steps.answer_warning(walk.journey, text="Drink water", by=walk.facilitator)
    with pytest.raises(Refused, match="text_needed"):
        steps.answer_warning(walk.journey, text=" ", by=walk.doctor)
    [warning] = steps.answer_warning(walk.journey, text="Take a blood test today", by=walk.doctor)
    assert (warning.report, warning.answered_at) == (found, NOON)
    assert "warning_open" not in walk.facts()
    assert walk.look() == []


def test_each_alarming_report_is_warned_of():
    walk = walk_to("aftercare.report")
    report(walk, pain=8)
    walk.look()

    report(walk, wound="open")
    walk.look()

    assert DoctorWarning.objects.count() == 2
    steps.answer_warning(walk.journey, text="Come in", by=walk.doctor)
    assert DoctorWarning.objects.filter(answered_at=None).count() == 0


def test_contact_is_lost_after_ninety_days_of_silence_and_not_before():
    walk = walk_to("aftercare.report")

    assert "aftercare.lose_contact" not in walk.look(NOON + timedelta(days=90, seconds=-1))
    assert "aftercare.lose_contact" in walk.look(NOON + timedelta(days=90))

    assert {"lost_to_follow_up", "aftercare_done"} <= walk.facts()


def test_a_report_begins_the_ninety_days_anew():
    walk = walk_to("aftercare.report")
    report(walk, later(walk.patient, NOON + timedelta(days=80)))

    assert "aftercare.lose_contact" not in walk.look(NOON + timedelta(days=100))


def test_finish_keeps_the_patients_own_view():
    walk = walk_to("aftercare.finish")

    with pytest.raises(NotYourPart):
        steps.finish(walk.journey, patient_says="better", by=walk.provider)
    with pytest.raises(Refused, match="outcome_needed"):
        steps.finish(walk.journey, patient_says="splendid", by=walk.facilitator)
    steps.finish(walk.journey, patient_says="worse", note="Still limping", by=walk.facilitator)

    [ending] = queries.endings_for(walk.patient, walk.journey)
    assert (str(ending.patient_says), ending.note) == ("Worse than before", "Still limping")


def test_close_waits_for_an_open_warning():
    walk = walk_to("aftercare.close")
    report(walk, pain=9)
    walk.look()

    with pytest.raises(NotYourPart) as refusal:
        steps.close(walk.journey, by=walk.facilitator)
    assert refusal.value.missing == ("not warning_open",)
    steps.answer_warning(walk.journey, text="Take paracetamol", by=walk.doctor)
    steps.close(walk.journey, by=walk.facilitator)

    walk.journey.refresh_from_db()
    assert (walk.journey.stage, walk.journey.closed_at) == ("closed", NOON)


def test_how_the_patient_is_needs_consent_and_the_answer_stands_in_the_medical_file():
    walk = walk_to("aftercare.report")
    report(walk, pain=9)
    walk.look()
    steps.answer_warning(walk.journey, text="Take paracetamol", by=walk.doctor)

    [own] = queries.report_rows_for(walk.patient, walk.journey)
    assert (own.answer, [str(alarm) for alarm in own.alarms]) == ("Take paracetamol", ["Severe pain"])
    for actor in (walk.doctor, walk.facilitator):
        [row] = queries.report_rows_for(actor, walk.journey)
        assert (row.pain, row.answer, row.answered_at) == (9, "", NOON)
    assert queries.report_rows_for(walk.provider, walk.journey) == []
    written = {each.kind: each for each in records.file_for(walk.doctor, walk.journey)}
    assert written["answer"].parts[0].text == "Take paracetamol"
    assert "answer" not in {each.kind for each in records.headlines_for(walk.facilitator, walk.journey)}
