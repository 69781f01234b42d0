"""What doctors write line by line: risks, medicines, warning signs, what follows.

A step takes such lines as a sequence, or as a text of which each line is one. They are kept as JSON, sealed, beside
the text that people read.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True)
class Risk:
    """What can go wrong; `chance` in words or a number (per 100), `source` where the number comes from."""

    what: str
    chance: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Medicine:
    """A medicine to take at home."""

    name: str
    dose: str = ""
    how_often: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class WarningSign:
    """A sign that something is wrong, whom to call, and when."""

    sign: str
    call: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What must be done after the discharge, on which day after it, and where or by whom."""

    what: str
    on_day: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """An implant; `udi` is the text of its label, where there is one."""

    name: str
    udi: str = ""


Line = TypeVar("Line", Risk, Medicine, WarningSign, FollowUp, Device)


def lines_of(kind: type[Line], given: str | Sequence[Line]) -> tuple[Line, ...]:
    """The lines of what a step was given; empty ones are left out."""
    if isinstance(given, str):
        return tuple(kind(each.strip()) for each in given.splitlines() if each.strip())
    return tuple(each for each in given if any(_values(each)))


def said(lines: Iterable[Any]) -> str:
    """The lines as people read them, one under the other, in no language of its own."""
    return "\n".join(" · ".join(filter(None, _values(each))) for each in lines)


def _values(line: Any) -> list[str]:
    return [str(getattr(line, each.name)).strip() for each in fields(line)]


def kept(lines: Iterable[Any]) -> str:
    """The lines as they are stored; nothing for none."""
    rows = [asdict(each) for each in lines]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def read_back(kind: type[Line], stored: str | None) -> tuple[Line, ...]:
    """The lines that were stored; words that this version does not know are left out."""
    known = {each.name for each in fields(kind)}
    rows = json.loads(stored) if stored else []
    return tuple(kind(**{name: value for name, value in row.items() if name in known}) for row in rows)
