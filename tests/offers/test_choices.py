"""Nobody is hurried: what was compared is noted once, the time to think cannot be skipped, and one question goes to all."""

from datetime import timedelta

import pytest

from clearpath.core.outcomes import NotFound, NotYourPart, Refused
from clearpath.offers import questions_asked, steps
from clearpath.offers.choices import note_comparison_seen
from clearpath.offers.models import ComparisonSeen, QuestionAsked
from clearpath.trust import log
from tests.factories import NOON, later
from tests.walk import choose, compare, make_offer, opine, walk_to

pytestmark = pytest.mark.django_db

A_DAY = timedelta(hours=24)


def told():
    """A journey on which the patient knows who earns what, and has compared nothing yet."""
    walk = walk_to("offers.acknowledge_interests")
    steps.acknowledge_interests(walk.journey, by=walk.patient)
    return walk


def two_asked():
    walk = walk_to("records.give_opinion", lanes=2)
    provider, doctor = walk.others[0]
    opine(walk)
    opine(walk, doctor)
    return walk, provider


def test_accept_without_having_compared_is_refused():
    walk = told()

    with pytest.raises(Refused, match="comparison_not_seen"):
        choose(walk)

    assert walk.offer.state == "sent"


def test_accept_is_refused_until_a_day_after_the_comparison_and_the_log_has_the_try():
    walk = told()
    compare(walk)

    with pytest.raises(Refused, match="cooling_off"):
        choose(walk, by=later(walk.patient, NOON + A_DAY - timedelta(seconds=1)))

    assert (walk.offer.state, log.entries_of(walk.journey.pk).last().reason) == ("sent", "cooling_off")
    assert choose(walk, by=later(walk.patient, NOON + A_DAY)).state == "accepted"


def test_looking_again_does_not_begin_the_time_anew():
    walk = told()
    compare(walk)

    compare(walk.at(NOON + timedelta(hours=20)))

    assert ComparisonSeen.objects.get().seen_at == NOON
    assert choose(walk, by=later(walk.patient, NOON + A_DAY)).state == "accepted"


def test_a_new_offer_is_thought_over_too():
    walk = told()
    compare(walk)
    make_offer(walk, amount=500_000)
    walk.look()
    steps.acknowledge_interests(walk.journey, by=walk.patient)

    with pytest.raises(Refused, match="comparison_not_seen"):
        choose(walk, by=later(walk.patient, NOON + A_DAY))


@pytest.mark.parametrize("role", ["facilitator", "provider", "doctor"])
def test_who_else_looks_begins_nothing(role):
    walk = told()

    note_comparison_seen(walk.journey, [walk.offer], getattr(walk, role))

    assert ComparisonSeen.objects.count() == 0


def test_an_offer_of_another_journey_is_not_noted():
    walk, other = told(), told()

    note_comparison_seen(walk.journey, [other.offer], walk.patient)
    note_comparison_seen(other.journey, [other.offer], walk.patient)

    assert ComparisonSeen.objects.count() == 0


def test_ask_question_reaches_everybody_who_is_still_asked_in_the_same_words():
    walk, provider = two_asked()
    steps.decline_request(walk.journey, reason="No bed", by=provider)

    [asked] = steps.ask_question(walk.journey, text="Who looks after me at night?", by=walk.patient)

    assert (asked.provider_id, asked.text) == (walk.provider.organisation_id, "Who looks after me at night?")
    entry = log.entries_of(walk.journey.pk).last()
    assert entry.digest == log.digest_of({"text": "Who looks after me at night?"}, salt=entry.salt)


def test_ask_question_is_for_the_patient():
    walk, provider = two_asked()

    for somebody in (walk.facilitator, walk.provider, provider, walk.doctor):
        with pytest.raises(NotYourPart):
            steps.ask_question(walk.journey, text="How long?", by=somebody)
    assert QuestionAsked.objects.count() == 0


def test_hospitals_never_see_each_other_s_answers_and_the_patient_sees_all_side_by_side():
    walk, provider = two_asked()
    first, second = steps.ask_question(walk.journey, text="How long do I stay?", by=walk.patient)
    steps.answer_question(walk.journey, first, text="Ten days", by=walk.provider)
    steps.answer_question(walk.journey, second, text="A week", by=provider)

    def answers(actor):
        return [[a.text for a in row.answers] for row in questions_asked.question_rows_for(actor, walk.journey)]

    assert answers(walk.patient) == answers(walk.facilitator) == [["Ten days", "A week"]]
    assert (answers(walk.provider), answers(provider)) == ([["Ten days"]], [["A week"]])
    assert answers(walk.doctor) == []


def test_answer_question_once_and_only_one_s_own():
    walk, provider = two_asked()
    first, _second = steps.ask_question(walk.journey, text="How long?", by=walk.patient)

    with pytest.raises(NotYourPart, match="not_seated"):
        steps.answer_question(walk.journey, first, text="I answer for them", by=provider)
    with pytest.raises(NotYourPart):
        steps.answer_question(walk.journey, first, text="I know it", by=walk.facilitator)
    steps.answer_question(walk.journey, first, text="Ten days", by=walk.provider)
    with pytest.raises(Refused, match="already_answered"):
        steps.answer_question(walk.journey, first, text="Nine", by=walk.provider)

    first.refresh_from_db()
    assert (first.answer, first.answered_at, first.answered_by_id) == ("Ten days", NOON, walk.provider.person_id)
    assert not questions_asked.unanswered_for(walk.provider).exists()
    assert questions_asked.unanswered_for(provider).count() == 1


def test_answer_question_of_another_journey_is_not_found():
    (walk, _provider), (other, _other) = two_asked(), two_asked()
    theirs, _second = steps.ask_question(other.journey, text="How long?", by=other.patient)

    with pytest.raises(NotFound):
        steps.answer_question(walk.journey, theirs, text="Ten days", by=walk.provider)


@pytest.mark.parametrize("lanes", [1, 3])
def test_questions_take_the_same_queries_for_any_number(lanes, django_assert_num_queries):
    walk = walk_to("records.give_opinion", lanes=lanes)
    steps.ask_question(walk.journey, text="How long?", by=walk.patient)

    with django_assert_num_queries(3):
        rows = questions_asked.question_rows_for(walk.patient, walk.journey)

    assert [len(row.answers) for row in rows] == [lanes]
