"""The plan with the fewest breaks in which every meeting takes place, with a proof that there is none with fewer.

The least bound that no reason excludes is asked first and raised one by one, so the first plan found is proved the
best. The solver works in a process of its own, which can be stopped at any moment; what it found until then counts.
"""

import multiprocessing
import signal
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clearpath.forums.planning.answer import Answer, Plan, Status, Tell
from clearpath.forums.planning.breaks import Formula, breaks_of, formula_of, plan_in
from clearpath.forums.planning.conflict import conflict_in
from clearpath.forums.planning.narrow import least_breaks, narrowed
from clearpath.forums.planning.problem import NOWHERE, Problem

SOLVER = "cadical195"
FIRST_LIMIT = 64  # breaks for which a formula is built at first; doubled where that is too few
ALL = "The meetings exclude each other: no plan has a slot for all of them."
LOOK = 0.2  # seconds between two looks at the clock


def least_idle(problem: Problem, *, fairness: int | None = 2, deadline: float, tell: Tell) -> Answer:
    """Every meeting in a slot, the fewest breaks in all, and no two delegates more than `fairness` breaks apart.

    `deadline` is a moment of `time.monotonic`. When it passes, or by Ctrl-C, the answer is what is known by then.
    Raises PlannerDiedError when the solver ended by itself, such as for want of memory, before it knew.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    worker = context.Process(target=_search, args=(theirs, problem, fairness, deadline), daemon=True)
    worker.start()
    theirs.close()
    found = _Found()
    try:
        for what, value in _heard(ours, deadline):
            found.hear(what, value, problem, tell)
    except KeyboardInterrupt:
        found.was_stopped = True
    finally:
        worker.kill()
        worker.join()
    if not found.is_over and time.monotonic() < deadline and not found.was_stopped:
        raise PlannerDiedError("The solver ended before it knew an answer; perhaps there was too little memory.")
    return found.answer(problem)


def _heard(ours: Connection, deadline: float) -> Iterator[tuple[str, Any]]:
    """What the worker says, until it ends or the time is over."""
    while (left := deadline - time.monotonic()) > 0:
        if ours.poll(min(LOOK, left)):
            try:
                yield ours.recv()
            except EOFError:
                return


class PlannerDiedError(Exception):
    """The solver's process ended by itself."""


class _Found:
    """What is known so far."""

    def __init__(self) -> None:
        self.slots: NDArray[np.int32] | None = None
        self.breaks = self.bound = 0
        self.is_impossible = self.was_stopped = False
        self.conflict: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        """Everything is known."""
        return self.is_impossible or (self.slots is not None and self.breaks == self.bound)

    def hear(self, what: str, value: Any, problem: Problem, tell: Tell) -> None:
        if what == "plan":
            breaks = int(breaks_of(problem, value).sum())
            if self.slots is None or breaks < self.breaks:
                self.slots, self.breaks = value, breaks
                tell(f"a plan with {breaks} breaks; at least {self.bound}")
        elif what == "bound":
            self.bound = value
            tell(f"at least {value} breaks")
        else:
            self.is_impossible, self.conflict = True, value

    def answer(self, problem: Problem) -> Answer:
        if self.is_impossible:
            return Answer(Status.IMPOSSIBLE, None, None, None, conflict=self.conflict or (ALL,))
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


def _search(theirs: Connection, problem: Problem, fairness: int | None, deadline: float) -> None:
    """In a process of its own: says a first plan, each bound that is proved, and the plan that reaches it."""
    from pysat.solvers import Solver  # heavy: only where it is planned

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who asked, and they end this process
    may = narrowed(problem)
    if may is None:
        theirs.send(("impossible", ()))
        theirs.send(("impossible", conflict_in(problem, deadline=deadline - 2 * LOOK)))
        return
    least = least_breaks(problem, may)
    sure = sum(least.values())
    theirs.send(("bound", sure))
    limit, more = FIRST_LIMIT, 0
    while True:
        formula = formula_of(problem, may, least, fairness=fairness, most_breaks=limit)
        with Solver(name=SOLVER, bootstrap_with=formula.clauses) as solver:
            if not more and not _first_plan(solver, formula, problem, theirs):
                theirs.send(("impossible", ()))
                return
            while more < limit:
                if solver.solve(assumptions=[-each for each in formula.bound[more : more + 1]]):
                    theirs.send(("plan", plan_in(formula, solver.get_model(), problem)))
                    return
                more += 1
                theirs.send(("bound", sure + more))
        limit *= 2


def _first_plan(solver: Any, formula: Formula, problem: Problem, theirs: Connection) -> bool:
    """Any plan at all, so that there is one where the time is short."""
    if not solver.solve():
        return False
    theirs.send(("plan", plan_in(formula, solver.get_model(), problem)))
    return True
