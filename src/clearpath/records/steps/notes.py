"""How a doctor's text is kept; what several steps share."""

import json
from collections.abc import Mapping
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
    details: Mapping[str, str] | None = None,
) -> Note:
    """Keep a note on the lane of who wrote it, and digest it into the log. Called inside a step.

    `details` are further texts by key; empty ones are left out.
    """
    said = {key: value.strip() for key, value in (details or {}).items() if value.strip()}
    kept = json.dumps(said, ensure_ascii=False) if said else ""
    remember(text=text, details=kept, language=language, happened_on=happened_on)
    return Note.objects.create(
        journey_id=journey.pk,
        lane=lane,
        kind=kind,
        text=text.strip(),
        details=kept,
        language=language,
        happened_on=happened_on,
        written_at=by.now,
        written_by_id=cast(UUID, by.person_id),
        organisation_id=by.organisation_id,
    )
