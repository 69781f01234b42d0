"""The published rule of ranking, as `data/ranking.yaml` holds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent.parent / "data" / "ranking.yaml"


@dataclass(frozen=True, slots=True)
class Criterion:
    """What gives points. `worst`, `best` and `usual` are in the criterion's own unit, as the file says."""

    weight: float
    worst: float
    best: float
    usual: float
    strength: float
    fewest: int

    def points(self, figure: float) -> float:
        share = (figure - self.worst) / (self.best - self.worst)
        return self.weight * min(1.0, max(0.0, share))

    def is_better(self, figure: float, other: float) -> bool:
        return (figure - other) * (self.best - self.worst) > 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of the rule. `enough`: known patients from which on the network's own mean is the usual figure."""

    version: int
    as_of: str
    enough: int
    mention: float
    criteria: Mapping[str, Criterion]


@cache
def rule() -> Rule:
    """The rule in force."""
    return read(FILE.read_text(encoding="utf-8"))


def read(text: str) -> Rule:
    """A rule out of a file's text. Raises ValueError when its weights do not add up to 100."""
    found = yaml.safe_load(text)
    criteria = {key: Criterion(**each) for key, each in found["criteria"].items()}
    if sum(each.weight for each in criteria.values()) != 100:
        raise ValueError("The weights of a ranking rule add up to 100.")
    return Rule(found["version"], str(found["as_of"]), found["enough"], found["mention"], criteria)
