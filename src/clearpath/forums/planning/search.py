"""Those who search for the fewest breaks, each in a process of its own, and say what they find.

They say ("bound", breaks that any plan has), ("plan", slots), ("best", slots) where that is the plan to give, and
("impossible", sentences) where there is no plan.
"""

import signal
import time
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clearpath.forums.planning.breaks import Formula, breaks_of, first_formula_of, formula_of, plan_in, solver_of
from clearpath.forums.planning.conflict import conflicts_in, said
from clearpath.forums.planning.narrow import least_breaks, narrowed
from clearpath.forums.planning.problem import Problem

FIRST_LIMIT = 64  # breaks for which a formula is built at first; doubled where that is too few
WIDE = 256  # breaks beyond the least possible from which plans are improved; with more, there is only the first plan
BEGINNING = 3.0  # seconds of work for a first plan: it takes a core from the others
LATE = 2  # seconds after the deadline in which a process whose parent has died ends by itself


def prove(theirs: Connection, problem: Problem, fairness: int | None, deadline: float) -> None:
    """From below: the least bound that no reason excludes is asked first and raised one by one.

    So the first plan found within a bound is the best. Where there is no plan, says why.
    """
    _begin(deadline)
    plan = _raised(theirs, problem, fairness, counts_meetings=False)
    if plan is not None:
        theirs.send(("best", plan))
        return
    theirs.send(("impossible", ()))
    for conflict in conflicts_in(problem, fairness):
        theirs.send(("impossible", said(problem, conflict)))


def prove_too(theirs: Connection, problem: Problem, fairness: int | None, deadline: float) -> None:
    """From below as well, by a formula that says more: some forums that are hard for the one are not for the other."""
    _begin(deadline)
    plan = _raised(theirs, problem, fairness, counts_meetings=True)
    theirs.send(("impossible", ()) if plan is None else ("plan", plan))


def _raised(
    theirs: Connection, problem: Problem, fairness: int | None, *, counts_meetings: bool
) -> NDArray[np.int32] | None:
    """The best plan, whose breaks were said to be the bound; None: there is no plan."""
    may = narrowed(problem)
    if may is None:
        return None
    least = least_breaks(problem, may)
    sure = sum(least.values())
    theirs.send(("bound", sure))
    limit, more = FIRST_LIMIT, 0
    while True:
        formula = formula_of(problem, may, least, fairness=fairness, most_breaks=limit, counts_meetings=counts_meetings)
        with solver_of(formula) as solver:
            if not more:
                plan = _plan(solver, formula, problem)
                if plan is None:
                    return None
                theirs.send(("plan", plan))
            while more < limit:
                plan = _plan(solver, formula, problem, more)
                if plan is not None:
                    return plan
                more += 1
                theirs.send(("bound", sure + more))
        limit *= 2


def improve(theirs: Connection, problem: Problem, fairness: int | None, deadline: float) -> None:
    """From above: asks for three quarters of the breaks that the best plan has beyond the bound.

    So that there is a good plan where the time is too short for a proof. Its formula says more than the prover's: some
    forums that are hard for the one are not for the other.
    """
    _begin(deadline)
    may = narrowed(problem)
    if may is None:
        return
    least = least_breaks(problem, may)
    sure = sum(least.values())
    low = sure
    formula = formula_of(problem, may, least, fairness=fairness, most_breaks=WIDE, counts_meetings=True)
    with solver_of(formula) as solver:
        plan = _plan(solver, formula, problem, WIDE)
        while plan is not None:
            theirs.send(("plan", plan))
            high = int(breaks_of(problem, plan).sum())
            plan = None
            while plan is None and low < high:
                most = low + (high - low) * 3 // 4
                plan = _plan(solver, formula, problem, most - sure)
                if plan is None:
                    low = most + 1
                    theirs.send(("bound", low))


def any_plan(theirs: Connection, problem: Problem, fairness: int | None, deadline: float) -> None:
    """By a short formula: so that there is one where the time is too short for those that count breaks."""
    _begin(deadline, processor=BEGINNING)
    may = narrowed(problem)
    if may is None:
        return
    formula = first_formula_of(problem, may, fairness=fairness)
    with solver_of(formula) as solver:
        plan = _plan(solver, formula, problem)
    if plan is not None:
        theirs.send(("plan", plan))


def _begin(deadline: float, processor: float = 0.0) -> None:
    """Ctrl-C is for who asked, and they end this process; where they were killed, the alarm does.

    With `processor` it ends also after so many seconds of work, however long a busy machine takes for them.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, max(0.0, deadline - time.monotonic()) + LATE)
    signal.setitimer(signal.ITIMER_PROF, processor)


def _plan(solver: Any, formula: Formula, problem: Problem, more: int | None = None) -> NDArray[np.int32] | None:
    """A plan with no more than `more` breaks beyond those that there are in any case; None: there is none."""
    assumed = [] if more is None else [-each for each in formula.bound[more : more + 1]]
    return plan_in(formula, solver.get_model(), problem) if solver.solve(assumptions=assumed) else None
