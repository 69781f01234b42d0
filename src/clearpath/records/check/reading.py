"""The first half of the first gate: bytes to a resource, or why they are none.

What is read is only looked at: nothing writes it back, so the bytes as received stay what they are.
"""

import json
from collections import Counter
from functools import cached_property
from typing import Any

import orjson

from clearpath.records.check.definitions import Json, kind_of
from clearpath.records.check.findings import Finding

MOST_BYTES = 64 * 1024 * 1024
MEMORY_OF_OBJECT, MEMORY_OF_LIST = 240, 72  # bytes that Python needs for an object with one key, for an empty list
MOST_MEMORY = 10  # times the bytes; the real bundles, without white space, need up to 6 for their objects and lists
OTHERS = bytes(each for each in range(256) if each not in b'":')
SPACE = b" \t\r\n"


class Parsed:
    """JSON, read once for everybody who looks at it. Raises orjson.JSONDecodeError."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.root: Any = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))

    @cached_property
    def again(self) -> bytes:
        """What was read, written anew. Raises TypeError where that cannot be."""
        return orjson.dumps(self.root)

    @cached_property
    def is_lossless(self) -> bool:
        """Whether what was read says all that the bytes say: every digit, and no key twice. Raises TypeError."""
        given = self.content.removeprefix(b"\xef\xbb\xbf")
        return given.translate(None, SPACE) == self.again.translate(None, SPACE)


def read(given: bytes | Parsed) -> tuple[Json | None, list[Finding]]:
    """The resource, and what is wrong with its JSON. No resource where nothing sure can be read."""
    content = given if isinstance(given, bytes) else given.content
    if len(content) > MOST_BYTES:
        return None, [_json("size", f"This file has more than {MOST_BYTES // 2**20} MB: send it in parts.")]
    if len(content) > 2**20 and _mostly_brackets(content):
        return None, [_json("size", "This file is nearly only brackets: it holds no records.")]
    try:
        parsed = Parsed(given) if isinstance(given, bytes) else given
        repeats = not parsed.is_lossless and _may_repeat_keys(content, parsed.again)
    except orjson.JSONDecodeError as error:
        return None, [_json("json", _why(error))]
    except TypeError:
        return None, [TOO_DEEP]
    found = _duplicates(content) if repeats else []
    refused = _why_no_resource(parsed.root)
    return (None, [*found, refused]) if refused else (parsed.root, found)


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

    Every key has quotation marks and a colon. Where there are as many of them in what was read as in the bytes, none
    was dropped: those in texts are in both, unless an escape hides them.
    """
    return b"\\u00" in content or len(content.translate(None, OTHERS)) != len(again.translate(None, OTHERS))


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
