"""The second half of the first gate: each resource beside the official JSON schema of its own type.

One validator for each type, because the schema's choice among all resources answers "none of 146 fits".
"""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

import jsonschema_rs
import orjson

from clearpath.records.check import definitions, shapes
from clearpath.records.check.contained import of as contained_in
from clearpath.records.check.definitions import Json, kind_of
from clearpath.records.check.findings import MOST_OF_A_RULE, Finding, Findings
from clearpath.records.check.values import shown

MOST_OF_A_LIST = 100
SMALL = 100_000  # bytes
Way = tuple[str | int, ...]
FORMATS = {
    "date": "a date such as 2026-06-01, 2026-06 or 2026",
    "dateTime": "a date, or a date and time with its time zone, such as 2026-06-01T12:00:00Z",
    "instant": "a date and time with its time zone, such as 2026-06-01T12:00:00Z",
    "time": "a time such as 12:00:00",
    "id": "1 to 64 letters, digits, hyphens and dots",
    "code": "a code without spaces at either end and without two spaces together",
    "uri": "a URI, without spaces",
    "url": "a URL, without spaces",
    "canonical": "a URL, without spaces",
    "oid": "an OID such as urn:oid:1.2.3",
    "uuid": "a UUID in small letters such as urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
    "string": "a text that is not empty",
    "markdown": "a text that is not empty",
}


@cache
def validator(resource_type: str) -> Any:
    return jsonschema_rs.validator_for(definitions.schema(resource_type))


def check(resource: Json, findings: Findings, named: str, base: Way = ()) -> None:
    """The resource and every resource in it."""
    for each, way in _resources(resource, base):
        kind = kind_of(each)
        if not kind:
            told = each.get("resourceType")
            says = f"{shown(told)} is no resource of FHIR R4." if told else "“resourceType” is missing here."
            findings.add(_finding("resource-type", named, way, says))
            continue
        alone = _without_entries(each) if kind == "Bundle" else each
        try:
            if not validator(kind).is_valid(alone):
                _explain(kind, alone, findings, named, way)
        except ValueError:  # what Rust cannot hold
            findings.add(_finding("json", named, way, "This holds a text or a number that JSON should not."))


def _explain(kind: str, resource: Json, findings: Findings, named: str, way: Way) -> None:
    before = len(findings.found)
    for piece, key, offset in _pieces(resource):
        for error in islice(validator(kind).iter_errors(piece), MOST_OF_A_RULE):
            for rule, where, says in _told(error, piece):
                if key and len(where) < 2 and rule in {"unknown", "cardinality"}:
                    continue  # of the resource as a whole, which this piece is not
                if findings.told(rule):
                    continue
                if key and len(where) > 1 and isinstance(where[1], int):
                    where[1] += offset
                findings.add(_finding(rule, named, (*way, *shapes.names_of(resource, where)), says))
    if len(findings.found) == before:
        _explain_first(kind, resource, findings, named, way)


def _explain_first(kind: str, resource: Json, findings: Findings, named: str, way: Way) -> None:
    """What is wrong beyond the beginning of every list, where nothing is wrong before."""
    try:
        validator(kind).validate(resource)
    except jsonschema_rs.ValidationError as error:
        for rule, where, says in _told(error, resource):
            findings.add(_finding(rule, named, (*way, *shapes.names_of(resource, where)), says))


def _pieces(resource: Json) -> Iterator[tuple[Json, str, int]]:
    """The resource; a long one in pieces, for the validator holds a copy of what is wrong for every error at once.

    With each piece the key that it holds a part of, and the number of its first item.
    """
    longest = max((len(each) for each in resource.values() if isinstance(each, dict | list)), default=0)
    if longest <= MOST_OF_A_LIST and len(resource) <= MOST_OF_A_LIST and len(orjson.dumps(resource)) < SMALL:
        yield resource, "", 0
        return
    kind = resource["resourceType"]
    yield (
        {key: each for key, each in islice(resource.items(), MOST_OF_A_LIST) if not isinstance(each, dict | list)},
        "",
        0,
    )
    for key, value in resource.items():
        if isinstance(value, list):
            for start in range(0, len(value), MOST_OF_A_LIST):
                yield (
                    {"resourceType": kind, key: [_cut(each) for each in value[start : start + MOST_OF_A_LIST]]},
                    key,
                    start,
                )
        elif isinstance(value, dict):
            yield {"resourceType": kind, key: _cut(value)}, key, 0


def _cut(value: Any) -> Any:
    """The value with no more than the beginning of every list in it."""
    if isinstance(value, dict):
        return {key: _cut(each) for key, each in islice(value.items(), MOST_OF_A_LIST)}
    return [_cut(each) for each in value[:MOST_OF_A_LIST]] if isinstance(value, list) else value


def _resources(resource: Json, base: Way) -> Iterator[tuple[Json, Way]]:
    """Itself, and those in its entries, parameters and `contained`, each with its way there."""
    yield resource, base
    for number, each in enumerate(contained_in(resource)):
        yield from _resources(each, (*base, "contained", number))
    kind = kind_of(resource)
    if kind == "Bundle":
        for number, entry in _objects(resource.get("entry")):
            if isinstance(inner := entry.get("resource"), dict):
                yield from _resources(inner, (*base, "entry", number, "resource"))
            response = entry.get("response")
            if isinstance(response, dict) and isinstance(inner := response.get("outcome"), dict):
                yield from _resources(inner, (*base, "entry", number, "response", "outcome"))
    elif kind == "Parameters":
        yield from _parameters(resource.get("parameter"), (*base, "parameter"))


def _parameters(given: Any, base: Way) -> Iterator[tuple[Json, Way]]:
    for number, each in _objects(given):
        if isinstance(inner := each.get("resource"), dict):
            yield from _resources(inner, (*base, number, "resource"))
        yield from _parameters(each.get("part"), (*base, number, "part"))


def _objects(given: Any) -> Iterator[tuple[int, Json]]:
    return (
        (number, each) for number, each in enumerate(given if isinstance(given, list) else []) if isinstance(each, dict)
    )


def _without_entries(bundle: Json) -> Json:
    """Every entry with an empty resource: what it holds has met its own schema, and need not be looked at again."""
    given = bundle.get("entry")
    if not isinstance(given, list):
        return bundle
    bare = [
        {**each, "resource": {}} if isinstance(each, dict) and isinstance(each.get("resource"), dict) else each
        for each in given
    ]
    return {**bundle, "entry": bare}


def _finding(rule: str, named: str, way: Way, says: str) -> Finding:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in way)
    return Finding("error", rule, f"{named}{path}", says, 1)


# --- schema errors in plain words ----------------------------------------------------------------------------------


def _told(error: Any, resource: Json) -> Iterator[tuple[str, list[str | int], str]]:
    """Rule, where, and a sentence; nothing where JSON in FHIR may do what the schema does not foresee."""
    where, kind = list(error.instance_path), error.kind
    name = next((str(step) for step in reversed(where) if isinstance(step, str)), "")
    match kind.name:
        case "additionalProperties":
            for each in kind.unexpected[:MOST_OF_A_RULE]:
                yield "unknown", [*where, each], f"“{each[:60]}” is not known here: FHIR R4 has no such element."
        case "required":
            yield "cardinality", [*where, kind.property], f"“{kind.property}” is missing: it must be there."
        case "type":
            value = error.instance
            if value is None and _has_sibling(resource, where):
                return
            yield "type", where, f"“{name}” must be {_type_named(kind)}, and is {_json_kind(value)}."
        case "pattern":
            if says := FORMATS.get(_primitive(error)):  # else a number or true, whose type is told already
                yield "format", where, f"{shown(error.instance)} is not a valid “{name}”: it must be {says}."
        case "enum":
            options = kind.options if isinstance(kind.options, list) else []
            some = ", ".join(str(each) for each in options[:12])
            yield (
                "binding",
                where,
                f"{shown(error.instance)} is not allowed here: use one of {some}{'…' if len(options) > 12 else ''}.",
            )
        case _:
            yield "structure", where, f"“{name}” does not have the structure that FHIR R4 asks for."


def _has_sibling(resource: Any, where: list[str | int]) -> bool:
    """A value may be null where its extensions stand beside it, in a list of the same length."""
    *above, name, number = where if len(where) > 1 and isinstance(where[-1], int) else [*where, -1]
    for step in above:
        resource = resource[step]
    siblings = resource.get(f"_{name}") if isinstance(resource, dict) else None
    return (
        isinstance(siblings, list)
        and isinstance(number, int)
        and 0 <= number < len(siblings)
        and bool(siblings[number])
    )


def _type_named(kind: Any) -> str:
    wanted = kind.types[0] if getattr(kind, "types", None) else "of another type"
    known = {
        "array": "a list",
        "string": "a text",
        "number": "a number",
        "boolean": "true or false",
        "object": "an object",
    }
    return known.get(str(wanted), str(wanted))


def _json_kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    kinds = {str: "a text", list: "a list", dict: "an object", int: "a number", float: "a number"}
    return kinds.get(type(value), "null")


def _primitive(error: Any) -> str:
    """The primitive type whose pattern was broken, as the schema's own path tells it."""
    pattern = error.kind.pattern
    return next((name for name, each in _patterns() if each == pattern), "")


@cache
def _patterns() -> tuple[tuple[str, str], ...]:
    shared = definitions.schema("Patient")["definitions"]
    return tuple((name, each["pattern"]) for name, each in shared.items() if name in FORMATS and "pattern" in each)
