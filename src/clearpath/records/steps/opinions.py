"""What doctors ask and answer before the treatment."""

from typing import cast
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import refuse_if
from clearpath.parties import queries as parties
from clearpath.records import policies
from clearpath.records.models import Note, Opinion
from clearpath.records.steps.notes import keep
from clearpath.turns.models import Lane, Seat
from clearpath.turns.step import remember, step
from clearpath.turns.subject import Subject


@step("records.ask_question")
def ask_question(journey: Subject, *, text: str, lane: Lane | None = None, by: Actor) -> Note:
    """Ask what is needed for an opinion. Refused: text_needed."""
    refuse_if(policies.why_not_without_text(text))
    return keep(journey, Note.Kind.QUESTION, text, lane, by)


@step("records.give_opinion")
def give_opinion(
    journey: Subject,
    *,
    suitability: str,
    plan: str,
    risks: str,
    alternatives: str,
    stay_days: int,
    conditions: str = "",
    lane: Lane | None = None,
    by: Actor,
) -> Opinion:
    """Say whether the treatment suits, and how it would go. `stay_days` counts from arrival to the flight home.

    Refused: not_an_opinion, conditions_needed, opinion_incomplete, stay_out_of_range.
    """
    refuse_if(policies.why_not_give_opinion(suitability, conditions, plan, risks, alternatives, stay_days))
    assert lane is not None  # noqa: S101 - a doctor's step is about a lane
    content = {"conditions": conditions, "plan": plan, "risks": risks, "alternatives": alternatives}
    remember(suitability=suitability, stay_days=stay_days, **content)
    return Opinion.objects.create(
        journey_id=journey.pk,
        lane=lane,
        suitability=suitability,
        stay_days=stay_days,
        given_at=by.now,
        given_by_id=cast(UUID, by.person_id),
        organisation_id=by.organisation_id,
        **content,
    )


@step("records.give_second_opinion")
def give_second_opinion(journey: Subject, *, text: str, by: Actor) -> Note:
    """Say what a doctor without a tie to the first thinks. Refused: second_doctor_is_tied, text_needed."""
    refuse_if(policies.why_not_give_second_opinion(text, is_tied=_is_tied(journey, by.organisation_id)))
    return keep(journey, Note.Kind.SECOND_OPINION, text, None, by)


def _is_tied(journey: Subject, organisation_id: UUID | None) -> bool:
    """Whether an organisation is, or has a tie to, a doctor or provider who was ever asked on the journey."""
    if organisation_id is None:
        return False
    seats = Seat.objects.filter(subject_id=journey.pk, role__in=["doctor", "provider"])
    asked = set(seats.values_list("organisation_id", flat=True)) - {None}
    tied = parties.ties_of(organisation_id).values_list("first_id", "second_id")
    return organisation_id in asked or any(asked & (set(pair) - {organisation_id}) for pair in tied)


@step("records.advise_against")
def advise_against(journey: Subject, *, reason: str, lane: Lane | None = None, by: Actor) -> Note:
    """Advise against the treatment; no offer follows, and nobody is treated, unless it is taken back.

    Refused: text_needed.
    """
    refuse_if(policies.why_not_without_text(reason))
    return keep(journey, Note.Kind.ADVICE_AGAINST, reason, lane, by)


@step("records.withdraw_advice")
def withdraw_advice(journey: Subject, *, reason: str, lane: Lane | None = None, by: Actor) -> Note:
    """Take the advice against back, and say what has changed. Refused: text_needed."""
    refuse_if(policies.why_not_without_text(reason))
    return keep(journey, Note.Kind.ADVICE_WITHDRAWN, reason, lane, by)


@step("records.clear_for_travel")
def clear_for_travel(journey: Subject, *, text: str = "", lane: Lane | None = None, by: Actor) -> Note:
    """Say that the patient can come; `text` may tell what to stop or bring."""
    return keep(journey, Note.Kind.CLEARANCE, text, lane, by)
