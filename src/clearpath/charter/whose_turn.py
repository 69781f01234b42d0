"""Whose turn is it now? The steps that bring a subject forward, out of all that could be taken."""

from collections.abc import Sequence
from dataclasses import dataclass

from clearpath.charter.decide import Tables
from clearpath.charter.standing import Standing
from clearpath.charter.terms import NETWORK, Step, SubjectRules


@dataclass(frozen=True, slots=True)
class Turn:
    """One step that is somebody's turn; `by` is the role or position, `lane` the index of the lane or None."""

    step: str
    by: str
    lane: int | None = None


def turns(
    tables: Tables, kind: str, stage: str, facts: frozenset[str], lanes: Sequence[frozenset[str]]
) -> tuple[Turn, ...]:
    """The steps that are somebody's turn now, in the order of the charter.

    A step is a turn when it can be taken, changes something, and the journey waits for it: it has a time
    target, gives a fact that another step waits for, or leads on to the next stage. Ways out are no turns.
    """
    rules = tables.charter.subjects[kind]
    found = []
    for step in rules.steps.values():
        if step.by == NETWORK or step.every_subject or step.starts or stage not in step.stages:
            continue
        for lane in range(len(lanes)) if step.on_lane else (None,):
            standing = Standing(kind, stage, facts, tuple(lanes), lane)
            held = facts | (lanes[lane] if lane is not None else frozenset())
            if tables.takeable_on(step.name, standing) and _waited_for(step, rules, stage, held):
                found.append(Turn(step.name, step.by, lane))
    return tuple(found)


def _waited_for(step: Step, rules: SubjectRules, stage: str, held: frozenset[str]) -> bool:
    order = list(rules.stages)
    forward = bool(step.to) and order.index(step.to) > order.index(stage)
    new = set(step.gives) - held
    if not (new or set(step.drops) & held or forward):
        return False
    if step.within is not None or new & wanted_facts(rules)[step.name]:
        return True
    return forward and _leads_on(step, rules, stage)


def _leads_on(step: Step, rules: SubjectRules, stage: str) -> bool:
    exits = exit_stages(rules)
    needs_something = any(not need.negated for need in step.needs)
    if step.to in exits:
        return needs_something
    if rules.stages[step.to].final:
        return needs_something or stage in exits
    leads_back = any(back.to == stage and step.to in back.stages for back in rules.steps.values())
    return needs_something or not leads_back


_exits: dict[int, tuple[SubjectRules, frozenset[str]]] = {}
_wanted: dict[int, tuple[SubjectRules, dict[str, frozenset[str]]]] = {}


def exit_stages(rules: SubjectRules) -> frozenset[str]:
    """The stages entered directly from more than half of the other open stages: `ending`, `left`."""
    known = _exits.get(id(rules))
    if known and known[0] is rules:
        return known[1]
    found = set()
    for stage in rules.stages:
        others = [other for other in rules.open_stages if other != stage]
        entered = {start for step in rules.steps.values() if step.to == stage for start in step.stages} - {stage}
        if others and len(entered & set(others)) * 2 > len(others):
            found.add(stage)
    _exits[id(rules)] = (rules, frozenset(found))
    return _exits[id(rules)][1]


def wanted_facts(rules: SubjectRules) -> dict[str, frozenset[str]]:
    """For each step, the facts it gives that another step waits for, other than to drop them or to leave."""
    known = _wanted.get(id(rules))
    if known and known[0] is rules:
        return known[1]
    exits = exit_stages(rules)
    found = {
        step.name: frozenset(
            fact
            for fact in step.gives
            if any(
                need.fact == fact and not need.negated and fact not in other.drops and other.to not in exits
                for other in rules.steps.values()
                for need in other.needs
            )
        )
        for step in rules.steps.values()
    }
    _wanted[id(rules)] = (rules, found)
    return found
