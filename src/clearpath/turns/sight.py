"""Who sees which rows, and which fields of them: the charter's data classes as SQL.

Each model registers its data class per field, the path to its subject and the paths to its owners. What is not
registered is shown to nobody.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    Expression,
    ExpressionWrapper,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from clearpath.charter.actor import Actor
from clearpath.turns import charters
from clearpath.turns.hooks import hooks
from clearpath.turns.models import Appointment, Document, Message, Seat
from clearpath.turns.stand import held_by

M = TypeVar("M", bound=Model)

MODES = ("own", "seat", "consent")  # `count` shows no row


@dataclass(frozen=True, slots=True)
class Sight:
    """How one model's rows are seen.

    `subject` is the path to the subject's key (`pk` for a subject itself), `lane` the path to the lane's key if
    rows belong to one, `owners` the paths to keys of persons or organisations whose own it is, `classes` the
    data class of each field. With `class_column` the class stands in the row itself and holds for all `fields`.
    `concerns` is the path to the key of the one party whom a row concerns: somebody who sits on a lane sees such
    a row only when it concerns them, since it would tell of other lanes.
    `person` is the path to the key of the one person whose own a row is: neither a colleague nor a seat opens it.
    """

    model: type[Model]
    subject: str
    owners: tuple[str, ...]
    classes: Mapping[str, str] = field(default_factory=dict)
    lane: str = ""
    class_column: str = ""
    fields: tuple[str, ...] = ()
    concerns: str = ""
    person: str = ""


_sights: dict[type[Model], Sight] = {}


def register(
    model: type[Model],
    *,
    subject: str,
    owners: Iterable[str],
    classes: Mapping[str, str] | None = None,
    lane: str = "",
    class_column: str = "",
    fields: Iterable[str] = (),
    concerns: str = "",
    person: str = "",
) -> None:
    """Say how rows of a model are seen. A model is registered once."""
    if model in _sights:
        raise RuntimeError(f"{model.__name__} is registered twice.")
    _sights[model] = Sight(
        model, subject, tuple(owners), dict(classes or {}), lane, class_column, tuple(fields), concerns, person
    )


def sight_of(model: type[Model]) -> Sight | None:
    """How rows of a model are seen; None when they are shown to nobody."""
    return _sights.get(model)


def registered() -> list[Sight]:
    """Every model that anybody may see something of."""
    return list(_sights.values())


def subject_id_of(row: Model) -> UUID | None:
    """The key of the subject that a row belongs to; None when it belongs to none, or not directly."""
    sight = _sights.get(type(row))
    if sight is None or "__" in sight.subject:
        return None
    found = getattr(row, sight.subject, None)
    return found if isinstance(found, UUID) else None


class Hidden:
    """What stands in place of a value that the reader's role may not see: false, and empty as text."""

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return ""


HIDDEN = Hidden()


class Shown:
    """A row as one actor may see it: each registered field, or HIDDEN. Read-only."""

    __slots__ = ("_row", "_seen")

    def __init__(self, row: Model, seen: frozenset[str]) -> None:
        self._row = row
        self._seen = seen

    @property
    def pk(self) -> Any:
        return self._row.pk

    @property
    def hidden(self) -> list[str]:
        """Names of the fields that this reader may not see."""
        sight = _sights[type(self._row)]
        return [name for name in (sight.classes or sight.fields) if name not in self._seen]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name) if name in self._seen else HIDDEN

    def __repr__(self) -> str:
        return f"<{type(self._row).__name__} {self._row.pk}, shown: {', '.join(sorted(self._seen))}>"


def visible(model: type[M], *, to: Actor) -> QuerySet[M]:
    """The rows of which the actor may see at least one field, as one SQL condition.

    Each row carries, for `shown`, in which ways it is seen.
    """
    sight = _sights.get(model)
    if sight is None:
        return model._default_manager.none()
    versions = versions_to_ask(model, to.role, charters.in_force())
    return visible_under(sight, to, versions[0]) if len(versions) == 1 else _visible_by_version(sight, to, versions)


@cache
def versions_to_ask(model: type[Model], role: str, in_force: str) -> tuple[str, ...]:
    """The version in force alone, as long as every version in use shows the role the same of this model."""
    versions = charters.in_use(in_force)
    ways = ways_of(model, in_force, role)
    return versions if any(ways_of(model, each, role) != ways for each in versions) else (in_force,)


def _visible_by_version(sight: Sight, to: Actor, versions: tuple[str, ...]) -> QuerySet[Any]:
    """Each row by the version that its subject keeps."""
    kept = "charter" if sight.subject == "pk" else f"{sight.subject.removesuffix('_id')}__charter"
    by_way: dict[Way, Q] = {}
    for version in versions:
        for way, opens in ways_of(sight.model, version, to.role).items():
            here = Q(**{kept: version}) & _condition(sight, to, way, opens)
            by_way[way] = by_way[way] | here if way in by_way else here
    if not by_way:
        return sight.model._default_manager.none()
    anything = Q()
    for condition in by_way.values():
        anything |= condition
    marks = {mark_of(way): as_boolean(condition) for way, condition in by_way.items()}
    found: QuerySet[Any] = sight.model._default_manager.filter(anything).annotate(**{UNDER: F(kept)}, **marks)
    return found


def visible_under(sight: Sight, to: Actor, version: str) -> QuerySet[Any]:
    rows = sight.model._default_manager.all()
    conditions = {
        way: _condition(sight, to, way, opens) for way, opens in ways_of(sight.model, version, to.role).items()
    }
    if not conditions:
        return rows.none()
    anything = Q()
    for way, condition in conditions.items():
        if way[0] != "consent" or SEAT not in conditions or sight.class_column:  # else it is narrower than the seat's
            anything |= condition
    marks = {mark_of(way): as_boolean(condition) for way, condition in conditions.items()}
    found: QuerySet[Any] = rows.filter(anything).annotate(**{UNDER: as_text(version)}, **marks)
    return found


def shown(row: Model, *, to: Actor) -> Shown:
    """The row with every field blanked that the actor's role may not see.

    A row from `visible` or `first_page` costs no further query; any other row is looked up once.
    """
    model = type(row)
    sight = _sights.get(model)
    if sight is None:
        return Shown(row, frozenset())
    marks = row.__dict__
    if UNDER not in marks:
        marked = visible(model, to=to).filter(pk=row.pk).first()
        if marked is None:
            return Shown(row, frozenset())
        row, marks = marked, marked.__dict__
    version = marks[UNDER]
    ways = tuple([way for way, mark in _marks_of(model, version, to.role) if marks.get(mark)])
    own_class = getattr(row, sight.class_column) if sight.class_column else ""
    return Shown(row, _fields(model, version, to.role, ways, own_class))


Way = tuple[str, str]  # how a row is seen: a mode and, for `consent`, the data class that was agreed to
SEAT: Way = ("seat", "")
OWN: Way = ("own", "")
UNDER = "seen_under"  # on each row: the version of the charter by which it is seen


def mark_of(way: Way) -> str:
    return "seen_by_" + "_".join(way)


def as_boolean(condition: Q) -> Expression:
    return ExpressionWrapper(condition, output_field=BooleanField())


def as_text(text: str) -> Value:
    return Value(text, output_field=CharField())


@cache
def ways_of(model: type[Model], version: str, role: str) -> dict[Way, tuple[str, ...]]:
    """In which ways the role sees rows of this model, and which data classes each way opens."""
    sight = _sights[model]
    data = charters.charter(version).data
    found: dict[Way, tuple[str, ...]] = {}
    for data_class in data if sight.class_column else sorted(set(sight.classes.values())):
        mode = data.get(data_class, {}).get(role)
        if mode in MODES and (mode == "own" or not sight.person):
            way = (mode, data_class if mode == "consent" else "")
            found[way] = (*found.get(way, ()), data_class)
    return found


@cache
def _marks_of(model: type[Model], version: str, role: str) -> tuple[tuple[Way, str], ...]:
    return tuple((way, mark_of(way)) for way in ways_of(model, version, role))


@lru_cache(maxsize=4096)
def _fields(model: type[Model], version: str, role: str, ways: tuple[Way, ...], own_class: str) -> frozenset[str]:
    """The fields that are shown of a row that is seen in these ways."""
    sight, opens = _sights[model], ways_of(model, version, role)
    classes = {data_class for way in ways for data_class in opens[way]}
    if sight.class_column:
        return frozenset(sight.fields) if own_class in classes else frozenset()
    return frozenset(name for name, data_class in sight.classes.items() if data_class in classes)


def _condition(sight: Sight, to: Actor, way: Way, opens: tuple[str, ...]) -> Q:
    """The condition on rows under which the actor sees them in this way."""
    condition = _BY_MODE[way[0]](sight, to, way[1])
    return condition & Q(**{f"{sight.class_column}__in": opens}) if sight.class_column else condition


def own_rows(sight: Sight, to: Actor, _data_class: str) -> Q:
    """About, written by, or addressed to the person or organisation itself.

    Who stands for a patient sees what is the patient's own where the patient appointed them, and nowhere else.
    """
    mine = to.organisation_id or to.stands_for
    if mine is None or not sight.owners:
        return Q(pk__in=[])
    condition = Q()
    for path in sight.owners:
        here = Q(**{path: mine})
        if _leads_to_many(sight.model, path):  # joined, one row would be found many times
            here = Q(pk__in=sight.model._default_manager.filter(here).order_by().values("pk"))
        condition |= here
    if sight.person:
        condition &= Q(**{sight.person: to.person_id}) if to.person_id else Q(pk__in=[])
    if mine in {to.organisation_id, to.person_id}:
        return condition
    appointed = Appointment.objects.filter(
        subject_id=OuterRef(sight.subject), person_id=to.somebody, by_person_id=mine, revoked_at=None
    )
    return condition & Q(Exists(appointed))


def _leads_to_many(model: type[Model], path: str) -> bool:
    for name in path.split("__"):
        if name == "pk":
            return False
        link = model._meta.get_field(name)
        if link.one_to_many or link.many_to_many:
            return True
        model = cast(Any, link.related_model or model)
    return False


def _seat(sight: Sight, to: Actor, _data_class: str) -> Q:
    """On a subject where they sit; in a lane, on their own lane and on what is common to all."""
    seats = Seat.objects.filter(held_by(to), subject_id=OuterRef(sight.subject))
    if sight.concerns:
        return Q(Exists(seats.filter(lane=None))) | Q(Exists(seats)) & Q(**{sight.concerns: to.party})
    if not sight.lane:
        return Q(Exists(seats))
    in_lane = seats.filter(Q(lane=None) | Q(lane_id=OuterRef(sight.lane)))
    return Q(**{f"{sight.lane}__isnull": True}) & Q(Exists(seats)) | Q(Exists(in_lane))


def _consent(sight: Sight, to: Actor, data_class: str) -> Q:
    """Like seat, and the patient's consent to this recipient is in force."""
    return _seat(sight, to, data_class) & consented_rows(to, data_class, sight.subject)


def consented_rows(to: Actor, data_class: str, subject_path: str) -> Q:
    return Q(pk__in=[]) if hooks.consented is None else hooks.consented(to, data_class, subject_path)


_BY_MODE: dict[str, Callable[[Sight, Actor, str], Q]] = {"own": own_rows, "seat": _seat, "consent": _consent}


def register_own() -> None:
    """What `turns` itself keeps: messages and documents carry their data class in the row."""
    register(
        Message,
        subject="subject_id",
        lane="lane_id",
        owners=("author_organisation_id", "to_seat__organisation_id", "author_id", "to_seat__person_id"),
        class_column="data_class",
        fields=("topic", "author", "author_role", "author_organisation", "to_seat", "text", "written_at"),
    )
    register(
        Document,
        subject="subject_id",
        lane="lane_id",
        owners=("subject__about_id", "author_organisation_id"),
        class_column="data_class",
        fields=("title", "media_type", "size", "sha256", "attached_at", "author", "author_organisation"),
    )
