"""Why a role may, or may not, take a step: the decision, with what the charter says around it."""

from collections.abc import Collection
from datetime import UTC, datetime

from clearpath.charter.actor import Actor
from clearpath.charter.decide import Decision, Tables
from clearpath.charter.standing import Standing
from clearpath.charter.terms import Charter, Step, SubjectRules


class Unknown(ValueError):  # noqa: N818 - the question names something that the charter does not know
    """The question cannot be asked of this charter; the message says why."""


def explain(
    tables: Tables, role: str, step: str, stage: str, having: Collection[str] = (), *, on: str = ""
) -> tuple[Decision, tuple[str, ...]]:
    """The decision for a seated `role`, and the sentences that explain it. Raises Unknown.

    Lane facts in `having` are those of the one lane that the question is about. `on` names the subject, for
    steps that are on every subject.
    """
    charter = tables.charter
    if role not in charter.roles:
        raise Unknown(f"There is no role {role}. Roles: {', '.join(charter.roles)}.")
    rules = _subject(charter, step, stage, on)
    known = rules.facts
    for fact in having:
        if fact not in known:
            raise Unknown(f"There is no fact {fact} on the {rules.name}. Facts: {', '.join(known)}.")
    lane_facts = frozenset(rules.lanes.facts if rules.lanes else ())
    held = frozenset(having)
    seats = {role, *(position for position, roles in rules.positions.items() if role in roles)}
    sits = frozenset(seats if role in rules.seatable_roles else ())
    lanes = (held & lane_facts,) if rules.lanes else ()
    standing = Standing(rules.name, stage, held - lane_facts, lanes, 0 if lanes else None, sits)
    decision = tables.decide(Actor(role, datetime(1970, 1, 1, tzinfo=UTC)), step, standing)
    return decision, tuple(_sentences(decision, rules.steps[step], rules))


def _subject(charter: Charter, step: str, stage: str, on: str) -> SubjectRules:
    if on and on not in charter.subjects:
        raise Unknown(f"There is no subject {on}. Subjects: {', '.join(charter.subjects)}.")
    found = [rules for rules in charter.subjects.values() if step in rules.steps and rules.name == (on or rules.name)]
    if not found:
        raise Unknown(f"There is no step {step}{f' on the {on}' if on else ''}.")
    for rules in found:
        if stage in rules.stages:
            return rules
    raise Unknown(f"There is no stage {stage}. Stages of the {found[0].name}: {', '.join(found[0].stages)}.")


def _sentences(decision: Decision, step: Step, rules: SubjectRules) -> list[str]:
    said = [decision.says]
    if step.stages and decision.code != "wrong_stage":
        said.append(f"It may be taken in: {', '.join(step.stages)}.")
    if decision.missing:
        said.append(f"Missing: {', '.join(decision.missing)}.")
    said.extend(
        f"{need} is given by: {', '.join(_givers(rules, need))}." for need in decision.missing if _givers(rules, need)
    )
    if step.may_appoint:
        said.append(f"For it, the {step.by} may appoint: {', '.join(step.may_appoint)}.")
    if step.to:
        said.append(f"It leads to: {step.to}.")
    if step.tell:
        said.append(f"Told: {', '.join(step.tell)}.")
    return said


def _givers(rules: SubjectRules, need: str) -> list[str]:
    """The steps that make the need hold: those that give the fact, or drop it when it must not hold."""
    fact = need.split()[-1]
    wanted = "drops" if need.startswith("not ") else "gives"
    return [step.name for step in rules.steps.values() if fact in getattr(step, wanted)]
