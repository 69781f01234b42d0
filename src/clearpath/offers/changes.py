"""What a new offer changes of an old one, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass

from clearpath.offers.lines import Line


@dataclass(frozen=True, slots=True)
class Change:
    """One line before and after; None where it was not there, or no longer is."""

    before: Line | None
    after: Line | None

    @property
    def label(self) -> str:
        line = self.after or self.before
        return line.label if line else ""


def changes(before: Sequence[Line], after: Sequence[Line]) -> tuple[Change, ...]:
    """The lines that differ: those of the same kind and words are the same line, in the order in which they stand."""
    left = list(before)
    found = []
    for line in after:
        same = _taken(left, line)
        if same != line:
            found.append(Change(same, line))
    return (*found, *(Change(line, None) for line in left))


def _taken(left: list[Line], line: Line) -> Line | None:
    """Take out of what is left the line that this one was: the very same first, else one of the same words."""
    matches = [each for each in left if (each.kind, each.label) == (line.kind, line.label)]
    same = line if line in matches else next(iter(matches), None)
    if same is not None:
        left.remove(same)
    return same
