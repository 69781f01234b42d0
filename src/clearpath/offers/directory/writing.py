"""Writes a plan into the tables; called inside a step, and nowhere else."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Model

from clearpath.offers.directory.kinds import KINDS, Values
from clearpath.offers.directory.plan import Change, Plan
from clearpath.offers.directory.reading import Told, no_word
from clearpath.offers.directory.standing import ids_of, terms_of
from clearpath.offers.models import Capacity, Practitioner, Service, Site, TreatmentPackage

AT_ONCE = 2000  # rows; between two batches it is told how far the work is
OWN = ("provider", "reference")
UNIQUE: dict[str, tuple[str, ...]] = {
    "site": OWN,
    "doctor": OWN,
    "service": OWN,
    "package": ("service", "reference"),
    "capacity": ("site", "week"),
}


def write(provider_id: UUID, plan: Plan, *, at: datetime, tell: Told = no_word) -> None:
    """Each kind after those that it refers to. New and changed entries go the same way: written over by their key."""
    done = 0
    for kind in KINDS:
        changes = [change for change in plan.changes if change.kind == kind]
        if not changes:
            continue
        rows = _rows(provider_id, kind, changes, at)
        for batch in _batches(rows):
            _put(batch, UNIQUE[kind])
            done += len(batch)
            tell("writing", done, len(plan.changes))


def _rows(provider_id: UUID, kind: str, changes: list[Change], at: datetime) -> Iterator[Model]:
    above = {name: ids_of(provider_id, other) for name, other in KINDS[kind].refers.items()}
    for change in changes:
        values = change.whole
        found = {name: ids[values[name],] for name, ids in above.items()}
        retired = None if values.get("is_shown", True) else at
        yield MAKE[kind](provider_id, values, found, retired)


def _site(provider_id: UUID, values: Values, _found: dict[str, UUID], retired: datetime | None) -> Model:
    return Site(provider_id=provider_id, retired_at=retired, **_but(values, "is_shown"))


def _doctor(provider_id: UUID, values: Values, _found: dict[str, UUID], retired: datetime | None) -> Model:
    return Practitioner(provider_id=provider_id, retired_at=retired, **_but(values, "is_shown"))


def _service(provider_id: UUID, values: Values, found: dict[str, UUID], retired: datetime | None) -> Model:
    return Service(
        provider_id=provider_id,
        site_id=found["site"],
        price_from_minor=values["price_from"],
        price_to_minor=values["price_to"],
        retired_at=retired,
        **_but(values, "site", "price_from", "price_to", "is_shown"),
    )


def _package(_provider_id: UUID, values: Values, found: dict[str, UUID], retired: datetime | None) -> Model:
    return TreatmentPackage(
        service_id=found["service"],
        reference=values["reference"],
        title=values["title"],
        currency=values["currency"],
        terms=terms_of(values),
        retired_at=retired,
    )


def _capacity(_provider_id: UUID, values: Values, found: dict[str, UUID], _retired: datetime | None) -> Model:
    return Capacity(site_id=found["site"], week=values["week"], places=values["places"])


def _but(values: Values, *but: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in but}


MAKE = {"site": _site, "doctor": _doctor, "service": _service, "package": _package, "capacity": _capacity}


def _batches(rows: Iterator[Model]) -> Iterator[list[Model]]:
    while batch := list(islice(rows, AT_ONCE)):
        yield batch


def _put(rows: Iterable[Any], unique: tuple[str, ...]) -> None:
    """Insert, or write over the row of the same key, which keeps its own id: offers name it."""
    rows = list(rows)
    model = type(rows[0])
    fields = [each.name for each in model._meta.concrete_fields if not each.primary_key and each.name not in unique]
    model._default_manager.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=fields)
