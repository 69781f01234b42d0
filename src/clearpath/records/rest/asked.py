"""What a search asks for, read from its parameters: nothing that a client asks for is misunderstood in silence.

Source: FHIR R4, 3.1.1 Search. Unknown parameters are named and left out, or refused under `Prefer: handling=strict`;
an unknown modifier is always refused, since leaving it out would find something else.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from django.utils.translation import gettext as _

from clearpath.records.index.offered import Kind, Offered
from clearpath.records.index.terms import LONGEST_BEGINNING, days_from, folded, key_of
from clearpath.records.rest.issues import Problem

COUNT, MOST = 50, 200  # resources of a page: when not said, and at most
Pairs = tuple[tuple[str, str], ...]
Prefix = Literal["eq", "ne", "gt", "ge", "lt", "le", "sa", "eb"]
_PREFIXED = re.compile(r"(eq|ne|gt|ge|lt|le|sa|eb)?(\d.*)", re.DOTALL)
_COMMA = re.compile(r"(?<!\\),")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One parameter, which any of its values fulfils: as terms, keys, or days with the prefix of each."""

    name: str
    kind: Kind
    values: tuple[str, ...] = ()
    days: tuple[tuple[Prefix, date, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """A bound on `_lastUpdated`: from the first moment that was meant until (exclusive) the last."""

    prefix: Prefix
    first: datetime
    end: datetime


@dataclass(slots=True)
class Asked:
    """A search as it was understood; `kept` are the parameters that counted, `ignored` those that did not."""

    criteria: list[Criterion] = field(default_factory=list)
    ids: list[tuple[str, ...]] = field(default_factory=list)
    patients: list[tuple[str, ...]] = field(default_factory=list)
    updated: list[Moment] = field(default_factory=list)
    count: int = COUNT
    sort: str = "_lastUpdated"
    descending: bool = True
    includes: list[tuple[str, str, str]] = field(default_factory=list)  # type, parameter, type of the target or ""
    revincludes: list[tuple[str, str, str]] = field(default_factory=list)
    with_total: bool = True
    only_count: bool = False
    elements: tuple[str, ...] = ()
    kept: list[tuple[str, str]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


SAID_ELSEWHERE = {"_format", "_pretty"}


def asked(offered: Offered, query: Iterable[tuple[str, str]], *, base: str, strict: bool) -> Asked:
    """Raises Problem (400) for what cannot be understood."""
    found = Asked()
    for name, value in query:
        if name in SAID_ELSEWHERE:
            continue
        if not value:  # an empty value asks nothing (FHIR R4, 3.1.1.3.1)
            continue
        if _understood(found, offered, name, value, base):
            found.kept.append((name, value))
        else:
            found.ignored.append(name)
    if strict and found.ignored:
        raise _bad(_("Not known as a search parameter here: %(names)s.") % {"names": ", ".join(found.ignored)})
    return found


def _understood(found: Asked, offered: Offered, name: str, value: str, base: str) -> bool:
    plain, _colon, modifier = name.partition(":")
    if plain in CONTROLS:
        return CONTROLS[plain](found, offered, value, modifier)
    values = [each.replace("\\,", ",") for each in _COMMA.split(value)]
    if plain == "_id":
        _no_modifier(name, modifier)
        found.ids.append(tuple(values))
    elif plain == "_lastUpdated":
        _no_modifier(name, modifier)
        found.updated += [_moment(each) for each in values[:1]]
    elif plain in offered.names_patient:
        if modifier not in {"", "Patient"}:
            raise _no_such_modifier(name)
        found.patients.append(tuple(_key(each, base) for each in values))
    elif plain in offered.parameters:
        found.criteria.append(_criterion(offered, plain, modifier, values, base))
    else:
        return False
    return True


def _criterion(offered: Offered, name: str, modifier: str, values: list[str], base: str) -> Criterion:
    kind = offered.parameters[name].kind
    if kind == "reference":
        if modifier and not modifier[0].isupper():
            raise _no_such_modifier(f"{name}:{modifier}")
        return Criterion(name, kind, tuple(_key(each, base) for each in values))
    if modifier:
        raise _no_such_modifier(f"{name}:{modifier}")
    if kind == "date":
        return Criterion(name, kind, days=tuple(_days(each) for each in values))
    if kind == "string":
        return Criterion(name, kind, tuple(folded(each)[:LONGEST_BEGINNING] for each in values))
    return Criterion(name, kind, tuple(each.replace("\\|", "|") for each in values))


def _count(found: Asked, _offered: Offered, value: str, _modifier: str) -> bool:
    if not value.isdecimal() or len(value) > 9:
        raise _bad(_("_count is a number from 0 on."))
    found.count = min(int(value), MOST)
    found.only_count = found.only_count or int(value) == 0
    return True


def _sort(found: Asked, offered: Offered, value: str, _modifier: str) -> bool:
    name = value.removeprefix("-")
    if name not in {"_lastUpdated", offered.date}:
        return False
    found.sort, found.descending = name, value.startswith("-")
    return True


def _summary(found: Asked, _offered: Offered, value: str, _modifier: str) -> bool:
    found.only_count = found.only_count or value == "count"
    return value in {"count", "false"}


def _elements(found: Asked, _offered: Offered, value: str, _modifier: str) -> bool:
    found.elements = tuple(each.strip() for each in value.split(","))
    return True


def _total(found: Asked, _offered: Offered, value: str, _modifier: str) -> bool:
    found.with_total = value != "none"
    return value in {"none", "estimate", "accurate"}


def _include(found: Asked, _offered: Offered, value: str, modifier: str) -> bool:
    _no_modifier("_include", modifier)
    found.includes.append(_path(value))
    return True


def _revinclude(found: Asked, _offered: Offered, value: str, modifier: str) -> bool:
    _no_modifier("_revinclude", modifier)
    found.revincludes.append(_path(value))
    return True


CONTROLS = {
    "_count": _count, "_sort": _sort, "_summary": _summary, "_elements": _elements, "_total": _total,
    "_include": _include, "_revinclude": _revinclude,
}  # fmt: skip


def _path(value: str) -> tuple[str, str, str]:
    parts = [*value.split(":"), ""]
    if len(parts) not in {3, 4} or not all(parts[:2]):
        raise _bad(_("Write what to include as Type:parameter, such as Observation:encounter."))
    return parts[0], parts[1], parts[2]


def _key(value: str, base: str) -> str:
    return key_of(value.removeprefix(f"{base}/"))


def _days(value: str) -> tuple[Prefix, date, date]:
    prefix, rest = _prefixed(value)
    days = days_from(rest)
    if days is None:
        raise _not_a_date(value)
    return prefix, *days


def _moment(value: str) -> Moment:
    prefix, rest = _prefixed(value)
    if "T" in rest:
        try:
            at = datetime.fromisoformat(rest)
        except ValueError:
            raise _not_a_date(value) from None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return Moment(prefix, at, at + timedelta(seconds=1))
    days = days_from(rest)
    if days is None or days[1] == date.max:
        raise _not_a_date(value)
    start, end = (datetime.combine(day, time(), UTC) for day in (days[0], days[1] + timedelta(days=1)))
    return Moment(prefix, start, end)


def _prefixed(value: str) -> tuple[Prefix, str]:
    found = _PREFIXED.fullmatch(value)
    if found is None:
        raise _not_a_date(value)
    return found[1] or "eq", found[2]  # type: ignore[return-value]


def _no_modifier(name: str, modifier: str) -> None:
    if modifier:
        raise _no_such_modifier(name if ":" in name else f"{name}:{modifier}")


def _no_such_modifier(name: str) -> Problem:
    return _bad(_("This modifier is not known here: %(name)s.") % {"name": name})


def _not_a_date(value: str) -> Problem:
    return _bad(_("Not a date: %(value)s. Write it like ge2026-03-01.") % {"value": value})


def _bad(says: str) -> Problem:
    return Problem(400, "invalid", says)
