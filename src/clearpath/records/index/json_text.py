"""JSON cut into pieces without losing a character: numbers keep their digits, strings their escapes."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NoReturn

Json = dict[str, Any]

_space = re.compile(r"[ \t\n\r]*")
_reference = re.compile(rb'("reference"[ \t\n\r]*:[ \t\n\r]*)("(?:[^"\\]|\\.)*")')


def _not_json(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


_decoder = json.JSONDecoder(parse_constant=_not_json)


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object: its value, and where name and value stand in the text."""

    value: Any
    start: int  # of the quoted name
    value_start: int
    end: int  # behind the value


def members(text: str, start: int = 0) -> tuple[dict[str, Member], int]:
    """The members of the object that begins at `start`, and where it ends. Raises ValueError, RecursionError.

    Of a name that stands twice the last one counts, as in every reader of JSON.
    """
    at = _skip(text, start)
    _expect(text, at, "{")
    found: dict[str, Member] = {}
    at = _skip(text, at + 1)
    if text[at : at + 1] == "}":
        return found, at + 1
    while True:
        _expect(text, at, '"')
        name, after = scanstring(text, at + 1)
        colon = _skip(text, after)
        _expect(text, colon, ":")
        value_start = _skip(text, colon + 1)
        value, end = _value(text, value_start)
        found[name] = Member(value, at, value_start, end)
        at = _skip(text, end)
        if text[at : at + 1] == "}":
            return found, at + 1
        _expect(text, at, ",")
        at = _skip(text, at + 1)


def objects(text: str, start: int) -> list[tuple[dict[str, Member], int, int]]:
    """Each object of the array that begins at `start`: its members, where it begins and ends; the rest is skipped."""
    found = []
    at = _skip(text, start + 1)
    while text[at : at + 1] not in {"]", ""}:
        if text[at] == "{":
            inside, end = members(text, at)
            found.append((inside, at, end))
        else:
            _value_found, end = _value(text, at)
        at = _skip(text, end)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
    return found


def with_members(text: str, given: Mapping[str, Member], first: Mapping[str, Any]) -> str:
    """The object with the members `first` in front, in place of its own of these names; all others as they stand."""
    own = [f"{json.dumps(name)}:{_dumped(value)}" for name, value in first.items()]
    kept = [text[each.start : each.end] for name, each in given.items() if name not in first]
    return "{" + ",".join([*own, *kept]) + "}"


def with_references(text: bytes, target: Callable[[str], str]) -> bytes:
    """The text with each reference that it holds replaced by what `target` says of it ("": as it stands)."""

    def replaced(found: re.Match[bytes]) -> bytes:
        sent = found[2]
        new = target(json.loads(sent) if b"\\" in sent else sent[1:-1].decode("utf-8", "surrogatepass"))
        return b'%s"%s"' % (found[1], new.encode()) if new else found[0]

    return _reference.sub(replaced, text)


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _value(text: str, at: int) -> tuple[Any, int]:
    try:
        return _decoder.raw_decode(text, at)
    except StopIteration:  # pragma: no cover - raw_decode turns it into ValueError
        raise ValueError("a value is missing") from None


def _skip(text: str, at: int) -> int:
    found = _space.match(text, at)
    return found.end() if found else at


def _expect(text: str, at: int, sign: str) -> None:
    if text[at : at + 1] != sign:
        raise ValueError(f"{sign} is missing at {at}")
