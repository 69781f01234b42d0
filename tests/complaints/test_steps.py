from dataclasses import replace
from datetime import timedelta

import pytest

from clearpath.complaints import queries, steps
from clearpath.complaints.models import Complaint, Post
from clearpath.core.outcomes import NotFound, NotYourPart, Refused
from clearpath.trust import log
from clearpath.turns.models import Notice, Seat, Task
from clearpath.turns.network import look_at
from clearpath.turns.sight import HIDDEN, shown, visible
from tests.complaints.factories import NETWORK, make_complaint
from tests.factories import NOON, actor_at, later, make_journey, make_organisation, patient_actor, seated, steward

pytestmark = pytest.mark.django_db


def answered(complaint: Complaint) -> Complaint:
    steps.answer(complaint, text="We are sorry; we asked them.", by=steward())
    complaint.refresh_from_db()
    return complaint


def test_raise_complaint_seats_patient_and_steward_and_starts_the_stewards_clock():
    complaint, patient, keeper = make_complaint()

    seats = Seat.objects.filter(subject=complaint).order_by("role").values_list("role", "person", "organisation")
    assert list(seats) == [("patient", patient.person_id, None), ("steward", None, keeper.organisation_id)]
    assert Notice.objects.filter(seat__role="steward", step="complaints.raise").count() == 1
    task = Task.objects.get(subject=complaint, step="complaints.answer")
    assert task.due_at is not None
    assert complaint.about_id == patient.person_id


def test_raise_complaint_is_recorded_without_its_words():
    complaint, _patient, _keeper = make_complaint()

    [entry] = log.entries_of(complaint.pk)
    assert entry.step == "complaints.raise"
    content = {"text": complaint.text, "category": "service", "journey": str(complaint.about_journey_id)}
    assert entry.digest == log.digest_of(content, salt=entry.salt)


def test_raise_complaint_needs_no_journey():
    complaint, _patient, _keeper = make_complaint(journey_id=None, category="privacy")

    assert (complaint.about_journey_id, complaint.stage) == (None, "raised")


@pytest.mark.parametrize(
    ("change", "code"),
    [({"text": " "}, "complaint_needed"), ({"category": "weather"}, "no_such_category")],
)
def test_raise_complaint_that_says_nothing_is_refused(change, code):
    with pytest.raises(Refused, match=code):
        make_complaint(**change)

    assert Complaint.objects.count() == 0


def test_raise_complaint_about_somebody_elses_journey_finds_nothing():
    other = make_journey()

    with pytest.raises(NotFound, match="no_such_journey"):
        make_complaint(journey_id=other.pk)


def test_raise_complaint_with_nobody_to_hear_it_is_refused():
    with pytest.raises(Refused, match="nobody_to_hear_it"):
        steps.raise_complaint(text="Hello?", category="service", by=patient_actor())


def test_raise_complaint_is_for_patients_alone():
    journey = make_journey()

    with pytest.raises(NotYourPart) as refusal:
        steps.raise_complaint(text="The patient is rude.", category="service", by=seated(journey, "facilitator"))

    assert refusal.value.rightful == "patient"


def test_answer_and_go_on_go_back_and_forth():
    complaint, patient, _keeper = make_complaint()

    answered(complaint)
    assert complaint.stage == "answered"
    steps.go_on(complaint, text="They still have not called.", by=patient)
    complaint.refresh_from_db()
    assert complaint.stage == "raised"
    answered(complaint)

    assert [(post.role, post.text) for post in queries.posts_on(patient, complaint.pk)] == [
        ("steward", "We are sorry; we asked them."),
        ("patient", "They still have not called."),
        ("steward", "We are sorry; we asked them."),
    ]


def test_an_empty_answer_is_refused():
    complaint, patient, keeper = make_complaint()

    with pytest.raises(Refused, match="text_needed"):
        steps.answer(complaint, text=" ", by=keeper)
    answered(complaint)
    with pytest.raises(Refused, match="text_needed"):
        steps.go_on(complaint, text="", by=patient)

    assert Post.objects.count() == 1


def test_answer_is_not_for_the_facilitator_complained_about():
    complaint, _patient, _keeper = make_complaint()

    with pytest.raises(NotYourPart) as refusal:
        steps.answer(complaint, text="It was not us.", by=seated(complaint.about_journey, "facilitator"))

    assert refusal.value.rightful == "steward"


@pytest.mark.parametrize("settled", [True, False])
def test_close_is_the_patients_and_says_whether_it_is_settled(settled):
    complaint, patient, keeper = make_complaint()
    with pytest.raises(NotYourPart, match="not_your_part"):
        steps.close(complaint, settled=True, by=keeper)

    steps.close(complaint, settled=settled, by=patient)

    complaint.refresh_from_db()
    assert (complaint.stage, complaint.settled) == ("closed", settled)


def test_close_by_another_patient_is_refused():
    complaint, _patient, _keeper = make_complaint()

    with pytest.raises(NotYourPart, match="not_seated"):
        steps.close(complaint, settled=True, by=patient_actor())


@pytest.mark.parametrize(("days", "taken"), [(59, []), (60, ["complaints.close_silent"])])
def test_the_network_closes_a_complaint_sixty_days_after_the_answer(days, taken):
    complaint, _patient, _keeper = make_complaint()
    answered(complaint)

    assert look_at(complaint.pk, at=NOON + timedelta(days=days)) == taken

    complaint.refresh_from_db()
    assert (complaint.stage == "closed", complaint.settled) == (bool(taken), None)


def test_sixty_days_begin_again_with_each_answer():
    complaint, patient, keeper = make_complaint()
    answered(complaint)
    steps.go_on(complaint, text="No.", by=later(patient, NOON + timedelta(days=50)))
    steps.answer(complaint, text="We asked again.", by=later(keeper, NOON + timedelta(days=55)))

    assert look_at(complaint.pk, at=NOON + timedelta(days=114)) == []
    assert look_at(complaint.pk, at=NOON + timedelta(days=115)) == ["complaints.close_silent"]


def test_close_silent_is_the_networks_alone():
    complaint, patient, _keeper = make_complaint()
    answered(complaint)

    with pytest.raises(NotYourPart):
        steps.close_silent(complaint, by=patient)
    steps.close_silent(complaint, by=replace(NETWORK, now=NOON + timedelta(days=60)))

    complaint.refresh_from_db()
    assert complaint.stage == "closed"


def test_a_complaint_is_read_by_its_patient_and_the_steward_alone():
    complaint, patient, keeper = make_complaint()
    answered(complaint)

    for actor in (patient, keeper):
        assert shown(queries.complaint_for(actor, complaint.pk), to=actor).text == "Nobody called me back."
        assert len(queries.posts_on(actor, complaint.pk)) == 1
    strangers = [
        patient_actor(),
        seated(complaint.about_journey, "facilitator"),
        actor_at(make_organisation("provider"), "provider"),
        actor_at(make_organisation("agency"), "agency"),
    ]
    for actor in strangers:
        assert shown(complaint, to=actor).text is HIDDEN
        assert not visible(Complaint, to=actor).exists()
        assert not visible(Post, to=actor).exists()
