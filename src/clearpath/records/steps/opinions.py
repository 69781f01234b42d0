"""What doctors ask and answer before the treatment."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import refuse_if
from clearpath.records import lines, policies
from clearpath.records.flying import strictest
from clearpath.records.lines import Risk
from clearpath.records.models import Note, Opinion
from clearpath.records.steps.notes import keep
from clearpath.records.ties import tied_to_the_first
from clearpath.turns.models import Lane
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
    risks: str | Sequence[Risk],
    alternatives: str,
    stay_days: int,
    surgeon: str,
    anaesthetist: str,
    surgeon_registration: str = "",
    anaesthetist_registration: str = "",
    event: str = "",
    flight_days: int | None = None,
    why_flight_days: str = "",
    conditions: str = "",
    lane: Lane | None = None,
    by: Actor,
) -> Opinion:
    """Say whether the treatment suits, and how it would go.

    `stay_days` counts from arrival to the flight home, `flight_days` from the treatment to it: those of the
    fit-to-fly table for `event` where the doctor names no more.
    Refused: not_an_opinion, conditions_needed, opinion_incomplete, stay_out_of_range, team_needed, no_such_event,
    flight_days_needed, flight_too_early, flight_days_out_of_range, stay_shorter_than_flight.
    """
    risk_lines = lines.lines_of(Risk, risks)
    said = lines.said(risk_lines)
    refuse_if(policies.why_not_give_opinion(suitability, conditions, plan, said, alternatives, stay_days))
    refuse_if(policies.why_not_name_team(surgeon, anaesthetist))
    refuse_if(policies.why_not_fly_after(event, flight_days, why_flight_days, stay_days))
    assert lane is not None  # noqa: S101 - a doctor's step is about a lane
    rule = strictest(event)
    content: dict[str, Any] = {
        "suitability": suitability,
        "conditions": conditions,
        "plan": plan,
        "risks": said,
        "risk_lines": lines.kept(risk_lines),
        "alternatives": alternatives,
        "stay_days": stay_days,
        "event": event,
        "flight_days": flight_days if flight_days is not None or rule is None else rule.days,
        "why_flight_days": why_flight_days,
        "surgeon": surgeon.strip(),
        "surgeon_registration": surgeon_registration.strip(),
        "anaesthetist": anaesthetist.strip(),
        "anaesthetist_registration": anaesthetist_registration.strip(),
    }
    remember(**content)
    return Opinion.objects.create(
        journey_id=journey.pk,
        lane=lane,
        given_at=by.now,
        given_by_id=cast(UUID, by.person_id),
        organisation_id=by.organisation_id,
        **content,
    )


@step("records.give_second_opinion")
def give_second_opinion(journey: Subject, *, verdict: str, text: str, by: Actor) -> Note:
    """Say what a doctor without a tie to the first thinks of the first opinion: agrees, differs or needs_more, and why.

    Refused: second_doctor_is_tied, verdict_needed, text_needed.
    """
    is_tied = tied_to_the_first(journey, by.organisation_id, by.person_id)
    refuse_if(policies.why_not_give_second_opinion(text, verdict=verdict, is_tied=is_tied))
    return keep(journey, Note.Kind.SECOND_OPINION, text, None, by, details={"verdict": verdict})


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
