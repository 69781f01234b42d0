"""The summary of a journey's records, for who may see them. What is read out of a record is kept as its digest."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.records.models import Digest, Record
from clearpath.records.reads import note_read
from clearpath.records.received import FHIR, NAMES
from clearpath.records.summary import Facts, Origin, Summary, facts_of, merged
from clearpath.records.summary.resources import parsed
from clearpath.records.summary.storing import VERSION, from_bytes, to_bytes
from clearpath.trust import vault
from clearpath.turns.sight import shown, visible
from clearpath.turns.subject import Subject

UNSEEN = ("sealed", "told", "findings", "left_out")  # columns of a record that may be long, and say nothing here


def summary_for(actor: Actor, journey: Subject) -> Summary | None:
    """One picture of all records that the actor may see; leaves an entry in the log. None when they see none."""
    records = records_of(actor, journey)
    if not records:
        return None
    note_read(actor, journey.pk, "records.read_summary", ("journeys.journey", journey.pk))
    return facts_for(actor, records)


def records_of(actor: Actor, journey: Subject) -> list[Record]:
    """The records of a journey that the actor may see, without what is long, the oldest first."""
    found = visible(Record, to=actor).filter(journey_id=journey.pk)
    return list(found.defer(*UNSEEN).order_by("received_at", "pk"))


def facts_for(actor: Actor, records: Sequence[Record]) -> Summary:
    """What these records say together. It leaves no entry: who shows it to somebody writes one."""
    facts = _facts_of(records)
    read = [(_origin(each, actor), facts[each.pk]) for each in records if each.pk in facts]
    return merged(read, unread=[_origin(each, actor) for each in records if each.pk not in facts])


def keep_digest(record: Record, content: bytes) -> Facts:
    """Read a record's facts and keep them, in place of what was read before. Nothing for what is no FHIR."""
    root = parsed(content) if record.media_type == FHIR else None
    facts = facts_of(root) if root is not None else Facts()
    sealed = vault.seal(to_bytes(facts), about=record.pk)
    Digest.objects.update_or_create(record=record, defaults={"version": VERSION, "sealed": sealed})
    return facts


def digest(record_id: UUID) -> None:
    """Read a record before somebody waits for its summary. Nothing for one that was erased, or read already."""
    record = Record.objects.filter(pk=record_id).first()
    if record is not None:
        _facts_of([record])


def _facts_of(records: Iterable[Record]) -> dict[UUID, Facts]:
    """The facts of each record that is FHIR and was not erased."""
    waiting = {each.pk: each for each in records if each.media_type == FHIR}
    if not waiting:
        return {}
    kept = Digest.objects.filter(record__in=list(waiting), version=VERSION).values_list("pk", "sealed")
    sealed = [(bytes(each), key) for key, each in kept]
    found = {key: from_bytes(each) for key, each in _opened(sealed)}
    missing = waiting.keys() - {key for _sealed, key in sealed}
    if missing:
        received = Record.objects.filter(pk__in=missing).values_list("pk", "sealed")
        for key, content in _opened([(bytes(each), key) for key, each in received]):
            found[key] = keep_digest(waiting[key], content)
    return found


def _opened(sealed: Sequence[tuple[bytes, UUID]]) -> Iterator[tuple[UUID, bytes]]:
    """What was sealed about each key; what was erased is left out."""
    opened = zip(sealed, vault.open_all(sealed), strict=True)
    return ((key, content) for (_sealed, key), content in opened if content is not None)


def _origin(record: Record, actor: Actor) -> Origin:
    seen = shown(record, to=actor)
    kind = str(NAMES.get(record.media_type, record.media_type))
    return Origin(record.pk, seen.title or kind, seen.received_at, seen.received_from or "")
