"""The first half of the first gate: bytes to a resource, or why they are none.

What is read is only looked at: nothing writes it back, so the bytes as received stay what they are.
"""

import json
from collections import Counter
from typing import Any

import orjson

from clearpath.records.check.definitions import Json, kind_of
from clearpath.records.check.findings import Finding

MOST_BYTES = 64 * 1024 * 1024
MEMORY_OF_OBJECT, MEMORY_OF_LIST = 240, 72  # bytes that Python needs for an object with one key, for an empty list
MOST_MEMORY = 10  # times the bytes; the real bundles, without white space, need up to 6 for their objects and lists
SPACE = b" \t\r\n"


def read(content: bytes) -> tuple[Json | None, list[Finding]]:
    """The resource, and what is wrong with its JSON. No resource where nothing sure can be read."""
    if len(content) > MOST_BYTES:
        return None, [_json("size", f"This file has more than {MOST_BYTES // 2**20} MB: send it in parts.")]
    if len(content) > 2**20 and _mostly_brackets(content):
        return None, [_json("size", "This file is nearly only brackets: it holds no records.")]
    try:
        given = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
        again = orjson.dumps(given)
    except orjson.JSONDecodeError as error:
        return None, [_json("json", _why(error))]
    except TypeError:
        return None, [TOO_DEEP]
    found = _duplicates(content) if _may_repeat_keys(content, again) else []
    refused = _why_no_resource(given)
    return (None, [*found, refused]) if refused else (given, found)


def why_not_this(resource: Any) -> Finding | None:
    """Why something that was read elsewhere cannot be checked; None where it can."""
    try:
        orjson.dumps(resource)
    except TypeError:
        return TOO_DEEP
    return _why_no_resource(resource)


def _why_no_resource(given: Any) -> Finding | None:
    if not isinstance(given, dict):
        return _json("json", f"This JSON is {_kind(given)}, where a FHIR resource is an object.")
    if not kind_of(given):
        return _json("resource-type", _not_a_resource(given.get("resourceType")))
    return None


def _json(rule: str, says: str, path: str = "") -> Finding:
    return Finding("error", rule, path, says, 1)


# orjson writes 254 levels and whole numbers of 64 bits; the deepest of sixty real bundles has 19 levels.
TOO_DEEP = _json("depth", "This JSON is nested deeper than 254 levels, or holds a number beyond 64 bits.")


def _why(error: orjson.JSONDecodeError) -> str:
    if not error.doc:
        return "This is not JSON: the file is empty, or its text is not UTF-8."
    return f"This is not JSON: line {error.lineno}, column {error.colno}: {error.msg.partition(':')[0]}."


def _kind(given: Any) -> str:
    return {list: "a list", str: "a text", bool: "true or false", type(None): "null"}.get(type(given), "a number")


def _not_a_resource(kind: Any) -> str:
    if kind is None:
        return "“resourceType” is missing: this is JSON, but not a FHIR resource."
    return f"“{str(kind)[:60]}” is no resource of FHIR R4."


def _mostly_brackets(content: bytes) -> bool:
    """Whether Python would need many times the memory of the file to hold it."""
    return content.count(b"{") * MEMORY_OF_OBJECT + content.count(b"[") * MEMORY_OF_LIST > MOST_MEMORY * len(content)


def _may_repeat_keys(content: bytes, again: bytes) -> bool:
    """False only where no object can hold a key twice.

    Every key ends in a quotation mark and a colon. Where there are as many of them in what was read as in the bytes,
    none was dropped: a text that holds the two is in both, unless an escape hides it.
    """
    return b"\\u00" in content or content.translate(None, SPACE).count(b'":') != again.count(b'":')


def _duplicates(content: bytes) -> list[Finding]:
    repeated: dict[int, list[str]] = {}  # by the identity of the object

    def note(pairs: list[tuple[str, Any]]) -> Json:
        made = dict(pairs)
        if len(made) < len(pairs):
            repeated[id(made)] = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
        return made

    whole = json.loads(content.removeprefix(b"\xef\xbb\xbf"), object_pairs_hook=note)
    found, waiting = [], [("", whole)]
    while waiting and repeated:
        path, each = waiting.pop()
        if isinstance(each, dict):
            for key in repeated.get(id(each), ()):
                says = f"“{key[:60]}” stands twice in one object: only one of them can be read."
                found.append(_json("duplicate-key", says, f"{path or each.get('resourceType', '')}.{key}"))
            below = [(f"{path or each.get('resourceType', '')}.{key}", value) for key, value in each.items()]
        else:
            below = [(f"{path}[{number}]", value) for number, value in enumerate(each)]
        waiting += [(way, value) for way, value in reversed(below) if isinstance(value, dict | list)]
    return found
