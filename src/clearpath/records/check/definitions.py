"""HL7's definitions, each read when it is first asked for: types, profiles, JSON schemas and value sets.

`tools/make_definitions.py` makes what stands in `data`, and `data/README.md` tells where it comes from.

A definition is a tree of nodes. A node holds, where it says something: `min` and `max`; `types`, each a list of code,
profiles and targets; `choice` for an element such as `value[x]`; `codes`, the value set that binds it; `fixed` and
`pattern`; `rules`, each a list of key, severity, sentence, expression, and the expression as nested lists; `of`, its
children; `same`, the way to the node whose children it shares; `by` and `slices`, how its items are told apart.
"""

import json
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal
from zipfile import ZipFile

Json = dict[str, Any]
Codes = dict[str, frozenset[str]]  # by code system
Source = Literal["r4", "ips"]
DATA = Path(__file__).parent / "data"


@cache
def _archive(source: Source) -> tuple[ZipFile, frozenset[str]]:
    archive = ZipFile(BytesIO((DATA / f"{source}.zip").read_bytes()))  # in memory: processes would share an open file
    return archive, frozenset(archive.namelist())


def _document(source: Source, name: str) -> Any:
    archive, names = _archive(source)
    return json.loads(archive.read(f"{name}.json")) if f"{name}.json" in names else None


@cache
def resource_types() -> frozenset[str]:
    """The resources of FHIR R4, each by the name that stands in `resourceType`."""
    return frozenset(_document("r4", "resources"))


def kind_of(resource: Any) -> str:
    """The resource type of what may be a resource; empty where it is none of R4."""
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    return kind if isinstance(kind, str) and kind in resource_types() else ""


@cache
def profiles() -> dict[str, str]:
    """The type that each known profile narrows, by the profile's URL."""
    return {**_document("ips", "profiles"), **dict.fromkeys(_QUANTITIES, "Quantity")}


_QUANTITIES = tuple(f"http://hl7.org/fhir/StructureDefinition/{name}" for name in ("SimpleQuantity", "MoneyQuantity"))


@cache
def type_node(name: str) -> Json | None:
    """The root node of a type or resource; None where there is no such type."""
    document = _document("r4", f"type/{name}")
    return document["root"] if document else None


@cache
def profile_node(url: str) -> Json | None:
    """The root node of a profile; None where the profile does not ship."""
    if url in _QUANTITIES:
        return type_node(url.rsplit("/", 1)[1])
    if url not in profiles():
        return None
    root: Json = _document("ips", f"profile/{url.rsplit('/', 1)[1]}")["root"]
    return root


@cache
def codes(value_set: str) -> Codes:
    """The codes of a value set by their system; empty where it does not ship."""
    document = _document("r4", f"codes/{value_set}") or _document("ips", f"codes/{value_set}") or {}
    return {system: frozenset(values) for system, values in document.items()}


@cache
def schema(resource_type: str) -> Json:
    """The official JSON schema of one resource type. Resources inside it are free: each meets its own schema."""
    return {
        "$schema": "http://json-schema.org/draft-06/schema#",
        "$ref": f"#/definitions/{resource_type}",
        "definitions": {**_shared_schemas(), **_document("r4", f"schema/{resource_type}")},
    }


@cache
def _shared_schemas() -> Json:
    shared: Json = _document("r4", "schema/types")
    return shared
