"""A forum in which every meeting takes place, as a formula whose bound on the breaks can be raised one by one.

A participant's day is a row of slots. A *break* ends where they meet in a slot, not in the slot before, and did meet
earlier. What every participant has in any case is not counted, so that the bound begins at zero.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clearpath.forums.planning.problem import NOWHERE, Problem

SOLVER = "cadical195"
FEW = 6  # up to so many, pairs that exclude each other are written out


@dataclass
class Formula:
    """Clauses, and what their variables mean."""

    clauses: list[list[int]] = field(default_factory=list)
    top: int = 0
    place: dict[tuple[int, int], int] = field(default_factory=dict)  # (meeting, slot) -> variable
    bound: list[int] = field(default_factory=list)  # [k]: more than k breaks beyond those that there are in any case

    def new(self) -> int:
        self.top += 1
        return self.top

    def add(self, *literals: int) -> None:
        self.clauses.append(list(literals))


def formula_of(
    problem: Problem,
    may: NDArray[np.bool_],
    least: dict[int, int],
    *,
    fairness: int | None,
    most_breaks: int,
    counts_meetings: bool = False,
) -> Formula:
    """The formula of a problem whose meetings are where `may` [meeting, slot] says.

    `least` are the breaks that each participant has in any plan. The bound is built for `most_breaks` beyond them.
    `counts_meetings` says once more, by the meetings themselves, how many tables there are.
    """
    formula = Formula()
    _place(formula, may)
    met = _one_at_a_time(formula, problem)
    _tables(formula, problem, met)
    if counts_meetings:
        _tables_by_meetings(formula, problem)
    _precede(formula, problem)
    counts = _count_breaks(formula, problem, met)
    for person, outputs in counts.items():
        for sure in outputs[: least[person]]:
            formula.add(sure)
    _be_fair(formula, counts, len(problem.delegates), fairness)
    beyond = [outputs[least[person] :] for person, outputs in counts.items()]
    formula.bound = _merged([each for each in beyond if each], formula, most_breaks + 1)
    return formula


def first_formula_of(problem: Problem, may: NDArray[np.bool_], *, fairness: int | None) -> Formula:
    """For a plan soon: nobody has more than `fairness` breaks, so no two are further apart. It says nothing of bounds.

    Short, as nothing is counted for all together; where it has no plan, there may be one in which all have many breaks.
    """
    formula = Formula()
    _place(formula, may)
    met = _one_at_a_time(formula, problem)
    _tables(formula, problem, met)
    _precede(formula, problem)
    held = _held(problem)
    for person, slots in met.items():
        _exactly(formula, slots, int(held[person]))
        if fairness is not None:
            _at_most_breaks(formula, slots, fairness)
    return formula


def _held(problem: Problem) -> NDArray[np.intp]:
    """[delegate] in how many meetings they are."""
    return np.bincount(np.concatenate([problem.first, problem.second]), minlength=len(problem.delegates))


def _at_most_breaks(formula: Formula, slots: list[int], most: int) -> None:
    """A row of counters, by slot: more than k breaks have ended by then."""
    since = _once(formula, slots)
    before: list[int] = []
    for slot in range(2, len(slots)):
        ends = [-slots[slot], slots[slot - 1], -since[slot - 2]]  # unless one of these, a break ends
        now = [formula.new() for _each in range(most)]
        for count, literal in enumerate(now):
            if before:
                formula.add(-before[count], literal)
            if count == 0:
                formula.add(*ends, literal)
            elif before:
                formula.add(*ends, -before[count - 1], literal)
        if not most:
            formula.add(*ends)
        elif before:
            formula.add(*ends, -before[-1])
        before = now


def solver_of(formula: Formula) -> Any:
    """A solver that knows the formula, to be used in `with`."""
    from pysat.solvers import Solver  # heavy: only where it is planned

    return Solver(name=SOLVER, bootstrap_with=formula.clauses)


def windows(problem: Problem) -> NDArray[np.bool_]:
    """[meeting, slot] where each meeting may be."""
    sessions = np.array([slot.session for slot in problem.slots])
    may = problem.free[problem.first] & problem.free[problem.second]
    may &= (problem.session[:, None] == NOWHERE) | (sessions[None, :] == problem.session[:, None])
    fixed = problem.fixed[:, None]
    may &= (fixed == NOWHERE) | (np.arange(len(problem.slots))[None, :] == fixed)
    return may


def _place(formula: Formula, may: NDArray[np.bool_]) -> None:
    """Every meeting is in exactly one of its slots."""
    for meeting, row in enumerate(may):
        here = []
        for slot in np.flatnonzero(row):
            formula.place[meeting, int(slot)] = variable = formula.new()
            here.append(variable)
        formula.add(*here)
        _at_most_one(formula, here)


def _at_most_one(formula: Formula, literals: Sequence[int]) -> None:
    """Pairs where they are few, else a ladder: a variable for each place says that one came before."""
    if len(literals) <= FEW:
        for one, other in combinations(literals, 2):
            formula.add(-one, -other)
        return
    before = 0
    for literal in literals:
        after = formula.new()
        formula.add(-literal, after)
        if before:
            formula.add(-before, after)
            formula.add(-before, -literal)
        before = after


def _one_at_a_time(formula: Formula, problem: Problem) -> dict[int, list[int]]:
    """At most one meeting for each participant and slot; gives for each the variables that say that they meet then."""
    theirs: dict[int, list[int]] = defaultdict(list)
    for meeting, (first, second) in enumerate(zip(problem.first.tolist(), problem.second.tolist(), strict=True)):
        theirs[first].append(meeting)
        theirs[second].append(meeting)
    met: dict[int, list[int]] = {}
    for person, meetings in sorted(theirs.items()):
        met[person] = []
        for slot in range(len(problem.slots)):
            here = [formula.place[each, slot] for each in meetings if (each, slot) in formula.place]
            _at_most_one(formula, here)
            variable = formula.new()
            met[person].append(variable)
            for each in here:
                formula.add(-each, variable)
            formula.add(-variable, *here)
    return met


def _tables(formula: Formula, problem: Problem, met: dict[int, list[int]]) -> None:
    """No more meetings than tables in a slot. Who meets is counted: they are fewer, and two in each meeting."""
    most = 2 * problem.tables
    for slot in range(len(problem.slots)):
        people = [slots[slot] for slots in met.values()]
        if len(people) > most:
            formula.add(-_totals(people, formula, most + 1)[most])


def _tables_by_meetings(formula: Formula, problem: Problem) -> None:
    """Implied: longer than to count who meets, but where tables are what is short, far fewer steps for the solver."""
    here: dict[int, list[int]] = defaultdict(list)
    for (_meeting, slot), variable in formula.place.items():
        here[slot].append(variable)
    for _slot, meetings in sorted(here.items()):
        if len(meetings) > problem.tables:
            formula.add(-_totals(meetings, formula, problem.tables + 1)[problem.tables])


def _precede(formula: Formula, problem: Problem) -> None:
    """Where the later one is in a slot, the earlier one is in a slot before."""
    for earlier, later in problem.before:
        for slot in range(len(problem.slots)):
            if (later, slot) in formula.place:
                before = [formula.place[earlier, when] for when in range(slot) if (earlier, when) in formula.place]
                formula.add(-formula.place[later, slot], *before)


def _count_breaks(formula: Formula, problem: Problem, met: dict[int, list[int]]) -> dict[int, list[int]]:
    """For each participant who meets anybody: [k] says that they have more than k breaks, exactly."""
    held = _held(problem)
    counts = {}
    for person, slots in met.items():
        meetings = int(held[person])
        _exactly(formula, slots, meetings)
        since, until = _once(formula, slots), _once(formula, slots[::-1])[::-1]
        ends = []  # of breaks
        for slot in range(2, len(slots)):
            end = formula.new()
            formula.add(-slots[slot], slots[slot - 1], -since[slot - 2], end)
            for literal in (slots[slot], -slots[slot - 1], since[slot - 2]):
                formula.add(-end, literal)
            ends.append(end)
        outputs = _totals(ends, formula, len(ends), exact=True)
        most = max(0, min(meetings - 1, len(slots) - meetings, (len(slots) + 1) // 2 - 1))
        for beyond in outputs[most:]:
            formula.add(-beyond)
        counts[person] = outputs[:most]
        _without_breaks(formula, (slots, since, until), meetings, counts[person][:1])
    return counts


def _without_breaks(
    formula: Formula, day: tuple[list[int], list[int], list[int]], meetings: int, has_one: list[int]
) -> None:
    """Implied: who has no break meets in every slot between two others, and in no more slots than they have meetings.

    `day` are a participant's slots, whether they met by then, and whether they will meet from then on.
    """
    slots, since, until = day
    for slot in range(1, len(slots) - 1):
        formula.add(-since[slot - 1], -until[slot + 1], slots[slot], *has_one)
    for slot in range(len(slots) - meetings):
        formula.add(-since[slot], -until[slot + meetings], *has_one)
        formula.add(since[slot], until[slot + meetings])


def _once(formula: Formula, literals: Sequence[int]) -> list[int]:
    """[k] says that one of those up to k is true, exactly."""
    once = [literals[0]]
    for literal in literals[1:]:
        now = formula.new()
        formula.add(-once[-1], now)
        formula.add(-literal, now)
        formula.add(-now, literal, once[-1])
        once.append(now)
    return once


def _exactly(formula: Formula, literals: Sequence[int], count: int) -> None:
    """Implied: somebody with so many meetings meets in so many slots."""
    outputs = _totals(literals, formula, len(literals), exact=True)
    if count > len(outputs):
        formula.add()
        return
    if count:
        formula.add(outputs[count - 1])
    if count < len(outputs):
        formula.add(-outputs[count])


def _be_fair(formula: Formula, counts: dict[int, list[int]], people: int, fairness: int | None) -> None:
    """Where somebody has more than `fairness` breaks above a level, everybody is above that level."""
    if fairness is None:
        return
    longest = max(map(len, counts.values()), default=0)
    for level in range(longest - fairness):
        above = formula.new()  # somebody has more than level + fairness breaks
        for outputs in counts.values():
            if level + fairness < len(outputs):
                formula.add(-outputs[level + fairness], above)
        for outputs in counts.values():
            formula.add(*([-above, outputs[level]] if level < len(outputs) else [-above]))
        if len(counts) < people:
            formula.add(-above)


def _totals(literals: Sequence[int], formula: Formula, most: int, *, exact: bool = False) -> list[int]:
    """A totalizer: output k is true when more than k are true; with `exact` also only then. Up to `most` outputs.

    Source: Bailleux and Boufkhad, "Efficient CNF Encoding of Boolean Cardinality Constraints", CP 2003.
    """
    return _tree([[literal] for literal in literals], formula, most, exact=exact)


def _merged(counts: list[list[int]], formula: Formula, most: int) -> list[int]:
    return _tree(counts, formula, most, exact=False)


def _tree(parts: list[list[int]], formula: Formula, most: int, *, exact: bool) -> list[int]:
    while len(parts) > 1:
        parts = [
            _sum(parts[place], parts[place + 1], formula, most, exact=exact) if place + 1 < len(parts) else parts[place]
            for place in range(0, len(parts), 2)
        ]
    return parts[0][:most] if parts else []


def _sum(left: list[int], right: list[int], formula: Formula, most: int, *, exact: bool) -> list[int]:
    outputs = [formula.new() for _each in range(min(len(left) + len(right), most))]
    for some in range(len(left) + 1):
        for others in range(len(right) + 1):
            both = some + others
            given = [-each for each in (*left[:some][-1:], *right[:others][-1:])]
            if both > 0:
                formula.add(*given, outputs[min(both, most) - 1])
            if exact and both < len(outputs):
                formula.add(*left[some : some + 1], *right[others : others + 1], -outputs[both])
    return outputs


def plan_in(formula: Formula, model: Iterable[int], problem: Problem) -> NDArray[np.int32]:
    """[meeting] the slots of a model."""
    true = {literal for literal in model if literal > 0}
    slots = np.full(len(problem.first), NOWHERE, np.int32)
    for (meeting, slot), variable in formula.place.items():
        if variable in true:
            slots[meeting] = slot
    return slots


def breaks_of(problem: Problem, slots: NDArray[np.int32]) -> NDArray[np.int64]:
    """[delegate] the breaks in a plan in which every meeting has its slot."""
    meets = np.zeros((len(problem.delegates), len(problem.slots)), np.bool_)
    meets[problem.first, slots] = meets[problem.second, slots] = True
    begins = meets[:, 0].astype(np.int64) + (meets[:, 1:] & ~meets[:, :-1]).sum(axis=1)
    breaks: NDArray[np.int64] = np.maximum(begins - 1, 0)
    return breaks
