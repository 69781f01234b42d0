"""Taking a received file apart into resources, and keeping them so that they can be found."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import orjson
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_ids
from clearpath.core.outcomes import Objection, Refused
from clearpath.records.check import Parsed
from clearpath.records.index import made_of
from clearpath.records.index.json_text import Json, Member, members, objects, with_members, with_references
from clearpath.records.index.offered import OFFERED
from clearpath.records.index.terms import Days, at_path, days_of, hashes_in_use, terms_of
from clearpath.records.models import Record, Resource, Term
from clearpath.records.received import FHIR
from clearpath.trust import vault


@dataclass(frozen=True, slots=True)
class Becomes:
    """What one resource of a file becomes: a new version of what is there (`key`), or nothing, for `is_there` already.

    `after` is the version that it must follow (0: any).
    """

    key: UUID
    after: int = 0
    is_there: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One resource as it is kept, before it is sealed."""

    type: str
    key: UUID
    version: int
    is_patients: bool
    days: Days | None
    text: bytes
    terms: set[str]


Seal = Callable[[bytes], bytes]
Plan = Callable[[], Mapping[int, Becomes]]  # asked under the lock of the journey; by the number of the entry


@dataclass(frozen=True, slots=True)
class _Sent:
    """One resource of a file: where it was named, and its text."""

    number: int
    full_url: str
    type: str
    resource: Json
    members: dict[str, Member] | None  # where each stands in `text`; None where the value says all that was sent
    text: str


CHANGED = Objection("resource_has_changed", _("Somebody has changed this since you read it. Read it again."))


def index_record(
    record: Record, content: bytes | Parsed, *, at: datetime, plan: Plan | None = None, seal: Seal | None = None
) -> list[Row]:
    """Keep every resource of a record so that it can be found, in the caller's transaction and under its lock.

    `seal` is what seals about the record, where the caller has asked for it already.
    A fixed number of statements, however many resources. What cannot be read stays in the record alone.
    Refused: resource_has_changed.
    """
    becomes = plan() if plan else {}
    sent = _sent(content) if record.media_type == FHIR else []
    versions = _versions_after(becomes)
    keys = _keys_of(sent, record, becomes)
    target = _Targets(sent, keys, record.journey_id)
    rows = []
    for each, key in zip(sent, keys, strict=True):
        goal = becomes.get(each.number)
        if each.type in OFFERED and not (goal and goal.is_there):
            rows.append(_row(each, key, versions.get(key, 1), target, at))
    rows += [_own_row(resource, at) for resource in made_of.record(record)]
    _keep(rows, record, at, seal or vault.sealer(record.pk))
    return rows


def index_again(record: Record, content: bytes) -> None:
    """Make the index of a record anew: it was added before there was one, or the secret of the vault has changed.

    Keeps keys and versions of what was indexed before.
    """
    old = list(Resource.objects.filter(record=record).order_by("id"))
    if not old:
        index_record(record, content, at=record.received_at)
        return
    Term.objects.filter(resource__in=old).delete()
    texts = vault.open_all([(bytes(row.sealed), record.pk) for row in old])
    there = [(row, _read(text)) for row, text in zip(old, texts, strict=True) if text]
    terms = [terms_of(row.type, OFFERED[row.type], resource) for row, resource in there]
    _keep_terms([row.pk for row, _resource in there], terms)


def _keep(rows: list[Row], record: Record, at: datetime, seal: Seal) -> None:
    replaced = [row.key for row in rows if row.version > 1]
    if replaced:
        Resource.objects.filter(key__in=replaced, is_current=True).update(is_current=False)
    ids = new_ids(len(rows))
    _insert(
        Resource,
        id=ids,
        journey_id=[record.journey_id] * len(rows),
        record_id=[record.pk] * len(rows),
        type=[row.type for row in rows],
        key=[row.key for row in rows],
        version=[row.version for row in rows],
        is_current=[True] * len(rows),
        updated_at=[at] * len(rows),
        is_patients=[row.is_patients for row in rows],
        since=[row.days and row.days[0] for row in rows],
        until=[row.days and row.days[1] for row in rows],
        sealed=[seal(row.text) for row in rows],
    )
    _keep_terms(ids, [row.terms for row in rows])


def _keep_terms(ids: Sequence[UUID], terms: Sequence[Iterable[str]]) -> None:
    hashes = [set(hashes_in_use(each)) for each in terms]
    of_each = [key for key, values in zip(ids, hashes, strict=True) for _value in values]
    _insert(Term, resource_id=of_each, value=[value for values in hashes for value in values])


def _insert(model: type[models.Model], **columns: Sequence[Any]) -> None:
    """By hand, because it is part of a step: through the ORM it costs ten times as much."""
    fields = {field.attname: field for field in cast(Any, model._meta).concrete_fields}
    names, marks = ", ".join(fields[name].column for name in columns), ", ".join("%s" for _ in columns)
    insert = f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})"  # noqa: S608 - names of our own
    rows = list(zip(*(_as_stored(fields[name], values) for name, values in columns.items()), strict=True))
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(insert, rows)


def _as_stored(field: Any, values: Sequence[Any]) -> Sequence[Any]:
    """As the column stores them: numbers and bytes as they are, all others asked for once."""
    if values and isinstance(values[0], int | bytes):
        return values
    database = connections[DEFAULT_DB_ALIAS]
    known = {value: field.get_db_prep_save(value, database) for value in set(values)}
    return [known[value] for value in values]


def _read(text: bytes) -> Json:
    """Numbers are rounded, which no term looks at."""
    try:
        return cast(Json, orjson.loads(text))
    except ValueError:  # a lone surrogate
        return {name: each.value for name, each in members(text.decode("utf-8", "surrogatepass"))[0].items()}


def _sent(content: bytes | Parsed) -> list[_Sent]:
    """The resources of a bundle, or the one resource given; none when the bytes cannot be taken apart."""
    try:
        whole = _lossless(content)
        text = content if isinstance(content, bytes) else content.content
        return _of(whole) if whole else list(_taken_apart(text.decode("utf-8-sig")))
    except (ValueError, RecursionError):
        return []


def _lossless(content: bytes | Parsed) -> Json:
    """The file as values, where they say all that its text says; nothing where they do not."""
    try:
        parsed = Parsed(content) if isinstance(content, bytes) else content
        return parsed.root if parsed.is_lossless and isinstance(parsed.root, dict) else {}
    except (ValueError, TypeError):  # a lone surrogate, or too deep
        return {}


def _of(whole: Json) -> list[_Sent]:
    if whole.get("resourceType") != "Bundle":
        return [_Sent(0, "", str(whole.get("resourceType")), whole, None, "")]
    entries = whole.get("entry")
    found = []
    number = 0
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict):
            continue
        resource, url = entry.get("resource"), entry.get("fullUrl")
        if isinstance(resource, dict):
            kind = str(resource.get("resourceType"))
            found.append(_Sent(number, url if isinstance(url, str) else "", kind, resource, None, ""))
        number += 1
    return found


def _taken_apart(text: str) -> Iterator[_Sent]:
    root, end = members(text)
    kind = root.get("resourceType")
    entries = root.get("entry")
    if kind is None or kind.value != "Bundle":
        values = {name: each.value for name, each in root.items()}
        yield _Sent(0, "", str(values.get("resourceType")), values, root, text[:end])
    elif entries is not None and isinstance(entries.value, list):
        for number, (entry, _start, _end) in enumerate(objects(text, entries.value_start)):
            resource, url = entry.get("resource"), entry.get("fullUrl")
            if resource and isinstance(resource.value, dict):
                inside, _after = members(text, resource.value_start)
                one = text[resource.value_start : resource.end]
                moved = {name: _moved(each, resource.value_start) for name, each in inside.items()}
                values = {name: each.value for name, each in moved.items()}
                address = url.value if url and isinstance(url.value, str) else ""
                yield _Sent(number, address, str(values.get("resourceType")), values, moved, one)


def _moved(member: Member, by: int) -> Member:
    return Member(member.value, member.start - by, member.value_start - by, member.end - by)


def _keys_of(sent: list[_Sent], record: Record, becomes: Mapping[int, Becomes]) -> list[UUID]:
    """The patient of a record is the patient of its journey."""
    keys = new_ids(len(sent))
    for place, each in enumerate(sent):
        if each.type == "Patient":
            keys[place] = record.journey_id
        elif goal := becomes.get(each.number):
            keys[place] = goal.key
    return keys


def _versions_after(becomes: Mapping[int, Becomes]) -> dict[UUID, int]:
    """The version that each resource gets which replaces another. Refused: resource_has_changed."""
    goals = [goal for goal in becomes.values() if not goal.is_there]
    if not goals:
        return {}
    found = Resource.objects.filter(key__in=[goal.key for goal in goals]).values_list("key").annotate(Max("version"))
    now = dict(found)
    if any(goal.after and now.get(goal.key) != goal.after for goal in goals):
        raise Refused(CHANGED)
    return {key: version + 1 for key, version in now.items()}


class _Targets:
    """Where the references of one file lead: to resources of the same file by their addresses here."""

    def __init__(self, sent: list[_Sent], keys: list[UUID], journey_id: UUID) -> None:
        self.patient = f"Patient/{journey_id}"
        self._by_name: dict[str, str] = {}
        for each, key in zip(sent, keys, strict=True):
            if each.type not in OFFERED and each.type != "Patient":
                continue
            address = f"{each.type}/{key}"
            own_id = each.resource.get("id")
            names = [each.full_url, *([f"{each.type}/{own_id}", f"urn:uuid:{own_id}"] if own_id else [])]
            for name in filter(None, names):
                self._by_name.setdefault(name, address)

    def __call__(self, reference: str) -> str:
        return self._by_name.get(reference) or self._by_name.get(reference.partition("/_history/")[0], "")


def _row(sent: _Sent, key: UUID, version: int, target: _Targets, at: datetime) -> Row:
    about = OFFERED[sent.type]
    strayed = _strayed_patient(sent, target)

    def leads_to(reference: str) -> str:
        return target.patient if reference == strayed else target(reference)

    return Row(
        type=sent.type,
        key=key,
        version=version,
        is_patients=bool(about.subject and sent.resource.get(about.subject)),
        days=days_of(about, sent.resource),
        text=with_references(_with_our_head(sent, key, version, at), leads_to),
        terms=terms_of(sent.type, about, sent.resource, lambda reference: leads_to(reference) or reference),
    )


def _own_row(resource: Json, at: datetime) -> Row:
    kind, key = resource["resourceType"], resource["id"]
    return Row(
        type=kind,
        key=key,
        version=1,
        is_patients=True,
        days=days_of(OFFERED[kind], resource),
        text=made_of.text_of(resource, key, 1, at),
        terms=terms_of(kind, OFFERED[kind], resource),
    )


def _with_our_head(sent: _Sent, key: UUID, version: int, at: datetime) -> bytes:
    given = sent.resource.get("meta")
    meta = {**(given if isinstance(given, dict) else {}), **made_of.version_of(version, at)}
    first = {"resourceType": sent.type, "id": str(key), "meta": meta}
    if sent.members is None:
        return orjson.dumps({**first, **sent.resource, **first})
    return with_members(sent.text, sent.members, first).encode("utf-8", "surrogatepass")


def _strayed_patient(sent: _Sent, target: _Targets) -> str:
    """A reference to a patient whom the file does not hold: it can only be the patient of the journey."""
    subject = OFFERED[sent.type].subject
    named = at_path(sent.resource, f"{subject}.reference") if subject else []
    reference = next((each for each in named if isinstance(each, str)), "")
    return reference if "Patient/" in reference and not target(reference) else ""
