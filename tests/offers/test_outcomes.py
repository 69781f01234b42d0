"""Everybody treated is in the denominator, whatever becomes of them."""

from datetime import timedelta

import pytest

from clearpath.aftercare import steps as aftercare
from clearpath.offers.models import Outcome
from clearpath.offers.outcomes import note_outcome
from clearpath.records import steps as records
from tests.factories import NOON, later
from tests.walk import TREATED_ON, walk_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """Runs what is done after a commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_who_is_treated_counts_from_that_day_on(commits):
    walk = walk_to("records.treat")
    assert not Outcome.objects.exists()

    with commits():
        records.treat(walk.journey, text="Knee replaced", treated_on=TREATED_ON, no_implants=True, by=walk.doctor)

    outcome = Outcome.objects.get()
    assert (outcome.provider_id, outcome.state, outcome.treated_on) == (
        walk.provider.organisation_id,
        "waiting",
        TREATED_ON,
    )
    assert outcome.procedure == "knee_replacement"  # as the patient asked for it


@pytest.mark.parametrize(
    ("says", "state"), [("recovered", "well"), ("better", "well"), ("same", "not_better"), ("worse", "not_better")]
)
def test_the_patients_own_view_decides(says, state):
    walk = walk_to("aftercare.finish")

    aftercare.finish(walk.journey, patient_says=says, by=walk.facilitator)

    assert Outcome.objects.get().state == state


def test_a_warning_stays_when_the_patient_feels_well_again():
    walk = walk_to("aftercare.finish")
    aftercare.report(walk.journey, pain=9, wound="open", by=walk.patient)
    walk.look()
    assert Outcome.objects.get().state == "complication"
    aftercare.answer_warning(walk.journey, text="Come in.", by=walk.doctor)

    aftercare.finish(walk.journey, patient_says="recovered", by=walk.facilitator)

    assert Outcome.objects.get().state == "complication"


def test_who_is_lost_counts_as_lost_and_is_found_by_a_report():
    walk = walk_to("aftercare.report")
    walk.look(NOON + timedelta(days=95))
    assert Outcome.objects.get().state == "lost"

    aftercare.report(walk.journey, pain=1, wound="fine", by=later(walk.patient, NOON + timedelta(days=96)))

    assert Outcome.objects.get().state == "waiting"


def test_a_readmission_is_no_recovery_as_planned(commits):
    walk = walk_to("aftercare.report")

    with commits():
        records.readmit(walk.journey, reason="Infection", by=walk.doctor)

    assert Outcome.objects.get().state == "complication"


def test_nobody_is_counted_who_was_not_treated():
    walk = walk_to("records.treat")

    assert note_outcome(walk.journey, "well", at=NOON) is None
    assert not Outcome.objects.exists()


def test_an_unknown_outcome_is_a_mistake_of_the_program():
    walk = walk_to("aftercare.finish")

    with pytest.raises(ValueError, match="excellent"):
        note_outcome(walk.journey, "excellent", at=NOON)
