"""Who sees which rows, and which fields of them: the charter's data classes as SQL.

Each model registers its data class per field, the path to its subject and the paths to its owners. What is not
registered is shown to nobody.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, Model, OuterRef, Q, QuerySet

from clearpath.charter.actor import Actor
from clearpath.turns import charters
from clearpath.turns.hooks import hooks
from clearpath.turns.models import Document, Message, Seat
from clearpath.turns.stand import held_by

M = TypeVar("M", bound=Model)

MODES = ("own", "seat", "consent")  # `count` shows no row


@dataclass(frozen=True, slots=True)
class Sight:
    """How one model's rows are seen.

    `subject` is the path to the subject's key (`pk` for a subject itself), `lane` the path to the lane's key if
    rows belong to one, `owners` the paths to keys of persons or organisations whose own it is, `classes` the
    data class of each field. With `class_column` the class stands in the row itself and holds for all `fields`.
    """

    model: type[Model]
    subject: str
    owners: tuple[str, ...]
    classes: Mapping[str, str] = field(default_factory=dict)
    lane: str = ""
    class_column: str = ""
    fields: tuple[str, ...] = ()


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
) -> None:
    """Say how rows of a model are seen. A model is registered once."""
    if model in _sights:
        raise RuntimeError(f"{model.__name__} is registered twice.")
    _sights[model] = Sight(model, subject, tuple(owners), dict(classes or {}), lane, class_column, tuple(fields))


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

    Each row carries, for `shown`, by which modes it is seen.
    """
    sight = _sights.get(model)
    rows: QuerySet[M, M] = model._default_manager.all()
    if sight is None:
        return rows.none()
    conditions = _conditions(sight, to)
    if not conditions:
        return rows.none()
    anything = Q()
    for condition in conditions.values():
        anything |= condition
    marks = {
        _mark(data_class): ExpressionWrapper(condition, output_field=BooleanField())
        for data_class, condition in conditions.items()
    }
    return cast(QuerySet[M, M], rows.filter(anything).annotate(**marks))


def shown(row: Model, *, to: Actor) -> Shown:
    """The row with every field blanked that the actor's role may not see.

    A row from `visible` costs no further query; any other row is looked up once.
    """
    sight = _sights.get(type(row))
    if sight is None:
        return Shown(row, frozenset())
    if not any(name.startswith("seen_as_") for name in row.__dict__):
        marked = visible(type(row), to=to).filter(pk=row.pk).first()
        if marked is None:
            return Shown(row, frozenset())
        row = marked
    if sight.class_column:
        seen = bool(getattr(row, _mark(getattr(row, sight.class_column)), False))
        return Shown(row, frozenset(sight.fields) if seen else frozenset())
    return Shown(
        row, frozenset(name for name, data_class in sight.classes.items() if getattr(row, _mark(data_class), False))
    )


def _mark(data_class: str) -> str:
    return f"seen_as_{data_class}"


def _conditions(sight: Sight, to: Actor) -> dict[str, Q]:
    """For each data class of the model that the role may see in rows: the condition under which it does."""
    charter = charters.charter(charters.in_force())
    classes = list(charter.data) if sight.class_column else sorted(set(sight.classes.values()))
    found: dict[str, Q] = {}
    for data_class in classes:
        mode = charter.data.get(data_class, {}).get(to.role)
        if mode not in MODES:
            continue
        condition = _BY_MODE[mode](sight, to, data_class)
        if sight.class_column:
            condition &= Q(**{sight.class_column: data_class})
        found[data_class] = condition
    return found


def _own(sight: Sight, to: Actor, _data_class: str) -> Q:
    """About, written by, or addressed to the person or organisation itself."""
    mine = [key for key in (to.stands_for if to.organisation_id is None else None, to.organisation_id) if key]
    condition = Q()
    for path in sight.owners:
        condition |= Q(**{f"{path}__in": mine})
    return condition if sight.owners and mine else Q(pk__in=[])


def _seat(sight: Sight, to: Actor, _data_class: str) -> Q:
    """On a subject where they sit; in a lane, on their own lane and on what is common to all."""
    seats = Seat.objects.filter(held_by(to), subject_id=OuterRef(sight.subject))
    if not sight.lane:
        return Q(Exists(seats))
    in_lane = seats.filter(Q(lane=None) | Q(lane_id=OuterRef(sight.lane)))
    return Q(**{f"{sight.lane}__isnull": True}) & Q(Exists(seats)) | Q(Exists(in_lane))


def _consent(sight: Sight, to: Actor, data_class: str) -> Q:
    """Like seat, and the patient's consent to this recipient is in force."""
    if hooks.consented is None:
        return Q(pk__in=[])
    return _seat(sight, to, data_class) & hooks.consented(to, data_class, sight.subject)


_BY_MODE: dict[str, Callable[[Sight, Actor, str], Q]] = {"own": _own, "seat": _seat, "consent": _consent}


def first_page(model: type[M], *, to: Actor, size: int = 50, after: UUID | None = None) -> list[M]:
    """The newest subjects that the actor may see, by key; `after` is the last key of the page before.

    The page's keys are read from the seats alone, so that it costs the same among a million subjects.
    """
    seats = Seat.objects.filter(held_by(to))
    if after is not None:
        seats = seats.filter(subject_id__lt=after)
    keys = seats.order_by("-subject_id").values_list("subject_id", flat=True).distinct()
    kinds = Q(subject__kind__in=[kind for kind, known in hooks.models.items() if known is model])
    page = list(keys.filter(kinds)[:size])
    return list(visible(model, to=to).filter(pk__in=page).order_by("-pk"))


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
