"""Statements that are made once and run with other keys: to make one takes Django longer than to run it.

A query is built for an actor whose keys are places; whoever runs it puts real keys there. Everything else about the
actor (role, which keys they have) is part of what a statement is kept by.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import DateTimeField, QuerySet
from django.db.models.base import ModelState

from clearpath.charter.actor import Actor

Convert = Callable[[Any, Any, Any], Any]

PLACES = PERSON, ORGANISATION, FOR_PERSON, OTHER = tuple(UUID(int=number) for number in range(1, 5))


class Shape(NamedTuple):
    """All about an actor that a statement may depend on, but for the keys themselves."""

    role: str
    person: bool
    organisation: bool
    for_person: bool

    @classmethod
    def of(cls, by: Actor) -> "Shape":
        stands_in = by.stands_for != by.person_id
        return cls(by.role, by.person_id is not None, by.organisation_id is not None, stands_in)

    def actor(self) -> Actor:
        """An actor of this shape, with places for keys."""
        return Actor(
            role=self.role,
            now=datetime.min.replace(tzinfo=UTC),
            person_id=PERSON if self.person else None,
            organisation_id=ORGANISATION if self.organisation else None,
            for_person_id=FOR_PERSON if self.for_person else None,
        )


class _Field(NamedTuple):
    """How one field is read; `mark` is the column that must be true, or it stays unread."""

    name: str
    column: int
    convert: Convert | None
    expression: Any
    mark: int | None


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that reads rows of one model, and how they are read."""

    model: type[Any]
    sql: str
    parameters: tuple[tuple[int | None, Any], ...]  # each with whose place it is, as a position in PLACES
    fields: tuple[_Field, ...]
    marks: tuple[tuple[str, int], ...]  # annotations
    links: tuple[tuple[str, str], ...]  # the key of the parent's row, and the link that holds the same

    def run(self, by: Actor, other: UUID | None = None) -> list[Any]:
        """Instances of the model with their annotations; what its mark withholds stays unread, as with `defer`."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.parameters_for(by, other))
            return self.read(cursor.fetchall())

    def parameters_for(self, by: Actor, other: UUID | None) -> list[Any]:
        """The parameters, with the keys of this actor in their places."""
        keys = (by.person_id, by.organisation_id, by.for_person_id, other)
        return [each if place is None else _stored(keys[place]) for place, each in self.parameters]

    def read(self, rows: Sequence[tuple[Any, ...]]) -> list[Any]:
        found = []
        shown: dict[tuple[Any, ...], tuple[list[str], list[tuple[int, Convert | None, Any]]]] = {}
        mark_names = [name for name, _column in self.marks]
        mark_columns = [column for _name, column in self.marks]
        for row in rows:
            marks = tuple([row[column] for column in mark_columns])
            if marks not in shown:
                here = [each for each in self.fields if each.mark is None or row[each.mark]]
                shown[marks] = (
                    [each.name for each in here],
                    [(each.column, each.convert, each.expression) for each in here],
                )
            names, reads = shown[marks]
            values = [
                row[column] if convert is None or row[column] is None else convert(row[column], expression, connection)
                for column, convert, expression in reads
            ]
            instance: Any = object.__new__(self.model)  # as unpickling does: nothing is left for __init__ to do
            state = instance.__dict__
            state.update(zip(names, values, strict=True))
            state.update(zip(mark_names, marks, strict=True))
            state.update([(of_parent, state[link]) for of_parent, link in self.links])
            state["_state"] = _read_from(DEFAULT_DB_ALIAS)
            found.append(instance)
        return found


def made(rows: QuerySet[Any], needs: Mapping[str, str]) -> Statement:
    """The statement of a query; `needs` names fields that are read only where an annotation is true.

    Rows are read as Django itself reads them, with all that is the same for each done beforehand.
    """
    compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, parameters = compiler.as_sql()
    marks = compiler.annotation_col_map
    converters = compiler.get_converters([each[0] for each in compiler.select])
    model: Any = rows.model
    links = tuple((above._meta.pk.attname, link.attname) for above, link in model._meta.parents.items() if link)
    fields = []
    for column in compiler.klass_info["select_fields"]:
        field = compiler.select[column][0].target
        if field.attname not in dict(links):  # the same key twice is read once
            convert, expression = _one(field, *converters[column]) if column in converters else (None, None)
            mark = needs.get(field.name)
            fields.append(_Field(field.attname, column, convert, expression, None if mark is None else marks[mark]))
    places = [_stored(place) for place in PLACES]
    placed = tuple((places.index(each) if each in places else None, each) for each in parameters)
    return Statement(model, sql, placed, tuple(fields), tuple(marks.items()), links)


def _stored(key: UUID | None) -> Any:
    return key if connection.features.has_native_uuid_field or key is None else key.hex


def _read_from(alias: str) -> ModelState:
    state = ModelState()
    state.db, state.adding = alias, False
    return state


def _one(field: Any, converters: list[Convert], expression: Any) -> tuple[Convert, Any]:
    if isinstance(field, DateTimeField) and connection.vendor == "sqlite" and connection.timezone is UTC:
        return _in_utc(converters), expression
    if len(converters) == 1:
        return converters[0], expression

    return _all_of(converters), expression


def _all_of(converters: list[Convert]) -> Convert:
    def convert(value: Any, expression: Any, connection: Any) -> Any:
        for each in converters:
            value = each(value, expression, connection)
        return value

    return convert


def _in_utc(converters: list[Convert]) -> Convert:
    """SQLite's driver has already made a time of the column; Django would ask its zone about every one."""
    other = _all_of(converters)

    def convert(value: Any, expression: Any, connection: Any) -> Any:
        return value.replace(tzinfo=UTC) if type(value) is datetime else other(value, expression, connection)

    return convert
