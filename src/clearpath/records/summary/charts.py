"""A trend as a small drawing: geometry only, so that a template can write it as SVG without style or script."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from clearpath.records.summary.facts import Fact, is_number

WIDTH, HEIGHT, MARGIN = 180, 44, 5  # in the drawing's own units
MOST_POINTS = 60


@dataclass(frozen=True, slots=True)
class Series:
    """One curve, and what it says in words: its first, last, smallest and largest value, as sent."""

    name: str
    points: str  # as the attribute `points` of an SVG polyline
    inside: str  # as the attribute `d` of an SVG path: a dot for each value,
    outside: str  # and for each that is out of its reference range
    first: str
    last: str
    least: str
    most: str


@dataclass(frozen=True, slots=True)
class Chart:
    series: tuple[Series, ...]
    unit: str
    count: int  # how many times it was told, of which the newest `MOST_POINTS` are drawn
    band: tuple[float, float] | None  # top and height of the reference range
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class Point:
    at: float  # days
    number: float
    sent: str
    is_out: bool


OUT = {"H", "L", "HH", "LL", "HU", "LU", "A", "AA", "above", "below"}


def chart_of(facts: Sequence[Fact]) -> Chart | None:
    """The trend of facts that are newest first. None with fewer than two numbers in the newest one's unit."""
    named = _series(facts[:MOST_POINTS])
    if not named:
        return None
    every = [point for _name, points in named for point in points]
    newest = facts[0]
    ends = [float(each) for each in (newest.low, newest.high) if is_number(each)] if not newest.parts else []
    low, high = min([each.number for each in every] + ends), max([each.number for each in every] + ends)
    first, last = min(each.at for each in every), max(each.at for each in every)

    def x(at: float) -> float:
        return round(MARGIN + (at - first) / ((last - first) or 1) * (WIDTH - 2 * MARGIN), 1)

    def y(number: float) -> float:
        return round(HEIGHT - MARGIN - (number - low) / ((high - low) or 1) * (HEIGHT - 2 * MARGIN), 1)

    series = tuple(
        Series(
            name,
            " ".join(f"{x(each.at)},{y(each.number)}" for each in points),
            "".join(f"M{x(each.at)},{y(each.number)}h0" for each in points if not each.is_out),
            "".join(f"M{x(each.at)},{y(each.number)}h0" for each in points if each.is_out),
            points[0].sent,
            points[-1].sent,
            min(points, key=lambda each: each.number).sent,
            max(points, key=lambda each: each.number).sent,
        )
        for name, points in named
    )
    band = (y(max(ends)), round(y(min(ends)) - y(max(ends)), 1)) if len(ends) == 2 else None
    return Chart(series, _unit(newest), len(facts), band)


def _unit(fact: Fact) -> str:
    return fact.unit or next((each.unit for each in fact.parts if each.unit), "")


def _series(facts: Sequence[Fact]) -> list[tuple[str, list[Point]]]:
    """Each curve with its points, oldest first: the value itself, or one curve for each component."""
    newest = facts[0]
    if not newest.parts:
        values = [(each.at, each.number, each.flag) for each in facts if each.unit == newest.unit]
        named = [("", _points(values))]
    else:
        named = [
            (part.name, _points((each.at, other.number, other.flag) for each in facts for other in each.parts
                                if (other.code, other.name) == (part.code, part.name) and other.unit == part.unit))
            for part in newest.parts[:3] if part.number
        ]  # fmt: skip
    return [(name, points) for name, points in named if len(points) > 1]


def _points(values: Iterable[tuple[str, str, str]]) -> list[Point]:
    found: dict[tuple[str, str], Point] = {}
    for at, number, flag in values:
        day = days_of(at)
        if number and day is not None:
            found.setdefault((at, number), Point(day, float(number), number, flag in OUT))
    points = list(found.values())[::-1]
    points.sort(key=lambda each: each.at)
    if points and points[0].at == points[-1].at:  # a row of values of one moment, drawn as they were told
        points = [replace(each, at=float(place)) for place, each in enumerate(points)]
    return points


def days_of(text: str) -> float | None:
    """A date as sent in days since year 1, a moment with its part of the day; None when it is no date."""
    try:
        year, month, day = int(text[:4]), int(text[5:7] or 1), int(text[8:10] or 1)
        hours = int(text[11:13] or 0) + int(text[14:16] or 0) / 60 if len(text) > 10 else 0
        return date(year, month, day).toordinal() + hours / 24
    except ValueError:
        return None
