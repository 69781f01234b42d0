"""Files that were refused, kept for their sender alone, so that nothing is lost: to look at, to take in, to delete.

Not in sight of any role: a refused file may be about somebody else, so the patient does not see what others sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.identifiers import new_id
from clearpath.core.outcomes import NotFound, Objection, Refused
from clearpath.records.models import SetAside
from clearpath.records.received import NAMES, Received
from clearpath.records.received.examining import tell
from clearpath.records.received.told import Person
from clearpath.trust import vault
from clearpath.turns.subject import Subject

KEPT = timedelta(days=30)
NOT_KEPT = {"empty_file", "file_too_large", "infected", "record_already_there", "already_done", "erased"}
CONFIRMABLE = {"patient_unsure"}


@dataclass(frozen=True, slots=True)
class AsideRow:
    """A refused file as its sender sees it."""

    id: UUID
    title: str
    kind: Any
    size: int  # bytes
    says: str
    sent_at: datetime
    kept_until: datetime
    can_confirm: bool


def set_aside(
    journey: Subject, received: Received, refusal: Refused, *, title: str, received_from: str, by: Actor
) -> SetAside | None:
    """Keep a refused file for its sender; None when there is nothing to keep, or it must not be kept."""
    if refusal.code in NOT_KEPT or not received.content:
        return None
    with transaction.atomic():
        same = SetAside.objects.filter(journey_id=journey.pk, sent_by_id=by.somebody, sha256=received.sha256).first()
        if same is not None:
            return same
        key = new_id()
        return SetAside.objects.create(
            id=key,
            journey_id=journey.pk,
            title=title,
            received_from=received_from,
            media_type=received.media_type,
            size=len(received.content),
            sha256=received.sha256,
            sealed=vault.seal(received.content, about=key),
            reason=refusal.code,
            says=str(refusal.objection.message),
            sent_at=by.now,
            sent_by_id=by.somebody,
        )


def rows_for(actor: Actor, journey: Subject) -> list[AsideRow]:
    """What the actor sent to this journey and was refused, newest first."""
    found = SetAside.objects.filter(journey_id=journey.pk, sent_by_id=actor.person_id).defer("sealed").order_by("-pk")
    return [row_of(each) for each in found]


def one_for(actor: Actor, set_aside_id: UUID) -> tuple[SetAside, bytes]:
    """One's own refused file, opened. Raises NotFound."""
    found = SetAside.objects.filter(pk=set_aside_id, sent_by_id=actor.person_id).first()
    if found is None:
        raise NotFound(Objection("no_such_file", _("There is no such file. It may have been deleted.")))
    return found, vault.open_sealed(bytes(found.sealed), about=found.pk)


def row_of(found: SetAside) -> AsideRow:
    kind = NAMES.get(found.media_type, _("Unknown kind of file"))
    return AsideRow(
        found.pk,
        found.title or str(kind),
        kind,
        found.size,
        found.says,
        found.sent_at,
        found.sent_at + KEPT,
        found.reason in CONFIRMABLE,
    )


def people_in(content: bytes, media_type: str) -> tuple[Person, ...]:
    """Whom a refused file says that it is about."""
    return tell(content, media_type).people


def discard(found: SetAside, *, at: datetime) -> None:
    """Delete it: its key is thrown away, so that copies cannot be opened either."""
    with transaction.atomic():
        vault.erase(found.pk, at=at)
        SetAside.objects.filter(pk=found.pk).delete()


def sweep(*, now: datetime) -> None:
    """Delete what nobody came back for."""
    for found in SetAside.objects.filter(sent_at__lt=now - KEPT).defer("sealed"):
        discard(found, at=now)
