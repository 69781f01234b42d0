"""One entry of a record as plain fields: whatever was sent, name by name, with every code beside its words."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from clearpath.records.summary.resources import Json, Resources, dict_of, dicts, text_of
from clearpath.records.summary.sayings import human_name, plain, system_name, unit

DEEPEST = 24
MOST_FIELDS = 3_000
LONGEST = 4_000  # characters of one field
NOT_FIELDS = {"resourceType", "text", "coding", "div"}


@dataclass(frozen=True, slots=True)
class Field:
    """A name, its value in words and, where it points to another entry of the record, which one."""

    name: str
    value: str
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """One entry. `html` is the sender's own text: untrusted markup."""

    number: int
    kind: str
    url: str
    fields: tuple[Field, ...]
    is_cut: bool
    html: str
    raw: str


def opened(root: Json, content: bytes, number: int) -> Opened | None:
    """An entry of a record by its place; None when it has no such entry."""
    resources = Resources(root)
    if not 0 <= number < len(resources.entries):
        return None
    entry = resources.entries[number]
    fields: list[Field] = []
    for each in _fields(entry.resource, "", resources, DEEPEST):
        fields.append(each)
        if len(fields) == MOST_FIELDS:
            break
    return Opened(
        number,
        text_of(entry.resource.get("resourceType")),
        entry.url,
        tuple(fields),
        len(fields) == MOST_FIELDS,
        "".join(_texts(entry.resource, DEEPEST)),
        raw_of(content, number),
    )


def _texts(resource: Json, depth: int) -> Iterator[str]:
    """The sender's own text of a resource, then of each section of a document under its title."""
    html = dict_of(resource.get("text")).get("div")
    if isinstance(html, str):
        yield html
    for section in dicts(resource.get("section")) if depth else ():
        yield f"<p><b>{escape(text_of(section.get('title')))}</b></p>"
        yield from _texts(section, depth - 1)


def _fields(value: Any, name: str, resources: Resources, depth: int) -> Iterator[Field]:
    if isinstance(value, Mapping):
        whole = _whole(value)
        if whole:
            target = resources.named(value)
            yield Field(name, whole, target.number if target else None)
        for each in dicts(value.get("coding")):
            if told := _coding(each):
                yield Field(name, told)
        if depth:
            for key, inner in value.items():
                if key not in NOT_FIELDS and not (whole and key in WHOLE):
                    yield from _fields(
                        inner, f"{name} › {_spoken(key)}" if name else _spoken(key), resources, depth - 1
                    )
            if "text" in value and not isinstance(value["text"], Mapping) and not whole:
                yield from _fields(value["text"], name, resources, depth - 1)
    elif isinstance(value, list):
        for each in value:
            yield from _fields(each, name, resources, depth)
    elif told := plain(value)[:LONGEST]:
        yield Field(name, told)


# What `_whole` says in one piece.
WHOLE = {"value", "unit", "code", "system", "comparator", "reference", "display", "family", "given", "start", "end",
         "currency", "text"}  # fmt: skip


def _whole(value: Mapping[str, Any]) -> str:
    """A quantity, reference, name, period or coding in one piece; "" for anything else."""
    found = dict(value)
    nested = {key for key, inner in found.items() if isinstance(inner, dict | list)}
    if not nested <= {"given", "prefix", "suffix", "identifier", "extension"}:
        return ""
    keys = {key for key in found if key not in {"id", "extension"}}
    if not keys or not keys <= WHOLE | {"type", "use", "identifier", "version", "userSelected", "prefix", "suffix"}:
        return ""
    if "value" in keys and keys <= {"value", "unit", "code", "system", "comparator", "currency"}:
        told = f"{text_of(found.get('comparator'))}{plain(found.get('value'))} {unit(found)}".strip()
        return " ".join(filter(None, [told, text_of(found.get("currency"))]))
    if "reference" in keys or (keys <= {"display", "type", "identifier"} and "display" in keys):
        return " · ".join(filter(None, [text_of(found.get("display")), text_of(found.get("reference"))]))
    if keys & {"family", "given"}:
        return human_name(found)
    if keys <= {"start", "end"}:
        return f"{text_of(found.get('start')) or '…'} - {text_of(found.get('end')) or '…'}"
    if "code" in keys and keys <= {"code", "system", "display", "version", "userSelected"}:
        return _coding(found)
    return ""


def _coding(value: Mapping[str, Any]) -> str:
    code, display = text_of(value.get("code")), text_of(value.get("display"))
    system = system_name(text_of(value.get("system")))
    beside = f"{system} {code}".strip()
    return f"{display} ({beside})" if display and beside else display or beside


def _spoken(key: str) -> str:
    """`medicationCodeableConcept` as people read it: Medication codeable concept."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key.removeprefix("_")).capitalize()


MARK = "\ue000"  # a private character, around each number while it is a text


def raw_of(content: bytes, number: int) -> str:
    """The JSON of one entry, laid out anew with every number as it was sent; "" when it is too deep to lay out."""
    try:
        marked = json.loads(content.decode("utf-8-sig", "replace"), parse_float=_marked, parse_int=_marked)
        laid_out = json.dumps(Resources(marked).entries[number].resource, indent=2, ensure_ascii=False)
    except (ValueError, RecursionError, IndexError):
        return ""
    readable = laid_out.encode("utf-8", "replace").decode()
    return re.sub(f'"{MARK}([^"{MARK}]*){MARK}"', r"\1", readable)


def _marked(number: str) -> str:
    return f"{MARK}{number}{MARK}"
