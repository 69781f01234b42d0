"""The first page of what an actor sees, read so that it costs the same among a million subjects.

The statement is made once for each role and kept: to make it takes longer than to run it. The actor's keys are put
into the places that the statement has for them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, Q, QuerySet, Value
from django.db.models.base import ModelState

from clearpath.charter.actor import Actor
from clearpath.turns import charters
from clearpath.turns.hooks import hooks
from clearpath.turns.models import Seat
from clearpath.turns.sight import (
    OWN,
    SEAT,
    UNDER,
    Sight,
    Way,
    as_boolean,
    consented_rows,
    mark_of,
    own_rows,
    sight_of,
    visible_under,
    ways_of,
)
from clearpath.turns.stand import held_by

M = TypeVar("M", bound=Model)
Convert = Callable[[Any], Any]

PLACES = PERSON, ORGANISATION, FOR_PERSON, AFTER = tuple(UUID(int=number) for number in range(1, 5))  # of keys


def first_page(model: type[M], *, to: Actor, size: int = 50, after: UUID | None = None) -> list[M]:
    """The newest subjects that the actor may see, by key; `after` is the last key of the page before.

    The same rows as `visible`, from the actor's seats or from what is their own. What the role never sees is not
    read, and what needs a consent that is not in force is not unsealed. Two queries, one of them for the version.
    """
    sight, version = sight_of(model), charters.in_force()
    if sight is None or not ways_of(model, version, to.role):
        return []
    page = page_of(model, version, to, size, after is not None)
    with connection.cursor() as cursor:
        cursor.execute(page.sql, page.parameters_for(to, after))
        return page.read(cursor.fetchall())


class _Without(NamedTuple):
    """Which keys a page is asked without."""

    person: bool
    organisation: bool
    for_person: bool
    after: bool


class _Field(NamedTuple):
    """How one field is read; `mark` is the column that must be true, or it stays unread."""

    name: str
    column: int
    convert: Convert | None
    mark: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """One statement and how its rows are read."""

    model: type[Any]
    sql: str
    parameters: tuple[tuple[int | None, Any], ...]  # each with whose place it is, as a position in PLACES
    wanted: tuple[bool, ...]  # which of PLACES occur
    fields: tuple[_Field, ...]
    marks: tuple[tuple[str, int], ...]
    links: tuple[tuple[str, str], ...]  # the key of the parent's row, and the link that holds the same
    version: str

    def parameters_for(self, to: Actor, after: UUID | None) -> list[Any]:
        """The parameters, with the keys of this actor in their places."""
        keys = (to.person_id, to.organisation_id, to.for_person_id, after)
        stored = [_stored(key) if wanted else None for key, wanted in zip(keys, self.wanted, strict=True)]
        return [each if place is None else stored[place] for place, each in self.parameters]

    def read(self, rows: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Instances of the model with their marks; what is not shown stays unread, as with `defer`."""
        found = []
        shown: dict[tuple[Any, ...], tuple[list[str], list[tuple[int, Convert | None]]]] = {}
        mark_names, mark_columns = zip(*self.marks, strict=True)
        for row in rows:
            marks = tuple([row[column] for column in mark_columns])
            if marks not in shown:
                here = [each for each in self.fields if each.mark is None or row[each.mark]]
                shown[marks] = [each.name for each in here], [(each.column, each.convert) for each in here]
            names, reads = shown[marks]
            values = [
                convert(row[column]) if convert and row[column] is not None else row[column]
                for column, convert in reads
            ]
            instance: Any = object.__new__(self.model)  # as unpickling does: nothing is left for __init__ to do
            state = instance.__dict__
            state.update(zip(names, values, strict=True))
            state.update(zip(mark_names, marks, strict=True))
            state.update([(of_parent, state[link]) for of_parent, link in self.links])
            state["_state"], state[UNDER] = _read_from(DEFAULT_DB_ALIAS), self.version
            found.append(instance)
        return found


def page_of(model: type[Model], version: str, to: Actor, size: int, following: bool) -> Page:
    """The statement for this role; `following`: a page after another."""
    without = _Without(
        to.person_id is None, to.organisation_id is None, to.stands_for == to.person_id, after=not following
    )
    return _page(model, version, to.role, without, size)


def _stored(key: UUID | None) -> Any:
    return key if connection.features.has_native_uuid_field or key is None else key.hex


@lru_cache(maxsize=1024)
def _page(model: type[Model], version: str, role: str, without: _Without, size: int) -> Page:
    to = Actor(
        role=role,
        now=datetime.min.replace(tzinfo=UTC),
        person_id=None if without.person else PERSON,
        organisation_id=None if without.organisation else ORGANISATION,
        for_person_id=None if without.for_person else FOR_PERSON,
    )
    ways, sight = ways_of(model, version, role), sight_of(model)
    assert sight is not None  # noqa: S101 - the caller looked
    rows = _rows(sight, to, version, None if without.after else AFTER, size)
    return _made(rows.defer(*_hidden(sight, ways)).order_by("-pk")[:size], sight, ways, version)


def _rows(sight: Sight, to: Actor, version: str, after: UUID | None, size: int) -> QuerySet[Any]:
    ways = ways_of(sight.model, version, to.role)
    if OWN not in ways and sight.subject == "pk":
        return _from_seats(sight, to, ways, after, size)
    rows: QuerySet[Any]
    if set(ways) == {OWN}:
        rows = sight.model._default_manager.filter(own_rows(sight, to, "")).annotate(**{mark_of(OWN): Value(True)})
    else:
        rows = visible_under(sight, to, version)
    return rows if after is None else rows.filter(pk__lt=after)


def _from_seats(
    sight: Sight, to: Actor, ways: Mapping[Way, tuple[str, ...]], after: UUID | None, size: int
) -> QuerySet[Any]:
    """The subjects of the actor's newest seats."""
    kinds = [kind for kind, known in hooks.models.items() if known is sight.model]
    seats = Seat.objects.filter(held_by(to), subject__kind__in=kinds)
    agreed = [way for way in ways if way != SEAT]
    if SEAT not in ways:
        anything = Q()
        for _mode, data_class in agreed:
            anything |= consented_rows(to, data_class, "subject_id")
        seats = seats.filter(anything)
    if after is not None:
        seats = seats.filter(subject_id__lt=after)
    keys = seats.order_by("-subject_id").values("subject_id").distinct()[:size]
    marks = {mark_of(way): as_boolean(consented_rows(to, way[1], sight.subject)) for way in agreed}
    if SEAT in ways:
        marks[mark_of(SEAT)] = Value(True)
    found: QuerySet[Any] = sight.model._default_manager.filter(pk__in=keys).annotate(**marks)
    return found


def _hidden(sight: Sight, ways: Mapping[Way, tuple[str, ...]]) -> list[str]:
    """The columns of the model's own table that hold what the role never sees of it."""
    seen = {data_class for opens in ways.values() for data_class in opens}
    own = {name for each in sight.model._meta.local_concrete_fields for name in (each.name, each.attname)}
    return [name for name, data_class in sight.classes.items() if data_class not in seen and name in own]


def _made(rows: QuerySet[Any], sight: Sight, ways: Mapping[Way, tuple[str, ...]], version: str) -> Page:
    """As Django itself reads rows, with everything that is the same for each page done beforehand."""
    compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, parameters = compiler.as_sql()
    marks = compiler.annotation_col_map
    needs = {
        name: marks[mark_of(way)]
        for way, opens in ways.items()
        if way[0] == "consent"
        for name, data_class in sight.classes.items()
        if data_class in opens
    }
    converters = compiler.get_converters([each[0] for each in compiler.select])
    own = {each.attname for each in sight.model._meta.local_concrete_fields if not each.primary_key}
    links = tuple(
        (parent._meta.pk.attname, link.attname)
        for parent, link in sight.model._meta.parents.items()
        if link is not None
    )
    fields = []
    for column in compiler.klass_info["select_fields"]:
        field = compiler.select[column][0].target
        if field.attname in dict(links):
            continue  # read once is enough
        convert = _one(*converters[column]) if column in converters else None
        mark = needs.get(field.name, needs.get(field.attname)) if field.attname in own else None
        fields.append(_Field(field.attname, column, convert, mark))
    places = [_stored(place) for place in PLACES]
    placed = tuple((places.index(each) if each in places else None, each) for each in parameters)
    wanted = tuple(place in parameters for place in places)
    return Page(sight.model, sql, placed, wanted, tuple(fields), tuple(marks.items()), links, version)


def _read_from(alias: str) -> ModelState:
    state = ModelState()
    state.db, state.adding = alias, False
    return state


def _one(converters: list[Callable[..., Any]], expression: Any) -> Convert:
    first, *others = converters
    if not others:
        return lambda value: first(value, expression, connection)

    def convert(value: Any) -> Any:
        for each in converters:
            value = each(value, expression, connection)
        return value

    return convert
