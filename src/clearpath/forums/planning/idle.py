"""The plan with the fewest breaks in which every meeting takes place, with a proof that there is none with fewer.

Two processes work at a time, which can be stopped at any moment: one proves; the other finds better plans for a while,
then proves by another formula. In the first seconds a third one looks for any plan. What they found until then counts.
"""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Self, cast

import numpy as np
from numpy.typing import NDArray

from clearpath.forums.planning.answer import Answer, Plan, Status, Tell
from clearpath.forums.planning.breaks import breaks_of
from clearpath.forums.planning.problem import NOWHERE, Problem
from clearpath.forums.planning.search import any_plan, improve, prove, prove_too
from clearpath.forums.planning.sentences import Sentence, say
from clearpath.forums.planning.shuffle import Shuffled, shuffled

IMPROVING, MOST_IMPROVING = 0.2, 10.0  # of the time, and seconds: for better plans, before a second one proves


def least_idle(problem: Problem, *, fairness: int | None = 2, deadline: float, seed: int = 0, tell: Tell) -> Answer:
    """Every meeting in a slot, the fewest breaks in all, and no two delegates more than `fairness` breaks apart.

    Equal for equal seeds where the first prover ends in time; another seed may give another plan with as few breaks.
    `deadline` is a moment of `time.monotonic`. When it passes, or by Ctrl-C, the answer is what is known by then.
    Raises PlannerDiedError when the solver ended by itself, such as for want of memory, before it knew.
    """
    other = shuffled(problem, seed)
    found = _Found()
    with _Team(other.problem, fairness, deadline) as team:
        try:
            for what, value in team.heard(found):
                found.hear(what, _as_it_was(other, what, value), problem, tell)
        except KeyboardInterrupt:
            found.was_stopped = True
    if not found.is_over and time.monotonic() < deadline and not found.was_stopped:
        raise PlannerDiedError("The solver ended before it knew an answer; perhaps there was too little memory.")
    return found.answer(problem)


class _Team:
    """The processes. Each dies at its deadline, and all of them when this ends."""

    def __init__(self, problem: Problem, fairness: int | None, deadline: float) -> None:
        self.context = multiprocessing.get_context("spawn")
        self.given, self.begun, self.deadline = (problem, fairness), time.monotonic(), deadline
        self.workers: list[tuple[BaseProcess, Connection]] = []  # heard until killed: else it writes into a closed pipe

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for process, _says in self.workers:
            process.kill()
            process.join()

    def begin(self, work: Callable[..., None], deadline: float) -> Connection:
        ours, theirs = self.context.Pipe(duplex=False)
        process = self.context.Process(target=work, args=(theirs, *self.given, deadline), daemon=True)
        process.start()
        theirs.close()
        self.workers.append((process, ours))
        return ours

    def heard(self, found: "_Found") -> Iterator[tuple[str, Any]]:
        """What all say, until the prover ends or the time is over.

        The prover decides which of several best plans it is, so that it is the same each time. Where another one was
        first, it has as much time again.
        """
        prover = self.begin(prove, self.deadline)
        improving = min(self.begun + IMPROVING * (self.deadline - self.begun), self.begun + MOST_IMPROVING)
        second, first = self.begin(improve, improving), self.begin(any_plan, self.deadline)
        open_ones, until = [prover, second, first], self.deadline
        while (left := until - time.monotonic()) > 0:
            for one in cast("list[Connection]", wait(open_ones, left)):
                try:
                    yield one.recv()
                except EOFError:
                    if one is prover:
                        return
                    open_ones.remove(one)
                    if one is second and not found.is_over:
                        open_ones.append(self.begin(prove_too, self.deadline))
            if found.is_proved and until == self.deadline:
                until = min(self.deadline, 2 * time.monotonic() - self.begun)


def _as_it_was(other: Shuffled, what: str, value: Any) -> Any:
    """What was said of the forum in another order, of the forum as it was."""
    match what:
        case "plan" | "best":
            return other.slots(value)
        case "impossible":
            return tuple(map(other.sentence, value))
        case _:
            return value


class PlannerDiedError(Exception):
    """The solver's process ended by itself."""


class _Found:
    """What is known so far."""

    def __init__(self) -> None:
        self.slots: NDArray[np.int32] | None = None
        self.breaks = self.bound = 0
        self.is_impossible = self.was_stopped = False
        self.conflict: tuple[Sentence, ...] = ()

    @property
    def is_proved(self) -> bool:
        """There is a plan, and none with fewer breaks."""
        return self.slots is not None and self.breaks == self.bound

    @property
    def is_over(self) -> bool:
        """Everything is known, but perhaps why there is no plan."""
        return self.is_impossible or self.is_proved

    def hear(self, what: str, value: Any, problem: Problem, tell: Tell) -> None:
        if what in {"plan", "best"}:
            breaks = int(breaks_of(problem, value).sum())
            if self.slots is None or breaks < self.breaks:
                tell(say("breaks", n=breaks, least=self.bound))
            if self.slots is None or breaks < self.breaks or what == "best":
                self.slots, self.breaks = value, breaks
        elif what == "bound":
            if value > self.bound:
                tell(say("breaks_at_least", n=value))
            self.bound = max(self.bound, value)
        else:
            if not self.is_impossible:
                tell(say("looks_for_conflict"))
            self.is_impossible, self.conflict = True, value

    def answer(self, problem: Problem) -> Answer:
        if self.is_impossible:
            return Answer(Status.IMPOSSIBLE, None, None, None, conflict=self.conflict or (say("all_exclude"),))
        if self.slots is None:
            return Answer(Status.UNKNOWN, None, None, self.bound)
        status = Status.OPTIMAL if self.breaks == self.bound else Status.FEASIBLE
        return Answer(status, _seated(problem, self.slots), self.breaks, self.bound)


def _seated(problem: Problem, slots: NDArray[np.int32]) -> Plan:
    """A table for each meeting: that of one of the two in the slot before where it is free, else the first free one."""
    tables = [(hall, table) for hall, each in enumerate(problem.halls) for table in range(each.tables)]
    hall, table = (np.full(len(slots), NOWHERE, np.int32) for _each in range(2))
    last: dict[int, int] = {}
    for slot in range(len(problem.slots)):
        free = set(range(len(tables)))
        here = np.flatnonzero(slots == slot).tolist()
        later = []
        for meeting in here:
            wished = [last.get(int(ends[meeting]), NOWHERE) for ends in (problem.first, problem.second)]
            chosen = next((each for each in wished if each in free), None)
            if chosen is None:
                later.append(meeting)
            else:
                free.discard(chosen)
                hall[meeting], table[meeting] = tables[chosen]
                last[int(problem.first[meeting])] = last[int(problem.second[meeting])] = chosen
        for meeting, chosen in zip(later, sorted(free), strict=False):
            hall[meeting], table[meeting] = tables[chosen]
            last[int(problem.first[meeting])] = last[int(problem.second[meeting])] = chosen
    return Plan(slots, hall, table)
