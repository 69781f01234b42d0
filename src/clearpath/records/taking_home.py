"""Somebody takes the records of a journey along, as far as they may see them; each time leaves an entry in the log."""

import re
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.records.going_home import Document, document_of, parcel_of
from clearpath.records.going_home.printed import printed
from clearpath.records.models import Discharge, InformedConsent, Note, Opinion, Record
from clearpath.records.reads import note_read
from clearpath.records.received import EXTENSIONS
from clearpath.trust import vault
from clearpath.turns.sight import visible
from clearpath.turns.subject import Subject

if TYPE_CHECKING:
    from clearpath.journeys.models import Journey

IN_MEMORY = 8 * 1024 * 1024  # bytes of an archive; a larger one is made on disk
NOTHING = Objection("nothing_to_take", _("There is nothing here that you can take along."))


def may_take(actor: Actor, journey: Subject) -> bool:
    """Whether the actor sees anything clinical on the journey; patients may take whatever there is, also nothing."""
    if actor.role == "patient":
        return journey.about_id == actor.stands_for
    models = (Record, Opinion, Note, InformedConsent, Discharge)
    return any(visible(each, to=actor).filter(journey_id=journey.pk).exists() for each in models)


def summary_for(actor: Actor, journey: "Journey", *, language: str) -> Document:
    """The summary of what the actor may see. Raises NotFound where that is nothing."""
    _note(actor, journey, "records.take_summary")
    return _document(actor, journey, language)


def paper_for(actor: Actor, journey: "Journey", *, language: str, link: str = "") -> bytes:
    """The same as PDF, with a QR code of a SMART Health Link where there is one. Raises NotFound."""
    return printed(summary_for(actor, journey, language=language), link=link)


def everything_for(actor: Actor, journey: "Journey", *, language: str) -> IO[bytes]:
    """A ZIP archive of every file as it was received, with the summary and the paper. Raises NotFound."""
    _note(actor, journey, "records.take_everything")
    document = _document(actor, journey, language)
    archive = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as into:
        into.writestr(_entry("summary.json", actor.now), document.content)
        into.writestr(_entry("summary.pdf", actor.now), printed(document))
        for name, at, content in files_of(visible(Record, to=actor).filter(journey_id=journey.pk).order_by("pk")):
            into.writestr(_entry(f"files/{name}", at), content)
    archive.seek(0)
    return archive


def files_of(records: QuerySet[Record]) -> Iterator[tuple[str, datetime, bytes]]:
    """Name, moment and bytes of each file as it was received, one at a time; what was erased is gone."""
    for number, record in enumerate(records, start=1):
        try:
            content = vault.open_sealed(bytes(record.sealed), about=record.pk)
        except NotFound:
            continue
        yield f"{number:02}-{_plain(record.title)}{EXTENSIONS.get(record.media_type, '')}", record.received_at, content


def _document(actor: Actor, journey: "Journey", language: str) -> Document:
    parcel = parcel_of(journey, language=language, at=actor.now, seen_by=actor)
    return document_of(parcel, language=language, at=actor.now)


def _note(actor: Actor, journey: Subject, read: str) -> None:
    if not may_take(actor, journey):
        raise NotFound(NOTHING)
    note_read(actor, journey.pk, read, ("journeys.journey", journey.pk))


def _plain(title: str | None) -> str:
    """A title as the name of a file: letters and digits of any script, and nothing that a path could be made of."""
    return re.sub(r"[^\w-]+", "-", title or "").strip("-_")[:60] or "record"


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, at.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
