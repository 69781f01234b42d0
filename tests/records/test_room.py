"""The doctor's room: medical questions by clock, each answered on one page, and nothing of anybody else."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from clearpath.journeys import steps as journeys
from clearpath.journeys.models import Consent
from clearpath.parties.models import Person
from clearpath.records import questions, steps
from clearpath.records.models import Note, Opinion, Phrase
from clearpath.trust import log
from clearpath.turns import queries
from clearpath.turns.models import Lane, Task
from clearpath.turns.step import STEPS
from tests.factories import actor_at, make_organisation
from tests.walk import PDF, walk_to

pytestmark = pytest.mark.django_db

OPINION = {
    "suitability": "suitable", "plan": "p", "risks-0-what": "Infection", "risks-0-chance": "1 per 100",
    "alternatives": "a", "stay_days": "7", "event": "keyhole", "surgeon": "s", "anaesthetist": "n",
}  # fmt: skip


def sign_in(client, actor):
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def case(walk, step="records.give_opinion"):
    return reverse("records:case", args=[walk.journey.pk, step])


def words(actor):
    return [str(each.words) for each in questions.questions_for(actor)]


def test_the_room_holds_medical_questions_with_the_patient_in_one_line():
    walk = walk_to("records.give_opinion", lanes=2)

    [question] = questions.questions_for(walk.doctor)

    assert (str(question.words), question.missing) == ("Does the treatment suit this patient?", ())
    assert question.patient.endswith(walk.journey.procedure)
    assert question.due_at is not None
    assert questions.questions_for(walk.provider) == []
    assert questions.questions_for(walk.facilitator) == []


def test_a_warning_comes_before_what_is_late_for_longer():
    walk = walk_to("records.give_opinion")
    [asked] = Task.objects.filter(step="records.give_opinion", done_at=None)
    later = asked.due_at + timedelta(days=30)
    warning = {"step": "aftercare.answer_warning", "position": "doctor", "opened_at": later, "due_at": later}
    Task.objects.create(subject=asked.subject, lane=asked.lane, **warning)

    assert questions.questions_for(walk.doctor)[0].step == "aftercare.answer_warning"
    assert queries.my_tasks(walk.doctor)[0].step == "aftercare.answer_warning"
    assert queries.tasks_on(walk.doctor, walk.journey)[0].step == "aftercare.answer_warning"
    assert queries.first_turns(walk.doctor, "journey", [walk.journey.pk])[walk.journey.pk].step == (
        "aftercare.answer_warning"
    )


def test_who_withdrew_the_consent_is_named_no_more_than_sight_allows():
    walk = walk_to("records.give_opinion")
    consent = Consent.objects.get(recipient_key=walk.doctor.organisation_id, data_class="clinical")

    journeys.withdraw_consent(walk.journey, consent, by=walk.patient)

    assert all(walk.journey.procedure not in each.patient for each in questions.questions_for(walk.doctor))


def test_what_the_doctor_asked_for_is_missing_until_something_comes():
    walk = walk_to("records.give_opinion")
    steps.ask_question(walk.journey, text="Is there an X-ray of May?", by=walk.doctor)
    asked = ("Is there an X-ray of May?",)
    assert questions.missing_for(walk.doctor, walk.journey.pk, "records.give_opinion") == asked

    steps.add(walk.journey, content=PDF + b"2", title="X-ray", by=walk.patient)

    assert questions.missing_for(walk.doctor, walk.journey.pk, "records.give_opinion") == ()


def test_without_any_record_it_is_the_records_that_are_missing():
    walk = walk_to("records.add")

    assert questions.missing_for(walk.patient, walk.journey.pk, "records.give_opinion") == ("health records",)


def test_the_papers_that_are_missing_stand_beside_the_question(client):
    walk = walk_to("records.give_opinion")

    page = sign_in(client, walk.doctor).get(case(walk))

    [papers] = [panel.context["papers"] for panel, _html in page.context["panels"] if panel.key == "papers"]
    assert "X-ray of the knee, standing" in [each.name for each in papers.wanting]
    assert "X-ray of the knee, standing" in page.content.decode()


def test_before_a_discharge_the_operation_record_is_what_is_missing():
    walk = walk_to("records.treat")
    steps.treat(walk.journey, text="Knee", treated_on=walk.doctor.now.date(), by=walk.doctor)

    [question] = [each for each in questions.questions_for(walk.doctor) if each.step == "records.discharge"]

    assert "Operation record: Closure" in [str(each) for each in question.missing]
    assert all("Letter" not in str(each) for each in question.missing)


def test_a_medical_message_waits_until_it_is_answered_and_others_never_come():
    walk = walk_to("offers.make")
    STEPS["turns.write"](walk.journey, topic="medical", text="May I take aspirin?", by=walk.patient)
    STEPS["turns.write"](walk.journey, topic="travel", text="Which hotel?", by=walk.patient)
    assert words(walk.doctor) == ["A medical question"]

    STEPS["turns.write"](walk.journey, topic="medical", text="Stop it a week before.", by=walk.doctor)

    assert words(walk.doctor) == []


@pytest.mark.parametrize(
    ("answer", "step", "fact"),
    [
        (OPINION, "records.give_opinion", "opinion_given"),
        ({"suitability": "not_suitable", "reason": "Her heart"}, "records.advise_against", "advised_against"),
        ({"suitability": "need_more", "question": "An echo?"}, "records.ask_question", None),
    ],
)
def test_one_form_takes_the_step_that_the_answer_is(client, answer, step, fact):
    walk = walk_to("records.give_opinion")
    page = sign_in(client, walk.doctor).get(case(walk)).content.decode()
    assert "Not suitable" in page
    assert walk.journey.procedure in page

    answered = client.post(case(walk), answer | {"key": "k1"})

    assert (answered.status_code, answered["Location"]) == (302, reverse("records:room"))
    assert log.entries_of(walk.journey.pk).last().step == step
    assert Lane.objects.get().facts == ([fact] if fact else [])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"suitability": ""}, "This field is required."),
        ({"plan": ""}, "This field is required."),
        ({"risks-0-what": ""}, "Line 1 has no name. Write what it is about."),
        ({"suitability": "not_suitable"}, "This field is required."),
    ],
)
def test_what_was_typed_is_kept_and_it_is_said_what_is_wrong(client, change, says):
    walk = walk_to("records.give_opinion")

    answered = sign_in(client, walk.doctor).post(case(walk), OPINION | change)

    assert answered.status_code == 422
    assert says in answered.content.decode()
    assert "1 per 100" in answered.content.decode()
    assert not Opinion.objects.exists()


def test_a_refusal_of_the_step_keeps_what_was_typed(client):
    walk = walk_to("records.give_opinion")

    answered = sign_in(client, walk.doctor).post(
        case(walk), OPINION | {"event": "joint_replacement", "stay_days": "95", "flight_days": "10"}
    )

    assert answered.status_code == 409
    assert "no flight before 90 days" in answered.content.decode()
    assert "1 per 100" in answered.content.decode()


def test_the_answer_leads_to_the_next_question(client):
    first = walk_to("records.give_opinion")
    sign_in(client, first.doctor)
    doctor = make_organisation("doctor")
    second = walk_to("records.give_opinion", doctor=doctor)
    client.force_login(Person.objects.get(pk=second.doctor.person_id))
    third = walk_to("records.give_opinion", doctor=doctor)

    answered = client.post(case(second), OPINION | {"key": "k"})

    assert answered["Location"].startswith(case(third))


@pytest.mark.parametrize("count", [1, 3])
def test_the_room_asks_the_database_as_often_for_three_questions_as_for_one(django_assert_num_queries, count):
    doctor = make_organisation("doctor")
    walks = [walk_to("records.give_opinion", doctor=doctor) for _journey in range(count)]

    questions.questions_for(walks[0].doctor)  # what is made once

    with django_assert_num_queries(15):  # half of them ask which charter is in force
        found = questions.questions_for(walks[0].doctor)

    assert len(found) == count


def test_the_room_is_for_doctors_alone(client):
    walk = walk_to("records.give_opinion")

    for actor in (walk.patient, walk.facilitator, walk.provider, actor_at(make_organisation("agency"), "agency")):
        sign_in(client, actor)
        assert client.get(reverse("records:room")).status_code == 404
        assert client.get(case(walk)).status_code == 404
    sign_in(client, actor_at(make_organisation("doctor"), "doctor"))
    assert client.get(case(walk)).status_code == 404
    sign_in(client, walk.doctor)
    for no_medicine in ("turns.write", "offers.make", "records.nothing"):
        assert client.get(case(walk, no_medicine)).status_code == 404
        assert client.post(case(walk, no_medicine), {}).status_code == 404
    assert client.get(case(walk, "records.treat")).status_code == 403


def test_a_question_of_the_doctor_at_home_waits_until_the_records_are_handed_over_again():
    walk = walk_to("aftercare.report")
    note = Note.objects.filter(kind="hand_over").get()
    Note.objects.create(
        journey_id=walk.journey.pk, kind="asked_back", text="Which cement?", written_at=note.written_at,
        written_by_id=note.written_by_id,
    )  # fmt: skip
    assert "The doctor at home asks: Which cement?" in words(walk.doctor)

    steps.hand_over_home(walk.journey, text="Palacos.", by=walk.doctor)

    assert "The doctor at home asks: Which cement?" not in words(walk.doctor)


def test_phrases_are_a_doctors_own(client):
    walk = walk_to("records.give_opinion")
    sign_in(client, walk.doctor).post(reverse("records:keep_phrase"), {"text": "Walk from the first day."})
    phrase = Phrase.objects.get()
    assert "Walk from the first day." in client.get(case(walk)).content.decode()

    sign_in(client, actor_at(make_organisation("doctor"), "doctor"))
    assert "Walk from" not in client.get(reverse("records:room")).content.decode()
    client.post(reverse("records:keep_phrase"), {"drop": str(phrase.pk)})

    assert Phrase.objects.count() == 1
    sign_in(client, walk.doctor).post(reverse("records:keep_phrase"), {"drop": str(phrase.pk)})
    assert not Phrase.objects.exists()


def test_age_counts_whole_years():
    assert questions.age_on(date(1961, 6, 2), date(2026, 6, 1)) == 64
    assert questions.age_on(date(1961, 6, 1), date(2026, 6, 1)) == 65
