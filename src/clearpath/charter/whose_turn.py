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
    target, gives a fact that another step waits for, or leads on to the next stage. Ways out are no turns, except
    those that something must have brought about.
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
    # What a step drops besides giving something is a side effect: an offer made is not waited for again.
    undone = not step.gives and bool(set(step.drops) & held)
    if not (new or undone or forward):
        return False
    if step.within is not None or new & _wanted(step, rules, stage):
        return True
    return forward and _leads_on(step, rules, stage)


def _leads_on(step: Step, rules: SubjectRules, stage: str) -> bool:
    """Somebody must take a way out when it says what brought it about: all doctors advise against, so it ends."""
    exits = exit_stages(rules)
    needs_something = any(not need.negated for need in step.needs)
    if step.to in exits:
        return needs_something
    if rules.stages[step.to].final:
        return needs_something or stage in exits
    leads_back = any(back.to == stage and step.to in back.stages for back in rules.steps.values())
    return needs_something or not leads_back


def exit_stages(rules: SubjectRules) -> frozenset[str]:
    """The stages that are left for rather than worked towards: `ending`, `left`.

    Each is entered directly from more than half of the other open stages, two at least, and leads back to none.
    """
    known = _known(rules)
    return known.exits


def _wanted(step: Step, rules: SubjectRules, stage: str) -> frozenset[str]:
    """The facts that the step gives and another waits for, other than to drop them or to leave, here or later on."""
    known = _known(rules)
    ahead = known.ahead[stage]
    return frozenset(
        fact for fact in step.gives if any(ahead.intersection(other.stages) for other in known.waiting.get(fact, ()))
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What follows from the rules alone, found once."""

    rules: SubjectRules
    exits: frozenset[str]
    ahead: dict[str, frozenset[str]]  # per stage: itself and those it leads to, going forward and not out
    waiting: dict[str, list[Step]]  # per fact: the steps that wait for it


_kept: dict[int, _Known] = {}  # by identity; the rules are kept too, so that no identity is used twice
_MOST_KEPT = 500


def _known(rules: SubjectRules) -> _Known:
    known = _kept.get(id(rules))
    if known is None:
        exits = _exits(rules)
        known = _Known(rules, exits, _ahead(rules, exits), _waiting(rules, exits))
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[id(rules)] = known
    return known


def _exits(rules: SubjectRules) -> frozenset[str]:
    found = set()
    for stage in rules.stages:
        others = set(rules.open_stages) - {stage}
        entered = {start for step in rules.steps.values() if step.to == stage for start in step.stages} & others
        leads_to = {step.to for step in rules.steps.values() if stage in step.stages}
        if len(entered) > 1 and len(entered) * 2 > len(others) and not leads_to & entered:
            found.add(stage)
    return frozenset(found)


def _ahead(rules: SubjectRules, exits: frozenset[str]) -> dict[str, frozenset[str]]:
    order = list(rules.stages)
    ahead: dict[str, frozenset[str]] = {}
    for stage in reversed(order):
        found = {stage}
        for step in rules.steps.values():
            later = bool(step.to) and order.index(step.to) > order.index(stage)
            if later and stage in step.stages and step.to not in exits:
                found |= ahead[step.to]
        ahead[stage] = frozenset(found)
    return ahead


def _waiting(rules: SubjectRules, exits: frozenset[str]) -> dict[str, list[Step]]:
    waiting: dict[str, list[Step]] = {}
    for step in rules.steps.values():
        for need in step.needs:
            if not need.negated and need.fact not in (*step.drops, *step.gives) and step.to not in exits:
                waiting.setdefault(need.fact, []).append(step)
    return waiting
