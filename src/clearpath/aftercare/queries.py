"""Reads about aftercare; scoped to the actor."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from clearpath.aftercare.models import DoctorWarning, Ending, Report
from clearpath.aftercare.policies import ALARMS
from clearpath.charter.actor import Actor
from clearpath.records import queries as records
from clearpath.turns.sight import shown, visible
from clearpath.turns.subject import Subject


@dataclass(frozen=True, slots=True)
class ReportRow:
    """How the patient said they were, what in it needed a doctor, and what the doctor answered."""

    at: datetime
    pain: int
    temperature_c: Decimal | None
    wound: Any
    text: str
    alarms: tuple[Any, ...]
    is_open: bool = False  # a warning waits for the doctor
    answered_at: datetime | None = None
    answer: str = ""  # medicine: here for patients themselves, for others in the medical file


@dataclass(frozen=True, slots=True)
class EndingRow:
    """How it ended, in the patient's own view."""

    at: datetime
    patient_says: Any
    note: str


def report_rows_for(actor: Actor, journey: Subject | None) -> list[ReportRow]:
    """The patient's reports with their warnings, newest first. Two queries."""
    if journey is None:
        return []
    reports = list(visible(Report, to=actor).filter(journey_id=journey.pk).order_by("-pk"))
    found = visible(DoctorWarning, to=actor).filter(report__in=reports)
    warnings = {each.report_id: shown(each, to=actor) for each in found}
    rows = []
    for report in reports:
        seen, warning = shown(report, to=actor), warnings.get(report.pk)
        if not seen.reported_at:
            continue
        rows.append(
            ReportRow(
                at=seen.reported_at,
                pain=seen.pain,
                temperature_c=seen.temperature_c,
                wound=report.get_wound_display(),
                text=seen.text,
                alarms=tuple(ALARMS.get(code, code) for code in seen.alarms),
                is_open=bool(warning and warning.raised_at and not warning.answered_at),
                answered_at=warning.answered_at or None if warning else None,
                answer=warning.answer or "" if warning and records.is_own(actor, journey) else "",
            )
        )
    return rows


def endings_for(actor: Actor, journey: Subject) -> list[EndingRow]:
    """How it ended, newest first."""
    rows = []
    for ending in visible(Ending, to=actor).filter(journey_id=journey.pk).order_by("-pk"):
        seen = shown(ending, to=actor)
        rows.append(EndingRow(seen.ended_at, ending.get_patient_says_display(), seen.note))
    return rows
