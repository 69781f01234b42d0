"""The first page of what an actor sees, read so that it costs the same among a million subjects."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet, Value

from clearpath.charter.actor import Actor
from clearpath.turns import charters
from clearpath.turns.hooks import hooks
from clearpath.turns.made import OTHER, Shape, Statement, made
from clearpath.turns.models import Seat
from clearpath.turns.sight import (
    OWN,
    SEAT,
    UNDER,
    Sight,
    Way,
    as_boolean,
    as_text,
    consented_rows,
    mark_of,
    own_rows,
    sight_of,
    versions_to_ask,
    visible,
    visible_under,
    ways_of,
)
from clearpath.turns.stand import held_by

M = TypeVar("M", bound=Model)


def first_page(model: type[M], *, to: Actor, size: int = 50, after: UUID | None = None) -> list[M]:
    """The newest subjects that the actor may see, by key; `after` is the last key of the page before.

    The same rows as `visible`, from the actor's seats or from what is their own. What the role never sees is not
    read, and what needs a consent that is not in force is not unsealed. Two queries, one of them for the version.
    """
    version = charters.in_force()
    if sight_of(model) is None:
        return []
    if len(versions_to_ask(model, to.role, version)) > 1:
        rows = visible(model, to=to) if after is None else visible(model, to=to).filter(pk__lt=after)
        return list(rows.order_by("-pk")[:size])
    if not ways_of(model, version, to.role):
        return []
    return page_of(model, version, Shape.of(to), size, after is not None).run(to, after)


@lru_cache(maxsize=1024)
def page_of(model: type[Model], version: str, shape: Shape, size: int, following: bool) -> Statement:
    """The statement for actors of this shape; `following`: a page after another."""
    sight, to, ways = sight_of(model), shape.actor(), ways_of(model, version, shape.role)
    assert sight is not None  # noqa: S101 - the caller looked
    rows = _rows(sight, to, version, OTHER if following else None, size)
    page = rows.annotate(**{UNDER: as_text(version)}).defer(*_hidden(sight, ways)).order_by("-pk")[:size]
    return made(page, _needs(sight, ways))


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


def _needs(sight: Sight, ways: Mapping[Way, tuple[str, ...]]) -> dict[str, str]:
    """For each field of the model's own table that only a consent shows: the mark of that consent."""
    own = {each.name for each in sight.model._meta.local_concrete_fields}
    return {
        name: mark_of(way)
        for way, opens in ways.items()
        if way[0] == "consent"
        for name, data_class in sight.classes.items()
        if data_class in opens and name in own
    }
