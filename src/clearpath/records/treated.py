"""What was done to a patient, as far as later steps depend on it; not scoped to an actor: steps decide by it."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from clearpath.records import flying
from clearpath.records.lines import FollowUp, Medicine, WarningSign, lines_of, read_back
from clearpath.records.models import Discharge, Implant, Note, Opinion
from clearpath.records.pack import Pack


def details_of(note: Note | None) -> dict[str, str]:
    """The further texts of a note, by key."""
    return json.loads(note.details) if note is not None and note.details else {}


def last_treatment(journey_id: UUID) -> Note | None:
    """The newest record of a treatment."""
    return Note.objects.filter(journey_id=journey_id, kind=Note.Kind.TREATMENT).order_by("-pk").first()


def wait_to_fly(journey_id: UUID, lane_id: UUID) -> tuple[date | None, flying.Wait | None]:
    """The day of the newest treatment, and how long nobody flies after it; None where nobody has said so.

    What was done counts beside what was planned, and what a doctor stated beside the table: the longest holds.
    """
    treatment = last_treatment(journey_id)
    opinion = Opinion.objects.filter(journey_id=journey_id, lane_id=lane_id).order_by("-pk").first()
    events = [details_of(treatment).get("event", ""), opinion.event if opinion else ""]
    stated = [opinion.flight_days] if opinion is not None and opinion.flight_days is not None else []
    return (treatment.happened_on if treatment else None), flying.longest(events, stated)


def pack_of(journey_id: UUID, *, added: Mapping[str, str] | None = None) -> Pack:
    """What the patient takes home from the newest treatment and discharge; without a discharge, what there is of it.

    `added`: texts for what was missing; if None, those of the hand-over that followed the discharge.
    """
    treatment = last_treatment(journey_id)
    details = details_of(treatment)
    done = Discharge.objects.filter(journey_id=journey_id).order_by("-pk").first()
    readmitted = Note.objects.filter(journey_id=journey_id, kind=Note.Kind.READMISSION).order_by("-pk").first()
    if done is not None and readmitted is not None and readmitted.pk > done.pk:
        done = None  # keys sort by the time they were made, across tables too
    implants = bool(details.get("implants")) or Implant.objects.filter(treatment=treatment).exists()
    return Pack(
        operation=details if treatment is not None else None,
        implants_stated=implants,
        added=_added_after(journey_id, done) if added is None else added,
        **(_papers(done) if done is not None else {}),
    )


def _papers(done: Discharge) -> dict[str, Any]:
    """What a discharge gives; one from before lines were kept has a text of which each line is one."""
    return {
        "summary": done.summary or "",
        "medicines": read_back(Medicine, done.medicine_lines) or lines_of(Medicine, done.medicines or ""),
        "no_medicines": done.no_medicines,
        "warning_signs": read_back(WarningSign, done.warning_lines) or lines_of(WarningSign, done.warning_signs or ""),
        "follow_up": read_back(FollowUp, done.follow_up_lines) or lines_of(FollowUp, done.follow_up or ""),
        "images": done.images or "",
        "letter": done.letter or "",
    }


def _added_after(journey_id: UUID, done: Discharge | None) -> Mapping[str, str]:
    if done is None:
        return {}
    handed = (
        Note.objects.filter(journey_id=journey_id, kind=Note.Kind.HAND_OVER, pk__gt=done.pk).order_by("-pk").first()
    )
    return details_of(handed)
