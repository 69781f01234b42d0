"""Resources inside another: rules dom-2 to dom-5, asked only where there are any."""

import re
from typing import TYPE_CHECKING

import orjson

from clearpath.records.check.definitions import Json

if TYPE_CHECKING:
    from clearpath.records.check.walk import At, Path

POINTER = re.compile(rb'"#([^"\\]+)"')


def of(resource: Json) -> list[Json]:
    given = resource.get("contained")
    return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []


def by_id(resource: Json) -> dict[str, Json]:
    return {each["id"]: each for each in reversed(of(resource)) if isinstance(each.get("id"), str)}


def check(resource: Json, path: "Path", at: "At") -> None:
    pointed_at = set(POINTER.findall(orjson.dumps(resource)))
    for number, inner in enumerate(of(resource)):
        where = ((path, "contained"), number)
        meta = inner.get("meta")
        meta = meta if isinstance(meta, dict) else {}
        if of(inner):
            at.add("error", "dom-2", where, "A contained resource may not contain others.")
        if str(inner.get("id")).encode() not in pointed_at and b'"#"' not in orjson.dumps(inner):
            at.add("error", "dom-3", where, "Nothing refers to this contained resource: it has no meaning of its own.")
        if "versionId" in meta or "lastUpdated" in meta:
            at.add("error", "dom-4", where, "A contained resource has no version and no time of change of its own.")
        if "security" in meta:
            at.add("error", "dom-5", where, "A contained resource has no security label of its own.")
