"""The steps of aftercare: report, warn, answer, finish, close."""

from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from clearpath.aftercare import policies
from clearpath.aftercare.models import DoctorWarning, Ending, Report
from clearpath.charter.actor import Actor
from clearpath.core.outcomes import refuse_if
from clearpath.offers.outcomes import note_outcome
from clearpath.turns.step import remember, step
from clearpath.turns.subject import Subject


@step("aftercare.report")
def report(
    journey: Subject,
    *,
    pain: int,
    wound: str,
    temperature_c: Decimal | None = None,
    is_bleeding: bool = False,
    is_short_of_breath: bool = False,
    text: str = "",
    by: Actor,
) -> Report:
    """Tell how the patient is: pain 0 to 10, temperature in degrees Celsius, wound.

    Refused: pain_out_of_range, temperature_out_of_range, wound_unknown.
    """
    temperature = None if temperature_c is None else Decimal(str(temperature_c))
    refuse_if(policies.why_not_report(pain, temperature, wound))
    told: dict[str, Any] = {
        "pain": pain,
        "temperature_c": temperature,
        "wound": wound,
        "is_bleeding": is_bleeding,
        "is_short_of_breath": is_short_of_breath,
    }
    alarms = policies.alarms_in(**told)
    remember(**told, text=text, alarms=alarms)
    note_outcome(journey, "waiting", at=by.now)  # who was lost is heard of again
    return Report.objects.create(
        journey_id=journey.pk,
        text=text,
        alarms=alarms,
        reported_at=by.now,
        reported_by_id=cast(UUID, by.person_id),
        reported_as=by.role,
        **told,
    )


@step("aftercare.raise_warning")
def raise_warning(journey: Subject, *, by: Actor) -> list[DoctorWarning]:
    """Raise a warning for every report that needs a doctor and has none yet."""
    waiting = Report.objects.filter(journey_id=journey.pk, warning=None).exclude(alarms=[]).order_by("pk")
    warnings = [DoctorWarning.objects.create(journey_id=journey.pk, report=each, raised_at=by.now) for each in waiting]
    remember(reports=[each.report_id for each in warnings])
    note_outcome(journey, "complication", at=by.now)
    return warnings


@step("aftercare.answer_warning")
def answer_warning(journey: Subject, *, text: str, by: Actor) -> list[DoctorWarning]:
    """Answer the patient; this answers every warning that is open. Refused: no_open_warning, text_needed."""
    waiting = list(DoctorWarning.objects.filter(journey_id=journey.pk, answered_at=None).order_by("pk"))
    refuse_if(policies.why_not_answer_warning(text, is_open=bool(waiting)))
    for each in waiting:
        each.answer, each.answered_at, each.answered_by_id = text, by.now, by.person_id
        each.save(update_fields=["answer", "answered_at", "answered_by"])
    remember(text=text, warnings=[each.pk for each in waiting])
    return waiting


@step("aftercare.lose_contact")
def lose_contact(journey: Subject, *, by: Actor) -> Subject:
    """Note that the patient has not answered for 90 days; the outcome counts as unknown, not as good."""
    last = Report.objects.filter(journey_id=journey.pk).order_by("-reported_at").first()
    remember(last_heard=last.reported_at if last else None)
    note_outcome(journey, "lost", at=by.now)
    return journey


@step("aftercare.finish")
def finish(journey: Subject, *, patient_says: str, note: str = "", by: Actor) -> Ending:
    """End the check-ins with how the patient says they are. Refused: outcome_needed."""
    refuse_if(policies.why_not_finish(patient_says))
    remember(patient_says=patient_says, note=note)
    note_outcome(journey, policies.outcome_of(patient_says), at=by.now)
    return Ending.objects.create(
        journey_id=journey.pk,
        patient_says=patient_says,
        note=note,
        ended_at=by.now,
        ended_by_id=cast(UUID, by.person_id),
    )


@step("aftercare.close")
def close(journey: Subject, *, by: Actor) -> Subject:
    """End the journey: fees settled, records at home, no warning open."""
    return journey
