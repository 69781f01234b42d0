"""What a resource can be found by: its terms, and the days on which it was so.

A term is `type parameter value`, with the value written as a client asks for it: `http://loinc.org|718-7`, `718-7`,
`|718-7` (a code without system), `http://loinc.org|` (any code of an identifier's system); of a reference the key of a
resource here, or the whole reference that leads elsewhere; of a text each beginning of each word, folded.
"""

import hashlib
import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache, lru_cache
from typing import Any

from clearpath.records.index.offered import Kind, Offered
from clearpath.trust.keys import index_keys

Json = dict[str, Any]
Days = tuple[date, date]

LONGEST_BEGINNING = 24  # characters of a word; who asks for more is answered by these
_FULL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T.*)?", re.DOTALL)
LOCAL = re.compile(r"[A-Z][A-Za-z]+/([A-Za-z0-9.-]{1,64})(?:/_history/[A-Za-z0-9.-]{1,64})?")


def _as_it_stands(reference: str) -> str:
    return reference


def terms_of(
    type_name: str, offered: Offered, resource: Json, leads_to: Callable[[str], str] = _as_it_stands
) -> set[str]:
    """Every term of a resource; `leads_to` says where a reference leads here, where that is not what stands there."""
    found: set[str] = set()
    for name, parameter in offered.parameters.items():
        if parameter.kind != "date":
            with_system = name == "identifier"
            for path in parameter.paths:
                for value in at_path(resource, path):
                    said = _values_of(parameter.kind, value, with_system=with_system, leads_to=leads_to)
                    found.update([f"{type_name} {name} {each}" for each in said])
    return found


def _values_of(kind: Kind, value: Any, *, with_system: bool, leads_to: Callable[[str], str]) -> Iterator[str]:
    """What a client may ask for to find a resource by this value."""
    if kind == "reference":
        return _of_reference(value, leads_to)
    return _of_text(value) if kind == "string" else _of_token(value, with_system=with_system)


def references_of(paths: tuple[str, ...], resource: Json) -> list[str]:
    """The references that stand in these members."""
    found = (each for path in paths for each in at_path(resource, path) if isinstance(each, dict))
    return [each["reference"] for each in found if isinstance(each.get("reference"), str)]


def days_of(offered: Offered, resource: Json) -> Days | None:
    """The first and the last day of what the type's date says; None where it says nothing that can be read."""
    if not offered.date:
        return None
    for found in (each for path in offered.parameters[offered.date].paths for each in at_path(resource, path)):
        if isinstance(found, str) and (days := days_from(found)):
            return days
        if isinstance(found, dict):
            first, last = days_from(str(found.get("start", ""))), days_from(str(found.get("end", "")))
            if first or last:
                return (first[0] if first else date.min, last[1] if last else date.max)
    return None


@lru_cache(maxsize=8192)
def days_from(text: str) -> Days | None:
    """The days that a FHIR date or moment can mean, of a moment the day as it was written; None when it is none.

    Source: FHIR R4, 2.24.0.1, `date`, `dateTime`, `instant`.
    """
    found = _FULL_DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(each) if each else 0 for each in found.groups())
    try:
        if day:
            return (date(year, month, day),) * 2
        if month:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError:
        return None


def folded(text: str) -> str:
    """Without accents and capitals, words one space apart."""
    plain = unicodedata.normalize("NFKD", text)
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).casefold().split())


def hashes_of(term: str) -> list[int]:
    """What a term is stored as: a number of 64 bits for each secret of the vault, the one in use first."""
    return [_hashed(key, term) for key in index_keys()]


def hashes_in_use(terms: Iterable[str]) -> list[int]:
    key = index_keys()[0]
    return [_hashed(key, term) for term in terms]


@lru_cache(maxsize=65_536)
def _hashed(key: bytes, term: str) -> int:
    # BLAKE2b is a MAC when it is keyed (RFC 7693, 2.5), at a third of the time of an HMAC.
    digest = hashlib.blake2b(term.encode("utf-8", "surrogatepass"), key=key, digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def at_path(resource: Any, path: str) -> list[Any]:
    """Every value at `a.b.c`, through lists."""
    values = [resource]
    for name in _steps(path):
        inside = [value[name] for value in values if isinstance(value, dict) and name in value]
        if not inside:
            return inside
        values = [each for value in inside for each in (value if isinstance(value, list) else [value])]
    return values


@cache
def _steps(path: str) -> list[str]:
    return path.split(".")


def _of_token(value: Any, *, with_system: bool) -> Iterator[str]:
    """From a code, a yes or no, a Coding, an Identifier or a CodeableConcept."""
    if isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        codings = value["coding"] if isinstance(value.get("coding"), list) else [value]
        for coding in codings:
            code = coding.get("code", coding.get("value")) if isinstance(coding, dict) else None
            system = coding.get("system", "") if isinstance(coding, dict) else ""
            if isinstance(code, str) and isinstance(system, str):
                yield code
                yield f"{system}|{code}"
                if with_system and system:
                    yield f"{system}|"


def _of_reference(value: Any, leads_to: Callable[[str], str]) -> Iterator[str]:
    reference = value.get("reference") if isinstance(value, dict) else None
    if isinstance(reference, str) and not (there := leads_to(reference)).startswith("#"):
        yield key_of(there)


def key_of(reference: str) -> str:
    """Of `Type/key` the key, of a reference that leads elsewhere the whole of it."""
    local = LOCAL.fullmatch(reference)
    return local[1] if local else reference


def _of_text(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        words = folded(value)[:200].split()
        for each in {" ".join(words), *words}:
            for length in range(1, min(len(each), LONGEST_BEGINNING) + 1):
                yield each[:length]
