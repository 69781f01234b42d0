"""Reads rows of a document one by one: a row with a fault is named and left out, the others are kept."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MOST_FAULTS = 100  # that are told one by one
MOST_VALUE = 1_000_000
LONGEST_NAME = 200
NAMES = ("id", "session", "trade")  # keys under which a row gives names to others

Check = Callable[[Any], Any]  # gives back what was meant; raises Fault


class Fault(Exception):  # noqa: N818 - a sentence that a person reads
    """What is wrong with one value, as the end of a sentence."""


class Missing(Fault):
    """A name that the file has not given before, or only in a row that is left out."""

    def __init__(self, says: str, name: object) -> None:
        super().__init__(says)
        self.name = name


@dataclass(slots=True)
class Faults:
    """What is wrong with a file, each fault with its place."""

    file: str
    told: list[str] = field(default_factory=list)
    count: int = 0
    left_out: set[str] = field(default_factory=set)  # names in rows with a fault
    depending: int = 0  # rows that are left out because they name one of those

    def leave_out(self, row: Any) -> None:
        """Remember what a row with a fault would have named, so that its fault is told once."""
        names = [row.get(key) for key in NAMES] if isinstance(row, dict) else []
        self.left_out.update(name for name in names if isinstance(name, str))

    def tell(self, place: str, what: object) -> None:
        self.count += 1
        if self.count <= MOST_FAULTS:
            self.told.append(f"{self.file}: {place}: {what}")

    @property
    def lines(self) -> list[str]:
        more = self.count - len(self.told)
        return [
            *self.told,
            *([f"{self.file}: {more:,} more faults of this kind are not listed"] if more else []),
            *([f"{self.file}: rows that name what is left out: {self.depending:,}; they are left out too"]
              if self.depending else []),
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """What may stand under a name in a row."""

    check: Check
    is_needed: bool = False


def rows(
    document: Mapping[str, Any], name: str, keys: Mapping[str, Key], faults: Faults, *, first: int = 1
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each good row of a list with its number, from `first`; the faults of the others are told."""
    listed = document.get(name, [])
    if not isinstance(listed, list):
        faults.tell(name, "write a list of rows, [{...}, {...}]")
        return
    for number, row in enumerate(listed, start=first):
        try:
            yield number, _row(row, keys)
        except Fault as fault:
            if isinstance(fault, Missing) and fault.name in faults.left_out:
                faults.depending += 1
            else:
                faults.tell(f"{name}, row {number:,}", fault)
            faults.leave_out(row)


def _row(row: Any, keys: Mapping[str, Key]) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise Fault(f"it is {shown(row)}; write an object with {', '.join(keys)}")
    for name in row:
        if name not in keys:
            raise Fault(f"there is no {shown(name)} in such a row; it has {', '.join(keys)}")
    found = {}
    for name, key in keys.items():
        if name in row:
            try:
                found[name] = key.check(row[name])
            except Missing as missing:
                raise Missing(f"{name} is {shown(row[name])}; {missing}", missing.name) from None
            except Fault as fault:
                raise Fault(f"{name} is {shown(row[name])}; {fault}") from None
        elif key.is_needed:
            raise Fault(f"{name} is missing")
    return found


def shown(value: object) -> str:
    """A value in a sentence, cut where it is long."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN, no number" if math.isnan(value) else "infinite"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**30:
        return "a number of more than 30 digits"
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def text(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME or not value.isprintable():
        raise Fault(f"write a text of 1 to {LONGEST_NAME} letters")
    return value


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Fault("write true or false")
    return value


def whole(least: int, most: int) -> Check:
    def check(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Fault(f"write a whole number from {least:,} to {most:,}")
        return value

    return check


def moment(value: Any) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        at = None
    if at is None or at.tzinfo is None:
        raise Fault("write a time with its zone, such as 2027-03-01T09:00:00+03:00")
    return at


def one_of(known: Mapping[str, int], kind: str) -> Check:
    """The number of something that the file has named before."""

    def check(value: Any) -> int:
        if not isinstance(value, str) or value not in known:
            raise Missing(f"there is no such {kind}", value if isinstance(value, str) else None)
        return known[value]

    return check


def some_of(known: Mapping[str, int], kind: str) -> Check:
    one = one_of(known, kind)

    def check(value: Any) -> list[int]:
        if not isinstance(value, list):
            raise Fault(f"write a list of {kind}s")
        return [one(each) for each in value]

    return check


def pair_of(known: Mapping[str, int]) -> Check:
    """Two delegates, the one with the smaller number first."""
    one = one_of(known, "delegate")

    def check(value: Any) -> tuple[int, int]:
        if not isinstance(value, list) or len(value) != 2:
            raise Fault("write two delegates, [A, B]")
        first, second = sorted(map(one, value))
        if first == second:
            raise Fault("nobody meets themselves")
        return first, second

    return check


def minutes_by(known: Callable[[], Mapping[str, int]]) -> Check:
    """Minutes to other halls; the halls are asked for when all are known."""
    minutes = whole(0, 24 * 60)

    def check(value: Any) -> dict[str, int]:
        if not isinstance(value, dict):
            raise Fault("write minutes by hall, {HALL: 5}")
        for name in value:
            if name not in known():
                raise Fault(f"there is no hall {shown(name)}")
        return {name: minutes(each) for name, each in value.items()}

    return check
