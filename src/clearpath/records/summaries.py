"""The summary of a journey's records, for who may see them. What is read out of a record is kept as its digest."""

from collections.abc import Iterable
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


def summary_for(actor: Actor, journey: Subject) -> Summary | None:
    """One picture of all records that the actor may see; leaves an entry in the log. None when they see none."""
    records = list(
        visible(Record, to=actor).filter(journey_id=journey.pk).defer("sealed").order_by("received_at", "pk")
    )
    if not records:
        return None
    note_read(actor, journey.pk, "records.read_summary", ("journeys.journey", journey.pk))
    facts = _facts_of(records)
    read, unread = [], []
    for record in records:
        origin = _origin(record, actor)
        if record.pk in facts:
            read.append((origin, facts[record.pk]))
        else:
            unread.append(origin)
    return merged(read, unread=unread)


def keep_digest(record: Record, content: bytes) -> Facts:
    """Read a record's facts and keep them, in place of what was read before. Nothing for what is no FHIR."""
    root = parsed(content) if record.media_type == FHIR else None
    facts = facts_of(root) if root is not None else Facts()
    sealed = vault.seal(to_bytes(facts), about=record.pk)
    Digest.objects.update_or_create(record=record, defaults={"version": VERSION, "sealed": sealed})
    return facts


def _facts_of(records: Iterable[Record]) -> dict[UUID, Facts]:
    """The facts of each record that is FHIR and was not erased."""
    waiting = {each.pk: each for each in records if each.media_type == FHIR}
    kept = Digest.objects.filter(record__in=list(waiting), version=VERSION).values_list("pk", "sealed")
    found = {
        key: from_bytes(each) for key, each in vault.open_all({key: bytes(sealed) for key, sealed in kept}).items()
    }
    missing = [key for key in waiting if key not in found]
    sealed = Record.objects.filter(pk__in=missing).values_list("pk", "sealed") if missing else []
    for key, content in vault.open_all({key: bytes(each) for key, each in sealed}).items():
        found[key] = keep_digest(waiting[key], content)
    return found


def _origin(record: Record, actor: Actor) -> Origin:
    seen = shown(record, to=actor)
    kind = str(NAMES.get(record.media_type, record.media_type))
    return Origin(record.pk, seen.title or kind, seen.received_at, seen.received_from or "")
