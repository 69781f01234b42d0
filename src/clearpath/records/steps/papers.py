"""Records come in, and missing ones are asked for."""

import hashlib
from typing import cast
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.core.identifiers import new_id
from clearpath.core.outcomes import refuse_if
from clearpath.records import policies
from clearpath.records.index import fill
from clearpath.records.models import PapersAsked, Record
from clearpath.records.received import LARGEST, media_type_of
from clearpath.trust import vault
from clearpath.turns.step import remember, step
from clearpath.turns.subject import Subject


@step("records.add")
def add(
    journey: Subject, *, content: bytes, title: str = "", received_from: str = "", plan: fill.Plan | None = None,
    by: Actor,
) -> Record:  # fmt: skip
    """Add a file of health data; its bytes are kept exactly as received, and sealed.

    `plan` says which of its resources are new versions of what is there.
    Refused: empty_file, file_too_large, file_type_unknown, record_already_there, resource_has_changed.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    media_type = media_type_of(content) if len(content) <= LARGEST else ""
    already = Record.objects.filter(journey_id=journey.pk, sha256=sha256).exists()
    refuse_if(policies.why_not_add(len(content), media_type, already=already))
    remember(sha256=sha256, media_type=media_type, title=title)
    key = new_id()
    record = Record.objects.create(
        id=key,
        journey_id=journey.pk,
        title=title.strip(),
        media_type=media_type,
        size=len(content),
        sha256=sha256,
        sealed=vault.seal(content, about=key),
        received_at=by.now,
        received_from=received_from.strip(),
        added_by_id=cast(UUID, by.person_id),
        added_as=by.role,
    )
    fill.index_record(record, content, at=by.now, plan=plan)
    return record


@step("records.request_missing")
def request_missing(journey: Subject, *, text: str, by: Actor) -> PapersAsked:
    """Ask the patient for papers that are missing. Refused: text_needed."""
    refuse_if(policies.why_not_without_text(text))
    remember(text=text)
    return PapersAsked.objects.create(
        journey_id=journey.pk, text=text, asked_at=by.now, asked_by_id=cast(UUID, by.person_id)
    )
