"""Where a reference leads inside a bundle, and whether it may lead there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from clearpath.records.check.definitions import Json, profiles, resource_types

RESTFUL = re.compile(
    r"(?:(?P<base>https?://.*)/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9\-.]{1,64})(?:/_history/.*)?\Z"
)


@dataclass(slots=True)
class Place:
    """A resource of the bundle and where it stands."""

    resource: Json
    path: Any
    full_url: str


@dataclass(slots=True)
class Index:
    """The entries of a bundle by what references call them."""

    by_url: dict[str, Place] = field(default_factory=dict)
    by_id: dict[str, Place] = field(default_factory=dict)
    full_urls: dict[int, str] = field(default_factory=dict)  # by the identity of the resource

    def place(self, reference: str, base: str = "") -> Place | None:
        """What a reference from an entry with the full URL `base` leads to; None where it leads out of the bundle."""
        reference = reference.partition("|")[0].partition("#")[0]
        if found := self.by_url.get(reference):
            return found
        match = RESTFUL.match(reference)
        if match is None:
            return None
        named = f"{match['type']}/{match['id']}"
        if match["base"]:
            return self.by_url.get(f"{match['base']}/{named}")
        from_base = RESTFUL.match(base)
        if from_base and from_base["base"] and (found := self.by_url.get(f"{from_base['base']}/{named}")):
            return found
        return self.by_id.get(named)


def index_of(bundle: Json, path: Any) -> Index:
    index = Index()
    for resource, full_url, at in entries(bundle, path):
        place = Place(resource, at, full_url)
        index.full_urls[id(resource)] = full_url
        if full_url:
            index.by_url.setdefault(full_url, place)
        if isinstance(resource.get("id"), str):
            index.by_id.setdefault(f"{resource.get('resourceType')}/{resource['id']}", place)
    return index


def entries(bundle: Json, path: Any) -> Iterator[tuple[Json, str, Any]]:
    given = bundle.get("entry")
    for at, entry in enumerate(given if isinstance(given, list) else []):
        if isinstance(entry, dict) and isinstance(entry.get("resource"), dict):
            full_url = entry.get("fullUrl")
            where = (((path, "entry"), at), "resource")
            yield entry["resource"], full_url if isinstance(full_url, str) else "", where


def type_named(reference: Json) -> str:
    """The type that a reference itself tells: by its URL or its `type`; empty where it tells none."""
    url, told = reference.get("reference"), reference.get("type")
    match = RESTFUL.match(url) if isinstance(url, str) else None
    if match and match["type"] in resource_types():
        return match["type"]
    return told if isinstance(told, str) and told in resource_types() else ""


@cache
def allowed_types(targets: tuple[str, ...]) -> frozenset[str]:
    """The resource types that targets allow; empty where they allow any."""
    types = [profiles().get(each, each) for each in targets]
    return frozenset() if any(each in {"Resource", "Any"} or "/" in each for each in types) else frozenset(types)
