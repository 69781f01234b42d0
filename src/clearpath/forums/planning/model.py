"""A forum as a model for CP-SAT: which meeting in which slot. Proves what a few meetings can do, or that they cannot.

Every slot of every meeting is a variable, so it is for what is hard (meetings that must take place, least quotas) and
for small forums; the way between halls is left out, so that what it proves impossible is so.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clearpath.forums.planning.problem import NOWHERE
from clearpath.forums.planning.rules import Rules
from clearpath.forums.planning.sentences import Sentence, say
from clearpath.forums.planning.until import Until

MOST_VARIABLES = 60_000
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that every plan has to hold, with the sentence that names it."""

    says: Sentence = field(compare=False)
    key: tuple[str, int, int]  # ("must", meeting, -), ("order", meeting, later meeting), ("least", quota row, -)


def wishes(rules: Rules) -> list[Wish]:
    """Everything that a plan has to hold beside what a plan is."""
    return [*_musts(rules), *_orders(rules), *_least(rules)]


def _musts(rules: Rules) -> Iterator[Wish]:
    problem = rules.problem
    sessions = {slot.session: slot.id for slot in reversed(problem.slots)}
    for meeting in np.flatnonzero(problem.must).tolist():
        pair = problem.pair(meeting)
        if problem.fixed[meeting] != NOWHERE:
            says = say("must_meet_in_slot", **pair, slot=problem.slots[problem.fixed[meeting]].id)
        elif problem.session[meeting] != NOWHERE:
            says = say("must_meet_in_session", **pair, slot=sessions[int(problem.session[meeting])])
        else:
            says = say("must_meet", **pair)
        yield Wish(says, ("must", meeting, NOWHERE))


def _orders(rules: Rules) -> Iterator[Wish]:
    for first, then in rules.problem.before:
        later = {f"then_{name}": each for name, each in rules.problem.pair(then).items()}
        yield Wish(say("meet_before", **rules.problem.pair(first), **later), ("order", first, then))


def _least(rules: Rules) -> Iterator[Wish]:
    for row, ((delegate, others), (least, _most)) in enumerate(rules.quotas.items()):
        if least:
            name, trade = rules.problem.delegates[delegate], rules.problem.trades[delegate]
            yield Wish(say("quota", name=name, trade=trade, n=least, others=others), ("least", row, NOWHERE))


class Model:
    """The meetings that may be chosen, in the slots where they may be, under all rules but the wishes."""

    def __init__(self, rules: Rules, meetings: Iterable[int]) -> None:
        from ortools.sat.python import cp_model  # heavy: only where it is planned

        self.rules = rules
        self.cp = cp_model
        self.model = cp_model.CpModel()
        self.at = {
            meeting: {slot: self.model.new_bool_var("") for slot in np.flatnonzero(rules.may[meeting]).tolist()}
            for meeting in meetings
        }
        self.literal: dict[Wish, Any] = {}
        self._agendas()
        self._tables()
        self._quotas()

    def _agendas(self) -> None:
        problem = self.rules.problem
        there: dict[tuple[int, int], list[Any]] = {}
        held: dict[int, list[Any]] = {}
        for meeting, slots in self.at.items():
            self.model.add_at_most_one(slots.values())
            for end in (int(problem.first[meeting]), int(problem.second[meeting])):
                held.setdefault(end, []).extend(slots.values())
                for slot, chosen in slots.items():
                    there.setdefault((end, slot), []).append(chosen)
        for each in there.values():
            self.model.add_at_most_one(each)
        for end, every in held.items():
            self.model.add(sum(every) <= int(self.rules.most[end]))

    def _tables(self) -> None:
        in_slot: dict[int, list[Any]] = {}
        for meeting, slots in self.at.items():
            if self.rules.needs_table[meeting]:
                for slot, chosen in slots.items():
                    in_slot.setdefault(slot, []).append(chosen)
        for slot, every in in_slot.items():
            self.model.add(sum(every) <= int(self.rules.room[slot]))

    def _quotas(self) -> None:
        self.counted: dict[int, list[Any]] = {}
        for meeting, slots in self.at.items():
            for row in self.rules.quota_of[:, meeting].tolist():
                if row != NOWHERE:
                    self.counted.setdefault(row, []).extend(slots.values())
        for row, every in self.counted.items():
            self.model.add(sum(every) <= int(self.rules.quota_most[row]))

    def wish(self, wanted: Iterable[Wish]) -> None:
        """Each is held where its literal is assumed."""
        for each in wanted:
            literal = self.literal[each] = self.model.new_bool_var("")
            kind, one, other = each.key
            if kind == "must":
                self.model.add_bool_or(self.at[one].values()).only_enforce_if(literal)
            elif kind == "least":
                least = int(self.rules.quota_least[one])
                self.model.add(sum(self.counted.get(one, [])) >= least).only_enforce_if(literal)
            else:
                self._order(one, other, literal)

    def _order(self, first: int, then: int, literal: Any) -> None:
        """The later one is in no slot up to that of the first."""
        for slot, chosen in self.at.get(first, {}).items():
            for other, later in self.at.get(then, {}).items():
                if other <= slot:
                    self.model.add_bool_or(chosen.negated(), later.negated(), literal.negated())

    def solve(self, until: Until, *, seed: int, held: Collection[Wish]) -> "Solved":
        """Looks for a plan that holds the given wishes."""
        self.model.clear_assumptions()
        self.model.add_assumptions([literal for each, literal in self.literal.items() if each in held])
        solver = self._solver(until, seed, workers=1)  # several give no core
        status = solver.solve(self.model)
        if status == self.cp.INFEASIBLE:
            core = set(solver.sufficient_assumptions_for_infeasibility())
            return Solved(None, [each for each, literal in self.literal.items() if literal.index in core], 0)
        return Solved(self._slots(solver) if status in (self.cp.OPTIMAL, self.cp.FEASIBLE) else None, None, 0)

    def best(self, until: Until, slot: NDArray[np.int32] | None = None, *, seed: int) -> "Solved":
        """The plan of most value that holds every wish, perhaps from a known one; the best proved bound."""
        value = self.rules.problem.value
        self.model.add_bool_and(list(self.literal.values()))
        self.model.maximize(sum(int(value[each]) * sum(slots.values()) for each, slots in self.at.items()))
        if slot is not None:
            for meeting, slots in self.at.items():
                for where, chosen in slots.items():
                    self.model.add_hint(chosen, int(slot[meeting] == where))
        solver = self._solver(until, seed, workers=WORKERS)
        status = solver.solve(self.model)
        found = status in (self.cp.OPTIMAL, self.cp.FEASIBLE)
        return Solved(self._slots(solver) if found else None, None, int(solver.best_objective_bound) if found else None)

    def _solver(self, until: Until, seed: int, *, workers: int) -> Any:
        solver = self.cp.CpSolver()
        solver.parameters.max_time_in_seconds = max(until.seconds_left, 0.01)
        solver.parameters.random_seed = seed
        solver.parameters.num_workers = workers
        return solver

    def _slots(self, solver: Any) -> NDArray[np.int32]:
        found = np.full(len(self.rules.problem.first), NOWHERE, np.int32)
        for meeting, slots in self.at.items():
            for slot, chosen in slots.items():
                if solver.boolean_value(chosen):
                    found[meeting] = slot
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """What the model knows: a plan, or wishes of which it has none, or neither in time."""

    slot: NDArray[np.int32] | None
    conflict: list[Wish] | None
    bound: int | None


def hard_plan(rules: Rules, until: Until, *, seed: int) -> Solved:
    """A plan of what every plan must hold; where there is none, wishes of which none can be left out.

    Only meetings that a wish speaks of are in it, so orders between others are kept by leaving them out.
    """
    wanted = wishes(rules)
    rows = [each.key[1] for each in wanted if each.key[0] == "least"]
    counts = np.isin(rules.quota_of, rows).any(axis=0) if rows else np.zeros(len(rules.problem.first), np.bool_)
    meetings = np.flatnonzero((rules.problem.must | counts) & (rules.may.any(axis=1) | rules.problem.must)).tolist()
    if sum(int(rules.may[each].sum()) for each in meetings) > MOST_VARIABLES * 10:
        return Solved(None, None, None)
    model = Model(rules, meetings)
    model.wish(wanted)
    found = model.solve(until, seed=seed, held=wanted)
    if found.conflict is None:
        return found
    core = found.conflict or wanted
    for each in list(core):  # what can be left out is
        if until.is_over:
            break
        less = [other for other in core if other is not each]
        without = model.solve(until, seed=seed, held=less)
        if without.conflict is not None:
            core = [other for other in less if other in without.conflict]
    return Solved(None, core, None)
