"""How one provider stands for one procedure: points for each criterion, and which of them raise or lower it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import sqrt
from typing import Any

from clearpath.offers.ranking.rule import Criterion, Rule

SOON_DAYS = 90  # before evidence ends, as the warnings of parties
WITHOUT_ACCREDITATION = 0.5
Z = 1.959964  # of the normal distribution: 95 of 100 lie within


@dataclass(frozen=True, slots=True)
class Known:
    """All that may count. Nothing about money or ownership has a place here.

    Of `treated` patients, `well` recovered as planned, of `lost` nobody knows, `waiting` are not due to be heard of.
    `ends` holds for each kind of checked evidence in force the day on which it ends (exclusive).
    """

    treated: int = 0
    waiting: int = 0
    well: int = 0
    lost: int = 0
    reviews: int = 0
    stars: float = 0.0  # mean, 1 to 5
    answers: int = 0
    answer_hours: float = 0.0  # median
    ends: Mapping[str, date] = field(default_factory=dict)
    entry: float = 0.0  # 0 to 1
    lacks: tuple[str, ...] = ()  # parts that the entry has not

    @property
    def due(self) -> int:
        """The denominator: everybody of whom something should be known by now."""
        return self.treated - self.waiting


@dataclass(frozen=True, slots=True)
class Mark:
    """One criterion of one result. `change` in points against the usual: above zero raises."""

    criterion: str
    points: float
    change: float


@dataclass(frozen=True, slots=True)
class Judged:
    """`score` in hundredths of a point, so that it can be compared exactly; `reasons`: what tells most first."""

    score: int
    marks: tuple[Mark, ...]
    reasons: tuple[Mark, ...]


def judged(known: Known, rule: Rule, usual: Mapping[str, float], *, on: date) -> Judged:
    """The score of these facts on a day. `usual` holds the network's own figures where it knows enough."""
    figures = _figures(known, on)
    marks = []
    for key, criterion in rule.criteria.items():
        middle = usual.get(key, criterion.usual)
        figure = shrunk(*figures[key], criterion, middle)
        points = criterion.points(figure)
        marks.append(Mark(key, points, points - criterion.points(middle)))
    reasons = sorted((each for each in marks if abs(each.change) >= rule.mention), key=lambda each: -abs(each.change))
    return Judged(round(100 * sum(each.points for each in marks)), tuple(marks), tuple(reasons))


def _figures(known: Known, on: date) -> dict[str, tuple[int, float]]:
    """For each criterion how many are known, and their figure."""
    return {
        "outcomes": (known.due, known.well / known.due if known.due else 0.0),
        "answers": (known.answers, known.answer_hours),
        "reviews": (known.reviews, known.stars),
        "evidence": (1, evidence_share(known.ends, on)),
        "entry": (1, known.entry),
    }


def shrunk(count: int, figure: float, criterion: Criterion, usual: float) -> float:
    """A figure drawn towards the usual one, the more so the fewer it rests on; from too few it never gets better."""
    if count == 0:
        return usual
    drawn = (count * figure + criterion.strength * usual) / (count + criterion.strength)
    return usual if count < criterion.fewest and criterion.is_better(drawn, usual) else drawn


def evidence_share(ends: Mapping[str, date], on: date) -> float:
    """1 for a checked accreditation in force, half without one; less as the first kind of evidence nears its end."""
    in_force = {kind: end for kind, end in ends.items() if end > on}
    if not in_force:
        return 0.0
    days = (min(in_force.values()) - on).days
    return (1.0 if "accreditation" in in_force else WITHOUT_ACCREDITATION) * min(1.0, days / SOON_DAYS)


def interval(well: int, count: int) -> tuple[float, float]:
    """Between which shares the true one lies in 95 of 100 cases.

    Source: Wilson (1927), as named in data/ranking.yaml. Raises ValueError when nobody is counted.
    """
    if not 0 <= well <= count or count == 0:
        raise ValueError("an interval needs at least one patient, and no more well than there are")
    share, square = well / count, Z * Z
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = Z / (1 + square / count) * sqrt(share * (1 - share) / count + square / (4 * count * count))
    return max(0.0, middle - half), min(1.0, middle + half)


def as_json(known: Known) -> dict[str, Any]:
    """Plain JSON of facts, to keep beside the score that was made of them."""
    plain = {name: getattr(known, name) for name in Known.__slots__}
    return {**plain, "ends": {kind: end.isoformat() for kind, end in known.ends.items()}, "lacks": list(known.lacks)}


def from_json(plain: Mapping[str, Any]) -> Known:
    ends = {kind: date.fromisoformat(end) for kind, end in plain["ends"].items()}
    return Known(**{**plain, "ends": ends, "lacks": tuple(plain["lacks"])})
