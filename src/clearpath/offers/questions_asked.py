"""Reads of what the patient asked every hospital, and of what each answered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from clearpath.charter.actor import Actor
from clearpath.offers.models import QuestionAsked
from clearpath.parties import queries as parties
from clearpath.turns.sight import shown, visible
from clearpath.turns.subject import Subject


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What one hospital answered; no answer yet when `answered_at` is None."""

    provider: str
    text: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question with the answers side by side, as far as the actor may see them."""

    question: UUID
    text: str
    asked_at: datetime
    answers: tuple[AnswerRow, ...]


def question_rows_for(actor: Actor, journey: Subject) -> list[QuestionRow]:
    """The questions of a journey, newest first; a hospital finds its own answers alone."""
    found = visible(QuestionAsked, to=actor).filter(journey_id=journey.pk).order_by("-asked_at", "question", "pk")
    rows = [(each, shown(each, to=actor)) for each in found]
    names = parties.names_of(each.provider_id for each, _seen in rows)
    grouped: dict[UUID, QuestionRow] = {}
    for each, seen in rows:
        answer = AnswerRow(names.get(each.provider_id, ""), seen.answer, seen.answered_at or None)
        known = grouped.get(each.question)
        before = known.answers if known else ()
        grouped[each.question] = QuestionRow(each.question, seen.text, seen.asked_at, (*before, answer))
    return list(grouped.values())


def unanswered_for(actor: Actor, journey: Subject | None = None) -> QuerySet[QuestionAsked]:
    """What waits for an answer of this hospital, the oldest first; on one journey, or on all that still run."""
    found = visible(QuestionAsked, to=actor).filter(provider_id=actor.organisation_id, answered_at=None)
    found = found.filter(lane__ended_at=None, journey__closed_at=None).order_by("asked_at", "pk")
    return found if journey is None else found.filter(journey_id=journey.pk)
