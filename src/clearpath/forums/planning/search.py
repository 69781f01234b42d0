"""The two who search for the fewest breaks, each in a process of its own, and say what they find.

They say ("bound", breaks that any plan has), ("plan", slots), ("best", slots) where no plan has fewer breaks, and
("impossible", sentences) where there is no plan.
"""

import signal
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clearpath.forums.planning.breaks import Formula, breaks_of, formula_of, plan_in
from clearpath.forums.planning.conflict import conflict_in
from clearpath.forums.planning.narrow import least_breaks, narrowed
from clearpath.forums.planning.problem import Problem

SOLVER = "cadical195"
FIRST_LIMIT = 64  # breaks for which a formula is built at first; doubled where that is too few
WIDE = 256  # breaks beyond the least possible from which plans are improved; with more, there is only the first plan
SPARE = 0.5  # seconds before the deadline in which a conflict is told as it is


def prove(theirs: Connection, problem: Problem, fairness: int | None, deadline: float) -> None:
    """From below: the least bound that no reason excludes is asked first and raised one by one.

    So the first plan found within a bound is the best.
    """
    _begin()
    may = narrowed(problem)
    if may is None:
        theirs.send(("impossible", ()))
        theirs.send(("impossible", conflict_in(problem, deadline=deadline - SPARE)))
        return
    least = least_breaks(problem, may)
    sure = sum(least.values())
    theirs.send(("bound", sure))
    limit, more = FIRST_LIMIT, 0
    while True:
        formula = formula_of(problem, may, least, fairness=fairness, most_breaks=limit)
        with _solver(formula) as solver:
            if not more:
                plan = _plan(solver, formula, problem)
                theirs.send(("impossible", ()) if plan is None else ("plan", plan))
                if plan is None:
                    return
            while more < limit:
                plan = _plan(solver, formula, problem, more)
                if plan is not None:
                    theirs.send(("best", plan))
                    return
                more += 1
                theirs.send(("bound", sure + more))
        limit *= 2


def improve(theirs: Connection, problem: Problem, fairness: int | None, _deadline: float) -> None:
    """From above: asks for three quarters of the breaks that the best plan has beyond the bound.

    So that there is a good plan where the time is too short for a proof.
    """
    _begin()
    may = narrowed(problem)
    if may is None:
        return
    least = least_breaks(problem, may)
    sure = sum(least.values())
    low, high = sure, sure + WIDE
    most = high
    formula = formula_of(problem, may, least, fairness=fairness, most_breaks=WIDE)
    with _solver(formula) as solver:
        while low <= most:
            plan = _plan(solver, formula, problem, most - sure)
            if plan is None:
                low = most + 1
                theirs.send(("bound", low))
            else:
                high = int(breaks_of(problem, plan).sum())
                theirs.send(("plan", plan))
            most = min(high - 1, low + (high - low) * 3 // 4)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who asked, and they end this process


def _solver(formula: Formula) -> Any:
    from pysat.solvers import Solver  # heavy: only where it is planned

    return Solver(name=SOLVER, bootstrap_with=formula.clauses)


def _plan(solver: Any, formula: Formula, problem: Problem, more: int | None = None) -> NDArray[np.int32] | None:
    """A plan with no more than `more` breaks beyond those that there are in any case; None: there is none."""
    assumed = [] if more is None else [-each for each in formula.bound[more : more + 1]]
    return plan_in(formula, solver.get_model(), problem) if solver.solve(assumptions=assumed) else None
