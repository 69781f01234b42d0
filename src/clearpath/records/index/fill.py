"""Taking a received file apart into resources, and keeping them so that they can be found."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import connection, models
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id
from clearpath.core.outcomes import Objection, Refused
from clearpath.records.index import made_of
from clearpath.records.index.json_text import Json, Member, members, objects, with_members, with_references
from clearpath.records.index.offered import OFFERED
from clearpath.records.index.terms import at_path, days_of, hash_in_use, terms_of
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


Plan = Callable[[], Mapping[int, Becomes]]  # asked under the lock of the journey; by the number of the entry


@dataclass(frozen=True, slots=True)
class _Sent:
    """One resource of a file: where it was named, and its text."""

    number: int
    full_url: str
    members: dict[str, Member]
    text: str

    def member(self, name: str) -> Any:
        found = self.members.get(name)
        return found.value if found else None

    @property
    def type(self) -> str:
        return str(self.member("resourceType"))

    @property
    def resource(self) -> Json:
        return {name: each.value for name, each in self.members.items()}


CHANGED = Objection("resource_has_changed", _("Somebody has changed this since you read it. Read it again."))


def index_record(record: Record, content: bytes, *, at: datetime, plan: Plan | None = None) -> list[Resource]:
    """Keep every resource of a record so that it can be found, in the caller's transaction and under its lock.

    A fixed number of statements, however many resources. What cannot be read stays in the record alone.
    Refused: resource_has_changed.
    """
    becomes = plan() if plan else {}
    sent = _sent(content) if record.media_type == FHIR else []
    versions = _versions_after(becomes)
    keys = {each.number: _key_of(each, record, becomes) for each in sent}
    target = _Targets(sent, keys, record.journey_id)
    rows, served = [], []
    for each in sent:
        goal = becomes.get(each.number)
        if each.type not in OFFERED or (goal and goal.is_there):
            continue
        row = _row(each, record, keys[each.number], versions.get(keys[each.number], 1), at)
        text = _served(each, row, target, at)
        days = days_of(OFFERED[row.type], each.resource)
        row.since, row.until = days or (None, None)
        rows.append(row)
        served.append(text)
    for resource in made_of.record(record):
        rows.append(_own_row(resource, record, at))
        served.append(made_of.text_of(resource, rows[-1].key, 1, at))
    _keep(rows, served, record)
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
    _insert(Term, _term_rows([(row, text.decode()) for row, text in zip(old, texts, strict=True) if text]))


def _keep(rows: list[Resource], served: list[str], record: Record) -> None:
    replaced = [row.key for row in rows if row.version > 1]
    if replaced:
        Resource.objects.filter(key__in=replaced, is_current=True).update(is_current=False)
    sealed = vault.seal_all((text.encode("utf-8", "surrogatepass") for text in served), about=record.pk)
    in_order = sorted(new_id() for _row in rows)  # keys of one millisecond are in no order by themselves
    for row, key, piece in zip(rows, in_order, sealed, strict=True):
        row.pk, row.sealed = key, piece
    _insert(Resource, [[getattr(row, name) for name in COLUMNS] for row in rows])
    _insert(Term, _term_rows(list(zip(rows, served, strict=True))))


def _term_rows(rows: Sequence[tuple[Resource, str]]) -> list[list[Any]]:
    found = []
    for row, text in rows:
        resource = {name: each.value for name, each in members(text)[0].items()}
        values = {hash_in_use(term) for term in terms_of(row.type, OFFERED[row.type], resource)}
        found += [[row.pk, value] for value in values]
    return found


COLUMNS = [column.attname for column in cast(Any, Resource._meta).concrete_fields]


def _insert(model: type[models.Model], rows: Iterable[Sequence[Any]]) -> None:
    """By hand, because it is part of a step: through the ORM it costs ten times as much."""
    rows = list(rows)
    if not rows:
        return
    columns = [column for column in cast(Any, model._meta).concrete_fields if not isinstance(column, models.AutoField)]
    names, marks = ", ".join(column.column for column in columns), ", ".join("%s" for _ in columns)
    table = model._meta.db_table
    insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names of our own
    prepare = [column.get_db_prep_save for column in columns]
    values = [[one(value, connection) for one, value in zip(prepare, row, strict=True)] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(insert, values)


def _sent(content: bytes) -> list[_Sent]:
    """The resources of a bundle, or the one resource given; none when the bytes cannot be taken apart."""
    try:
        return list(_taken_apart(content.decode("utf-8-sig")))
    except (ValueError, RecursionError):
        return []


def _taken_apart(text: str) -> Iterator[_Sent]:
    root, end = members(text)
    kind = root.get("resourceType")
    entries = root.get("entry")
    if kind is None or kind.value != "Bundle":
        yield _Sent(0, "", root, text[:end])
    elif entries is not None and isinstance(entries.value, list):
        for number, (entry, _start, _end) in enumerate(objects(text, entries.value_start)):
            resource, url = entry.get("resource"), entry.get("fullUrl")
            if resource and isinstance(resource.value, dict):
                inside, _after = members(text, resource.value_start)
                one = text[resource.value_start : resource.end]
                moved = {name: _moved(each, resource.value_start) for name, each in inside.items()}
                yield _Sent(number, url.value if url and isinstance(url.value, str) else "", moved, one)


def _moved(member: Member, by: int) -> Member:
    return Member(member.value, member.start - by, member.value_start - by, member.end - by)


def _key_of(sent: _Sent, record: Record, becomes: Mapping[int, Becomes]) -> UUID:
    """The patient of a record is the patient of its journey."""
    if sent.type == "Patient":
        return record.journey_id
    goal = becomes.get(sent.number)
    return goal.key if goal else new_id()


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

    def __init__(self, sent: list[_Sent], keys: Mapping[int, UUID], journey_id: UUID) -> None:
        self.patient = f"Patient/{journey_id}"
        self._by_name: dict[str, str] = {}
        for each in sent:
            if each.type not in OFFERED and each.type != "Patient":
                continue
            address = f"{each.type}/{keys[each.number]}"
            own_id = each.member("id")
            names = [each.full_url, *([f"{each.type}/{own_id}", f"urn:uuid:{own_id}"] if own_id else [])]
            for name in filter(None, names):
                self._by_name.setdefault(name, address)

    def __call__(self, reference: str) -> str:
        return self._by_name.get(reference) or self._by_name.get(reference.partition("/_history/")[0], "")


def _row(sent: _Sent, record: Record, key: UUID, version: int, at: datetime) -> Resource:
    subject = OFFERED[sent.type].subject
    return Resource(
        journey_id=record.journey_id,
        record_id=record.pk,
        type=sent.type,
        key=key,
        version=version,
        updated_at=at,
        is_patients=bool(subject and sent.member(subject)),
    )


def _own_row(resource: Json, record: Record, at: datetime) -> Resource:
    type_name = resource["resourceType"]
    days = days_of(OFFERED[type_name], resource) or (None, None)
    return Resource(
        journey_id=record.journey_id,
        record_id=record.pk,
        type=type_name,
        key=resource["id"],
        updated_at=at,
        is_patients=True,
        since=days[0],
        until=days[1],
    )


def _served(sent: _Sent, row: Resource, target: _Targets, at: datetime) -> str:
    given = sent.member("meta")
    meta = {**(given if isinstance(given, dict) else {}), **made_of.version_of(row.version, at)}
    first = {"resourceType": row.type, "id": str(row.key), "meta": meta}
    strayed = _strayed_patient(sent, target)
    text = with_members(sent.text, sent.members, first)
    return with_references(text, lambda reference: target.patient if reference == strayed else target(reference))


def _strayed_patient(sent: _Sent, target: _Targets) -> str:
    """A reference to a patient whom the file does not hold: it can only be the patient of the journey."""
    subject = OFFERED[sent.type].subject
    named = at_path(sent.resource, f"{subject}.reference") if subject else []
    reference = next((each for each in named if isinstance(each, str)), "")
    return reference if "Patient/" in reference and not target(reference) else ""
