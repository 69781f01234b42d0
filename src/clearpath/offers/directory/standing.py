"""The entries that stand in a provider's directory, in the same plain form in which files are read."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from clearpath.offers.directory.kinds import CAPACITY, KINDS, PACKAGE, Key, Values
from clearpath.offers.models import Capacity, Practitioner, Service, Site, TreatmentPackage

FEW = 500  # so many are asked for by name, more by reading all


@dataclass(frozen=True, slots=True)
class Table:
    """Where a kind is kept: `paths` gives for each column the path in the table."""

    model: type[Model]
    provider: str
    paths: Mapping[str, str]


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


TABLES: Mapping[str, Table] = {
    "site": Table(
        Site, "provider_id", _same("reference", "name", "country", "city", "address", "airport", "airport_km")
    ),
    "doctor": Table(
        Practitioner,
        "provider_id",
        _same("reference", "name", "specialities", "languages", "licence", "licence_ends_on"),
    ),
    "service": Table(
        Service,
        "provider_id",
        {
            **_same("reference", "procedure", "title", "includes", "stay_nights", "recovery_days", "languages"),
            **_same("currency", "priced_on"),
            "site": "site__reference",
            "price_from": "price_from_minor",
            "price_to": "price_to_minor",
        },
    ),
    "package": Table(
        TreatmentPackage,
        "service__provider_id",
        {**_same("reference", "title", "currency", "terms"), "service": "service__reference"},
    ),
    "capacity": Table(Capacity, "site__provider_id", {**_same("week", "places"), "site": "site__reference"}),
}
TERMS = {  # column of a package: its key in the terms, and what stands there when nothing was said
    "stay_nights": ("stay_nights", 0),
    "deposit": ("deposit_minor", 0),
    "refunds": ("refunds", ()),
    "complications_paid_by": ("complications_paid_by", ""),
    "aftercare": ("aftercare", ()),
    "includes": ("includes", ""),
    "excludes": ("excludes", ""),
    "lines": ("lines", ()),
}


def entries_of(provider_id: UUID, kind: str, keys: Collection[Key] | None = None) -> dict[Key, Values]:
    """The entries of one kind by key, shown and retired; only those of `keys` where they are few."""
    names = KINDS[kind].names
    return {tuple(values[name] for name in names): values for values in _values(_rows(provider_id, kind, keys), kind)}


def keys_of(provider_id: UUID, kind: str) -> set[Key]:
    """The keys of every entry of one kind."""
    table = TABLES[kind]
    return set(_of(provider_id, table).order_by().values_list(*(table.paths[name] for name in KINDS[kind].names)))


def ids_of(provider_id: UUID, kind: str) -> dict[Key, UUID]:
    """The row's key in the database by the entry's key."""
    table = TABLES[kind]
    paths = [table.paths[name] for name in KINDS[kind].names]
    return {tuple(key): found for found, *key in _of(provider_id, table).order_by().values_list("pk", *paths)}


def _of(provider_id: UUID, table: Table) -> QuerySet[Any]:
    return table.model._default_manager.filter(**{table.provider: provider_id})


def _rows(provider_id: UUID, kind: str, keys: Collection[Key] | None) -> QuerySet[Any]:
    found, table = _of(provider_id, TABLES[kind]), TABLES[kind]
    if keys is not None and len(keys) <= FEW:
        last = KINDS[kind].names[-1]
        found = found.filter(**{f"{table.paths[last]}__in": {key[-1] for key in keys}})
    return found.order_by(*(table.paths[name] for name in KINDS[kind].names))


def _values(rows: QuerySet[Any], kind: str) -> Iterable[Values]:
    table = TABLES[kind]
    paths = list(table.paths.values()) + ([] if kind == CAPACITY.key else ["retired_at"])
    make: Callable[[Values], Values] = _package if kind == PACKAGE.key else _plain
    for row in rows.values_list(*paths).iterator(chunk_size=2000):
        values = dict(zip(table.paths, row, strict=False))
        if kind != CAPACITY.key:
            values["is_shown"] = row[-1] is None
        yield make(values)


def _plain(values: Values) -> Values:
    return values


def _package(values: Values) -> Values:
    """A package's terms as columns."""
    terms = values.pop("terms")
    return values | {column: terms.get(key, empty) for column, (key, empty) in TERMS.items()}


def terms_of(values: Values) -> Values:
    """A package's columns as terms, as the form of an offer writes them."""
    return {key: values.get(column, empty) for column, (key, empty) in TERMS.items()}
