"""What was done to a patient, as far as later steps depend on it; not scoped to an actor: steps decide by it."""

import json
from datetime import date
from uuid import UUID

from clearpath.records import flying
from clearpath.records.models import Note, Opinion


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
