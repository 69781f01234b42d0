"""What verification found."""

from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

Progress = Callable[[int, int], None]  # rows read, rows in all

MOST_PROBLEMS = 100
ROWS_PER_PROGRESS = 5_000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; what does not apply or is not known is None."""

    chain: UUID | None
    number: int | None
    entry_id: int | None
    says: str


@dataclass(slots=True)
class Report:
    """What was read, and the problems in the order of the entries: the first hundred of `problem_count`."""

    entries: int = 0
    chains: int = 0
    leaves: int = 0
    heads: int = 0
    problem_count: int = 0
    places: list[tuple[float, int, Problem]] = field(default_factory=list, repr=False)

    @property
    def problems(self) -> list[Problem]:
        return [problem for *_, problem in self.places]

    def add(self, problem: Problem, *, near: int | None = None) -> None:
        """Note a problem; `near` is the entry after one that is missing."""
        place = near if problem.entry_id is None else problem.entry_id
        self.problem_count += 1
        insort(self.places, (float("inf") if place is None else place, self.problem_count, problem))
        del self.places[MOST_PROBLEMS:]


class Telling:
    """Counts the rows read and tells the progress now and then."""

    def __init__(self, progress: Progress | None, whole: int) -> None:
        self.progress, self.done, self.whole = progress, 0, whole

    def row(self) -> None:
        self.done += 1
        if self.progress and (self.done % ROWS_PER_PROGRESS == 0 or self.done == self.whole):
            self.progress(self.done, max(self.done, self.whole))
