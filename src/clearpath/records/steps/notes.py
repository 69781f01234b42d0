"""How a doctor's text is kept; what several steps share."""

from datetime import date
from typing import cast
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.records.models import Note
from clearpath.turns.models import Lane
from clearpath.turns.step import remember
from clearpath.turns.subject import Subject


def keep(
    journey: Subject,
    kind: Note.Kind,
    text: str,
    lane: Lane | None,
    by: Actor,
    *,
    language: str = "",
    happened_on: date | None = None,
) -> Note:
    """Keep a note on the lane of who wrote it, and digest it into the log. Called inside a step."""
    remember(text=text, language=language, happened_on=happened_on)
    return Note.objects.create(
        journey_id=journey.pk,
        lane=lane,
        kind=kind,
        text=text.strip(),
        language=language,
        happened_on=happened_on,
        written_at=by.now,
        written_by_id=cast(UUID, by.person_id),
        organisation_id=by.organisation_id,
    )
