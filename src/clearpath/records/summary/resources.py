"""The resources of what was sent, and how they point at each other.

Real bundles are dirty: parts are missing, have another type, or point nowhere. Nothing here raises for that.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

Json = dict[str, Any]

DEEPEST_BUNDLE = 3  # bundles inside bundles; real senders use two
# A number becomes a text before it is parsed, or 1.50 would be shown as 1.5. The bytes `"value":` cannot stand inside
# a JSON string, where a quote is escaped.
NUMBERS = re.compile(rb'("value(?:Decimal)?"\s*:\s*)(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?=[\s,}\]])')


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource of a bundle. `number` is its place, counted from 0 through bundles inside the bundle too."""

    number: int
    url: str
    resource: Json


def parsed(content: bytes) -> Json | None:
    """A FHIR resource or bundle, its quantities as texts with the precision sent; None when the bytes are none."""
    content = NUMBERS.sub(rb'\1"\2"', content.removeprefix(b"\xef\xbb\xbf"))
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        found = _leniently(content)
    return found if isinstance(found, dict) and isinstance(found.get("resourceType"), str) else None


def _leniently(content: bytes) -> Any:
    """What the strict reader refuses and Python's takes: NaN, half a surrogate, bytes that are no UTF-8."""
    try:
        found = json.loads(content.decode("utf-8", "replace"))
        return json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


class Resources:
    """The resources of a bundle (or the one resource given), and what each reference names."""

    def __init__(self, root: Json) -> None:
        self.entries = list(_entries(root)) or [Entry(0, "", root)]
        self._by_url: dict[str, Entry] = {}
        for entry in self.entries:
            self._by_url.setdefault(f"{entry.resource.get('resourceType')}/{entry.resource.get('id')}", entry)
            if entry.url:
                self._by_url.setdefault(entry.url, entry)

    def of_type(self, *types: str) -> Iterator[Entry]:
        return (each for each in self.entries if each.resource.get("resourceType") in types)

    def named(self, reference: Any) -> Entry | None:
        """The entry that a reference names; None when it is not in the bundle."""
        url = dict_of(reference).get("reference")
        if not isinstance(url, str):
            return None
        return self._by_url.get(url) or self._by_url.get("/".join(url.split("/_history/")[0].split("/")[-2:]))

    def follow(self, reference: Any, inside: Json) -> Json:
        """The resource that a reference names: in the bundle, or contained in `inside`. Empty when it is not sent."""
        url = dict_of(reference).get("reference")
        if isinstance(url, str) and url.startswith("#"):
            return next((each for each in dicts(inside.get("contained")) if each.get("id") == url[1:]), {})
        entry = self.named(reference)
        return entry.resource if entry else {}


def _entries(root: Json) -> Iterator[Entry]:
    yield from (Entry(number, url, each) for number, (url, each) in enumerate(_flat(root, DEEPEST_BUNDLE)))


def _flat(bundle: Json, depth: int) -> Iterator[tuple[str, Json]]:
    for entry in dicts(bundle.get("entry")):
        resource = entry.get("resource")
        if not isinstance(resource, dict):
            continue
        if resource.get("resourceType") == "Bundle" and depth > 1:
            yield from _flat(resource, depth - 1)
        else:
            url = entry.get("fullUrl")
            yield url if isinstance(url, str) else "", resource


def text_of(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def dict_of(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def dicts(value: Any) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def first(value: Any) -> Json:
    """The first object of a list, or the object itself where somebody left the list out; empty without one."""
    return value if isinstance(value, dict) else next(iter(dicts(value)), {})
