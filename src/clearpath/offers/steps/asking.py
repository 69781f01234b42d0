"""The patient asks every hospital the same question; each answers on its own."""

from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.core.identifiers import new_id
from clearpath.core.outcomes import refuse_if
from clearpath.offers import policies, queries
from clearpath.offers.models import QuestionAsked
from clearpath.turns.models import Lane
from clearpath.turns.step import remember, step
from clearpath.turns.subject import Subject


@step("offers.ask_question")
def ask_question(journey: Subject, *, text: str, by: Actor) -> list[QuestionAsked]:
    """Ask every provider who is still asked the same question. Refused: question_needed, nobody_asked."""
    lanes = queries.seats_asked(journey)
    asked = [
        (lane, provider)
        for lane, provider, facts in lanes.values_list("lane_id", "organisation_id", "lane__facts")
        if lane and provider and "lane_closed" not in (facts or ())
    ]
    refuse_if(policies.why_not_ask(text, asked))
    remember(text=text)
    question: UUID = new_id()
    return [
        QuestionAsked.objects.create(
            question=question,
            journey_id=journey.pk,
            lane_id=lane,
            provider_id=provider,
            text=text.strip(),
            asked_at=by.now,
        )
        for lane, provider in asked
    ]


@step("offers.answer_question")
def answer_question(
    journey: Subject, question: QuestionAsked, *, text: str, lane: Lane | None = None, by: Actor
) -> QuestionAsked:
    """Answer the patient's question; other hospitals never see it. Refused: not_asked_you, already_answered,
    answer_needed.
    """
    refuse_if(policies.why_not_answer_question(question, text, by.organisation_id))
    remember(question=question.pk, text=text)
    question.answer, question.answered_at, question.answered_by_id = text.strip(), by.now, by.person_id
    question.save(update_fields=["answer", "answered_at", "answered_by"])
    return question
