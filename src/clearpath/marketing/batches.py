"""What an agency learns of people whose tokens it knows: only of many at once, so that one more gives nobody away."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Released:
    """How many said yes and no in the batches that are complete; the others wait."""

    yes: int = 0
    no: int = 0

    @property
    def total(self) -> int:
        return self.yes + self.no


def released(answers: Iterable[bool], *, smallest_group: int) -> Released:
    """The sum of all complete batches, of answers in the order in which they became known.

    A batch is complete when it holds at least `smallest_group` of each answer; that is asked only after every
    `smallest_group` answers. So two releases differ by that many people of each kind, and the moment of a release
    speaks of the last `smallest_group` together, never of the last one alone.
    """
    yes = no = waiting_yes = waiting_no = 0
    for number, answer in enumerate(answers, start=1):
        waiting_yes, waiting_no = waiting_yes + answer, waiting_no + (not answer)
        if number % smallest_group == 0 and min(waiting_yes, waiting_no) >= smallest_group:
            yes, no, waiting_yes, waiting_no = yes + waiting_yes, no + waiting_no, 0, 0
    return Released(yes, no)
