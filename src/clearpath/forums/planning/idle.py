"""The plan with the fewest breaks in which every meeting takes place, with a proof that there is none with fewer.

Two processes work, which can be stopped at any moment: one proves and the other finds better plans meanwhile; what
they found until then counts.
"""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from clearpath.forums.planning.answer import Answer, Plan, Status, Tell
from clearpath.forums.planning.breaks import breaks_of
from clearpath.forums.planning.problem import NOWHERE, Problem
from clearpath.forums.planning.search import improve, prove
from clearpath.forums.planning.sentences import Sentence, say
from clearpath.forums.planning.shuffle import Shuffled, shuffled


def least_idle(problem: Problem, *, fairness: int | None = 2, deadline: float, seed: int = 0, tell: Tell) -> Answer:
    """Every meeting in a slot, the fewest breaks in all, and no two delegates more than `fairness` breaks apart.

    Equal for equal seeds where the time does not end it; another seed may give another plan with as few breaks.
    `deadline` is a moment of `time.monotonic`. When it passes, or by Ctrl-C, the answer is what is known by then.
    Raises PlannerDiedError when the solver ended by itself, such as for want of memory, before it knew.
    """
    context = multiprocessing.get_context("spawn")
    other = shuffled(problem, seed)
    prover, improver = (_begun(context, work, (other.problem, fairness, deadline)) for work in (prove, improve))
    found = _Found()
    try:
        for what, value in _heard(prover.says, improver.says, deadline):
            found.hear(what, _as_it_was(other, what, value), problem, tell)
    except KeyboardInterrupt:
        found.was_stopped = True
    finally:
        for worker in (prover, improver):
            worker.process.kill()
            worker.process.join()
    if not found.is_over and time.monotonic() < deadline and not found.was_stopped:
        raise PlannerDiedError("The solver ended before it knew an answer; perhaps there was too little memory.")
    return found.answer(problem)


class _Worker(NamedTuple):
    process: BaseProcess
    says: Connection


def _begun(context: SpawnContext, work: Callable[..., None], given: tuple[Any, ...]) -> _Worker:
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(theirs, *given), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _heard(prover: Connection, improver: Connection, deadline: float) -> Iterator[tuple[str, Any]]:
    """What both say, until the prover ends or the time is over.

    The prover decides even where the other one has found as good a plan, so that the answer is the same each time.
    """
    open_ones = [prover, improver]
    while (left := deadline - time.monotonic()) > 0:
        for one in cast("list[Connection]", wait(open_ones, left)):
            try:
                yield one.recv()
            except EOFError:
                if one is prover:
                    return
                open_ones.remove(one)


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
    def is_over(self) -> bool:
        """Everything is known."""
        return self.is_impossible or (self.slots is not None and self.breaks == self.bound)

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
