"""What something usually costs: what the other offers say, else a table with its source, else nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from statistics import median
from typing import Literal

import yaml

TABLE = Path(__file__).parent.parent / "data" / "usual_prices.yaml"
Origin = Literal["offer", "others", "table"]


@dataclass(frozen=True, slots=True)
class Usual:
    """A row of the table: an amount for a kind of line, once or for each night, and where it was read when."""

    kind: str
    amount_minor: int
    currency: str
    by_night: bool
    source: str
    read_on: date


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a line that is left out costs, and who says so: the offer itself, so many others, or a source."""

    minor: int
    origin: Origin
    offers: int = 0
    source: str = ""


@cache
def table() -> Mapping[str, Usual]:
    """The rows of the shipped table by kind."""
    rows = yaml.safe_load(TABLE.read_text(encoding="utf-8"))["prices"] or ()
    return {row["kind"]: Usual(**row) for row in rows}


def middle(values: Sequence[tuple[int, int]], nights: int | None) -> Estimate | None:
    """The median of what others say, as (amount, nights): by night where everybody's nights are known."""
    if not values:
        return None
    if nights and all(each > 0 for _amount, each in values):
        by_night = median(amount / each for amount, each in values)
        return Estimate(round(by_night * nights), "others", len(values))
    return Estimate(round(median(amount for amount, _nights in values)), "others", len(values))
