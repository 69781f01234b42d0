"""Reads of resources: every one from `visible`, every one in the log of the journeys that it touched."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.records.models import Record, Resource
from clearpath.records.reads import note_read, note_reads
from clearpath.records.rest.call import Served
from clearpath.trust import log, vault
from clearpath.turns.models import Seat
from clearpath.turns.sight import visible
from clearpath.turns.stand import held_by

NOTHING = UUID(int=0)  # a key that nothing has


def resources_for(actor: Actor) -> QuerySet[Resource]:
    """Every version of every resource that the actor may read, found from the seats of their organisation."""
    seats = Seat.objects.filter(held_by(actor)).values("subject_id")
    return visible(Resource, to=actor).filter(journey_id__in=seats)


def current_for(actor: Actor) -> QuerySet[Resource]:
    return resources_for(actor).filter(is_current=True)


def served(rows: Sequence[Resource]) -> list[Served]:
    """The rows with their text, without those that were erased; one query."""
    texts = vault.open_all([(bytes(row.sealed), row.record_id) for row in rows]) if rows else []
    return [
        Served(row.type, str(row.key), str(row.version), row.updated_at, text.decode(), row.journey_id, row.pk)
        for row, text in zip(rows, texts, strict=True)
        if text is not None
    ]


def versions_of(actor: Actor, type_name: str, key: str) -> list[Served]:
    """Every version of one resource, newest first. Raises NotFound; a refusal leaves an entry in the log."""
    rows = list(resources_for(actor).filter(type=type_name, key=as_key(key) or NOTHING).order_by("-version"))
    found = served(rows)
    if not found:
        _note_refusal(actor, type_name, key)
        raise NotFound(erased() if rows else no_such())
    note_reads(actor, [found[0].journey_id], "records.read_by_program")
    return found


def version_of(actor: Actor, type_name: str, key: str, version: str = "") -> Served:
    """One version, the newest where none is named. As `versions_of`."""
    wanted = resources_for(actor).filter(type=type_name, key=as_key(key) or NOTHING)
    if version:
        wanted = wanted.filter(version=int(version)) if version.isdecimal() and len(version) < 10 else wanted.none()
    else:
        wanted = wanted.filter(is_current=True)
    rows = list(wanted[:1])
    found = served(rows)
    if not found:
        _note_refusal(actor, type_name, key)
        raise NotFound(erased() if rows else no_such())
    note_reads(actor, [found[0].journey_id], "records.read_by_program")
    return found[0]


def bytes_of(actor: Actor, key: str) -> tuple[Record, bytes]:
    """A record and its bytes as received. As `versions_of`."""
    record = visible(Record, to=actor).filter(pk=as_key(key) or NOTHING).first()
    if record is None:
        closed = Record.objects.filter(pk=as_key(key) or NOTHING).first()
        if closed is not None:
            note_read(actor, closed.journey_id, "records.read_by_program", log.about(closed), decision="refused")
        raise NotFound(no_such())
    content = vault.open_sealed(bytes(record.sealed), about=record.pk)
    note_reads(actor, [record.journey_id], "records.read_by_program")
    return record, content


def as_key(text: str) -> UUID | None:
    """None for what is no key."""
    try:
        return UUID(text)
    except ValueError:
        return None


def note_search(actor: Actor, found: Iterable[Served]) -> None:
    """What tells of a consent or of the log itself is no reading of health data."""
    touched = {each.journey_id for each in found if each.type not in {"Consent", "AuditEvent"}}
    note_reads(actor, touched, "records.search_by_program")


def _note_refusal(actor: Actor, type_name: str, key: str) -> None:
    """Somebody asked for what is there and is not theirs to see: the patient's log tells it."""
    hidden = Resource.objects.filter(type=type_name, key=as_key(key) or NOTHING).first()
    if hidden is not None:
        about = (Resource._meta.label_lower, hidden.pk)
        note_read(actor, hidden.journey_id, "records.read_by_program", about, decision="refused")


def no_such() -> Objection:
    return Objection("no_such_resource", _("There is no such resource."))


def erased() -> Objection:
    return Objection("erased", _("This was erased and cannot be opened any more."))
