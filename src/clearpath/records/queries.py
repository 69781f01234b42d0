"""Reads of clinical data; scoped to the actor. What hands out content leaves an entry in the log."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.parties import queries as parties
from clearpath.records.models import FitToFly, Note, PapersAsked, Record
from clearpath.records.reading import Reading, read
from clearpath.records.reads import note_read
from clearpath.records.received import NAMES
from clearpath.records.written import Written, written_for
from clearpath.trust import log, vault
from clearpath.turns.sight import shown, visible
from clearpath.turns.subject import Subject


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A file as a list shows it."""

    id: UUID
    title: str
    kind: Any
    size: int  # bytes
    received_at: datetime
    received_from: str


@dataclass(frozen=True, slots=True)
class OpenedRecord:
    """A file, opened: its bytes as received, and what could be read of them (None when it is no FHIR)."""

    row: RecordRow
    journey_id: UUID
    media_type: str
    content: bytes
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class Looked:
    """Somebody looked at health data."""

    at: datetime
    name: str
    role: str
    organisation: str
    what: Any


def records_for(actor: Actor) -> QuerySet[Record]:
    """The files that the actor may open, newest first."""
    return visible(Record, to=actor).defer("sealed").order_by("-pk")


def record_rows_for(actor: Actor, journey: Subject) -> list[RecordRow]:
    """The files of a journey, newest first, without their content."""
    return [_record_row(each, actor) for each in records_for(actor).filter(journey_id=journey.pk)]


def record_for(actor: Actor, record_id: UUID) -> OpenedRecord:
    """Open a file; leaves an entry in the log.

    Raises NotFound alike for a missing file, one that the actor may not see, and one that was erased.
    """
    found = visible(Record, to=actor).filter(pk=record_id).first()
    if found is None:
        raise NotFound(Objection("no_such_record", _("There is no such record.")))
    note_read(actor, found.journey_id, log.about(found))
    content = vault.open_sealed(bytes(found.sealed), about=found.pk)
    return OpenedRecord(_record_row(found, actor), found.journey_id, found.media_type, content, read(content))


def _record_row(record: Record, actor: Actor) -> RecordRow:
    seen = shown(record, to=actor)
    return RecordRow(
        record.pk,
        seen.title or str(NAMES.get(record.media_type, record.media_type)),
        NAMES.get(record.media_type, record.media_type),
        seen.size,
        seen.received_at,
        seen.received_from,
    )


def papers_asked_for(actor: Actor, journey: Subject) -> list[tuple[datetime, str]]:
    """Which papers were asked for and when, newest first."""
    found = visible(PapersAsked, to=actor).filter(journey_id=journey.pk).order_by("-pk")
    return [(seen.asked_at, seen.text) for seen in (shown(each, to=actor) for each in found) if seen.text]


def headlines_for(actor: Actor, journey: Subject) -> list[Written]:
    """What was written on a journey by whom and when, newest first, without a word of its content."""
    return [replace(each, parts=()) for each in written_for(actor, journey)]


def file_for(actor: Actor, journey: Subject) -> list[Written]:
    """Everything written on a journey, newest first; leaves an entry in the log where it is medicine."""
    written = written_for(actor, journey)
    if any(each.is_clinical for each in written):
        note_read(actor, journey.pk, ("journeys.journey", journey.pk))
    return written


def own_file_for(actor: Actor, journey: Subject) -> list[Written]:
    """The same for patients themselves, whose own eyes need no entry; nobody else gets anything."""
    if actor.role != "patient" or actor.for_person_id is not None or journey.about_id != actor.person_id:
        return []
    return written_for(actor, journey)


def who_looked(actor: Actor, journey: Subject) -> list[Looked]:
    """Who but the patient looked at health data of the journey, newest first; only the patient is told."""
    if actor.role != "patient" or actor.stands_for != journey.about_id:
        return []
    entries = [each for each in log.reads_of(journey.pk) if each.person_id != journey.about_id]
    people = parties.people_named(each.person_id for each in entries)
    organisations = parties.names_of(each.organisation_id for each in entries)
    titles = {row.id: row.title for row in record_rows_for(actor, journey)}
    return [
        Looked(
            each.at,
            people.get(each.person_id, "") if each.person_id else "",
            each.role,
            organisations.get(each.organisation_id, "") if each.organisation_id else "",
            titles.get(each.about_id) if each.about_id in titles else _("What doctors wrote"),
        )
        for each in entries
    ]


def flight_window(journey_id: UUID) -> tuple[date, date] | None:
    """The days on which the newest certificate lets the patient fly, both included.

    Not scoped to an actor: steps decide by it. A readmission after it takes it back.
    """
    fit = FitToFly.objects.filter(journey_id=journey_id).order_by("-declared_at", "-pk").first()
    if fit is None:
        return None
    readmitted = Note.objects.filter(
        journey_id=journey_id, kind=Note.Kind.READMISSION, written_at__gt=fit.declared_at
    ).exists()
    return None if readmitted else (fit.fit_from, fit.fit_until)
