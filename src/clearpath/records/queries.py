"""Reads of clinical data; scoped to the actor. What hands out content leaves an entry in the log."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.journeys import queries as journeys
from clearpath.parties import queries as parties
from clearpath.records.check import Finding
from clearpath.records.models import FitToFly, Note, Opinion, PapersAsked, Record
from clearpath.records.reads import note_read
from clearpath.records.received import NAMES
from clearpath.records.received.examining import LEFT_OUT
from clearpath.records.showing import Showing, preview, showing
from clearpath.records.understood import what_is_understood
from clearpath.records.written import Written, written_for
from clearpath.trust import log, vault
from clearpath.turns.models import Seat
from clearpath.turns.sight import shown, visible
from clearpath.turns.subject import Subject

if TYPE_CHECKING:
    from clearpath.journeys.models import Journey


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A file as a list shows it. `defects` is None where nobody looked for any; `parts` are the files of an archive."""

    id: UUID
    title: str
    kind: Any
    size: int  # bytes
    received_at: datetime
    received_from: str
    understood: Any = ""
    defects: int | None = None
    version_of: UUID | None = None
    is_scanned: bool = False
    is_confirmed: bool = False
    left_out: tuple[tuple[str, Any], ...] = ()  # of an archive: where it lay, why it was not kept
    parts: tuple["RecordRow", ...] = ()


@dataclass(frozen=True, slots=True)
class OpenedRecord:
    """A file, opened: its bytes as received."""

    row: RecordRow
    journey_id: UUID
    media_type: str
    content: bytes
    showing: Showing
    sha256: str = ""
    findings: tuple[Finding, ...] = ()
    versions: tuple[RecordRow, ...] = ()  # other versions of the same document, as far as they are seen


def records_for(actor: Actor) -> QuerySet[Record]:
    """The files that the actor may open, newest first."""
    return visible(Record, to=actor).defer("sealed", "findings").order_by("-pk")


def record_rows_for(actor: Actor, journey: Subject) -> list[RecordRow]:
    """The files of a journey, newest first, without their content."""
    found = list(records_for(actor).filter(journey_id=journey.pk))
    parts: dict[UUID, list[RecordRow]] = {}
    for each in found:
        if each.part_of_id:
            parts.setdefault(each.part_of_id, []).append(_record_row(each, actor))
    return [
        replace(_record_row(each, actor), parts=tuple(parts.get(each.pk, ())[::-1]))
        for each in found
        if each.part_of_id is None
    ]


def record_for(actor: Actor, record_id: UUID) -> OpenedRecord:
    """Open a file; leaves an entry in the log, also when it is refused.

    Raises NotFound alike for a missing file, one that the actor may not see, and one that was erased.
    """
    found, content = _opened(actor, record_id, "records.open_record")
    seen = shown(found, to=actor)
    parts = [_record_row(each, actor) for each in records_for(actor).filter(part_of=found).order_by("pk")]
    return OpenedRecord(
        replace(_record_row(found, actor), parts=tuple(parts)),
        found.journey_id,
        found.media_type,
        content,
        showing(found.media_type, content, json.loads(str(seen.told) or "{}")),
        str(seen.sha256),
        _findings_in(seen.findings),
        tuple(_record_row(each, actor) for each in _versions_of(actor, found)),
    )


def preview_for(actor: Actor, record_id: UUID) -> tuple[bytes, str] | None:
    """A picture of a file and its media type; leaves an entry in the log like opening it. Raises NotFound."""
    found, content = _opened(actor, record_id, "records.see_preview")
    return preview(found.media_type, content)


def _versions_of(actor: Actor, record: Record) -> QuerySet[Record]:
    first = record.version_of_id or record.pk
    return records_for(actor).filter(Q(pk=first) | Q(version_of_id=first)).exclude(pk=record.pk)


def _opened(actor: Actor, record_id: UUID, reads: str) -> tuple[Record, bytes]:
    found = visible(Record, to=actor).filter(pk=record_id).first()
    if found is None:
        closed = Record.objects.filter(pk=record_id).first()
        if closed is not None:
            note_read(actor, closed.journey_id, reads, log.about(closed), decision="refused")
        raise NotFound(Objection("no_such_record", _("There is no such record.")))
    note_read(actor, found.journey_id, reads, log.about(found))
    return found, vault.open_sealed(bytes(found.sealed), about=found.pk)


def _record_row(record: Record, actor: Actor) -> RecordRow:
    seen = shown(record, to=actor)
    return RecordRow(
        record.pk,
        seen.title or str(NAMES.get(record.media_type, record.media_type)),
        NAMES.get(record.media_type, record.media_type),
        seen.size,
        seen.received_at,
        seen.received_from,
        what_is_understood(record.media_type, json.loads(str(seen.told) or "{}")),
        seen.defects if isinstance(seen.defects, int) else None,
        seen.version_of_id or None,
        bool(seen.is_scanned),
        bool(seen.is_confirmed),
        tuple((path, LEFT_OUT.get(code, says)) for path, code, says in json.loads(str(seen.left_out) or "[]")),
    )


def _findings_in(stored: Any) -> tuple[Finding, ...]:
    """The defects that were found when the file came in."""
    return tuple(Finding(**each) for each in json.loads(str(stored) or "[]"))


def papers_asked_for(actor: Actor, journey: Subject) -> list[tuple[datetime, str]]:
    """Which papers were asked for and when, newest first."""
    found = visible(PapersAsked, to=actor).filter(journey_id=journey.pk).order_by("-pk")
    return [(seen.asked_at, seen.text) for seen in (shown(each, to=actor) for each in found) if seen.text]


def headlines_for(actor: Actor, journey: Subject) -> list[Written]:
    """What was written on a journey by whom and when, newest first, without a word of its content."""
    return [replace(each, parts=()) for each in written_for(actor, journey)]


def file_for(actor: Actor, journey: Subject) -> list[Written]:
    """Everything written on a journey, newest first; leaves an entry in the log."""
    written = written_for(actor, journey)
    if written:
        note_read(actor, journey.pk, "records.read_file", ("journeys.journey", journey.pk))
    return written


def own_file_for(actor: Actor, journey: Subject) -> list[Written]:
    """The same for patients themselves, whose own eyes need no entry; nobody else gets anything."""
    return written_for(actor, journey) if is_own(actor, journey) else []


def is_own(actor: Actor, journey: Subject) -> bool:
    """Whether these are the eyes of the patient, and not of a relative who acts for them."""
    return actor.role == "patient" and actor.for_person_id is None and journey.about_id == actor.person_id


def flight_window(journey_id: UUID) -> tuple[date, date] | None:
    """The days on which the newest certificate lets the patient fly, both included.

    Not scoped to an actor: steps decide by it. A readmission after it takes it back.
    """
    fit = FitToFly.objects.filter(journey_id=journey_id).order_by("-pk").first()
    if fit is None:
        return None
    # Keys sort by the time they were made, across tables too.
    readmitted = Note.objects.filter(journey_id=journey_id, kind=Note.Kind.READMISSION, pk__gt=fit.pk).exists()
    return None if readmitted else (fit.fit_from, fit.fit_until)


def flight_days_for(actor: Actor, journey: Subject) -> tuple[date, date] | None:
    """The same, for who may see the travel of the journey."""
    found = visible(FitToFly, to=actor).filter(journey_id=journey.pk).order_by("-pk").first()
    if found is None or not shown(found, to=actor).fit_from:
        return None
    return flight_window(journey.pk)


def explanation_for(actor: Actor, journey: Subject) -> Note | None:
    """The newest explanation of the treatment; leaves an entry unless patients themselves read it."""
    found = visible(Note, to=actor).filter(journey_id=journey.pk, kind=Note.Kind.EXPLANATION).order_by("-pk").first()
    if found is not None and not is_own(actor, journey):
        note_read(actor, journey.pk, "records.read_file", log.about(found))
    return found


def shown_to(actor: Actor, journey: Subject) -> list[str]:
    """Who may open the patient's records now, by the consents in force, as far as the actor sees these."""
    found = journeys.consents_of(actor, cast("Journey", journey)).filter(data_class="clinical", withdrawn_at=None)
    return sorted(names_of(found.values_list("recipient_key", flat=True)).values())


def newest_opinion_for(actor: Actor, journey: Subject) -> Opinion | None:
    """The newest opinion of the actor's own lane; leaves an entry."""
    found = visible(Opinion, to=actor).filter(journey_id=journey.pk).order_by("-pk").first()
    if found is not None and not is_own(actor, journey):
        note_read(actor, journey.pk, "records.read_file", log.about(found))
    return found


def home_doctors(journey: "Journey") -> list[tuple[UUID, bool]]:
    """The key of each doctor at home, and whether the patient agreed that they get the records."""
    seats = Seat.objects.filter(
        subject_id=journey.pk, role="home_doctor", held_since__isnull=False, ended_at=None
    ).order_by("pk")
    keys = [key for seat in seats if (key := seat.organisation_id or seat.person_id)]
    return [(key, journeys.has_consent(journey, key, "clinical")) for key in keys]


def may_read_papers(actor: Actor, journey: Subject) -> bool:
    """Whether there is an operation record or a discharge that the actor may read."""
    treated = visible(Note, to=actor).filter(journey_id=journey.pk, kind=Note.Kind.TREATMENT).order_by("-pk").first()
    return treated is not None and bool(shown(treated, to=actor).text)


def has_received(journey: "Journey", actor: Actor) -> bool:
    """Whether the patient agreed that this doctor at home gets the records."""
    own = {key for key in (actor.organisation_id, actor.person_id) if key}
    return any(key in own and agreed for key, agreed in home_doctors(journey))


def is_acknowledged(journey: "Journey", actor: Actor) -> bool:
    """Whether this doctor at home has confirmed what was handed over last."""
    notes = Note.objects.filter(journey_id=journey.pk)
    handed = notes.filter(kind=Note.Kind.HAND_OVER).order_by("-pk").first()
    own = notes.filter(kind=Note.Kind.ACKNOWLEDGED, written_by_id=actor.person_id).order_by("-pk").first()
    return handed is not None and own is not None and own.pk > handed.pk


def names_of(keys: Iterable[UUID]) -> dict[UUID, str]:
    """The names of recipients, which may be organisations or people."""
    wanted = list(keys)
    return parties.people_named(wanted) | parties.names_of(wanted)
