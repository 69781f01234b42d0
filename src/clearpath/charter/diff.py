"""What a new charter changes, in sentences that the people whom it touches can read."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from datetime import timedelta

from clearpath.charter.show import EVERY_SUBJECT, roles_behind
from clearpath.charter.terms import Charter, Promise, Step, SubjectRules

RELATIONS: dict[str, str] = {
    "by": "take",
    "may_appoint": "be appointed to take",
    "consulted": "be asked about",
    "tell": "be told of",
}


def diff(old: Charter, new: Charter) -> list[str]:
    """One sentence for each change: duties, sight, steps, stages, promises, separations, numbers; none when equal."""
    return [
        *_roles(old, new),
        *_duties(old, new),
        *_sight(old, new),
        *_steps(old, new),
        *_subjects(old, new),
        *_promises(old, new),
        *_separations(old, new),
        *_numbers(old, new),
    ]


def roles_affected(old: Charter, new: Charter) -> set[str]:
    """The roles that gain or lose a duty: to take a step, to be asked about it, to be told of it."""
    return {role for role, *_ in duties_of(old) ^ duties_of(new)}


def duties_of(charter: Charter) -> set[tuple[str, str, str, str]]:
    """Every (role, relation, step, subject); a position or `seated` stands for each of its roles."""
    return {
        (role, relation, step.name, step.subject or EVERY_SUBJECT)
        for step in charter.all_steps()
        for relation in RELATIONS
        for name in _named(step, relation)
        for role in roles_behind(_places(charter, step), name)
    }


def _places(charter: Charter, step: Step) -> list[SubjectRules]:
    return [charter.subjects[step.subject]] if step.subject else list(charter.subjects.values())


def _named(step: Step, relation: str) -> Sequence[str]:
    return (step.by,) if relation == "by" else getattr(step, relation)


def _roles(old: Charter, new: Charter) -> Iterator[str]:
    yield from (f"The role {role} is new: {new.roles[role]}." for role in new.roles if role not in old.roles)
    yield from (f"The role {role} is gone." for role in old.roles if role not in new.roles)
    for role in old.roles:
        if role in new.roles and old.roles[role] != new.roles[role]:
            yield f"The role {role} is now: {new.roles[role]}."


def _duties(old: Charter, new: Charter) -> Iterator[str]:
    before, after = duties_of(old), duties_of(new)
    for verb, changed in (("gains", after - before), ("loses", before - after)):
        for role, relation, step, subject in sorted(changed, key=lambda duty: (duty[2], duty[1], duty[0])):
            yield f"The {role} {verb} the duty to {RELATIONS[relation]} {step} ({subject})."


def _sight(old: Charter, new: Charter) -> Iterator[str]:
    for name in dict.fromkeys((*old.data, *new.data)):
        before, after = old.data.get(name, {}), new.data.get(name, {})
        for role in dict.fromkeys((*before, *after)):
            was, is_now = before.get(role), after.get(role)
            if was is None and is_now is not None:
                yield f"The {role} gains sight of {name} data ({is_now})."
            elif was is not None and is_now is None:
                yield f"The {role} loses sight of {name} data ({was})."
            elif was != is_now:
                yield f"The {role}'s sight of {name} data changes from {was} to {is_now}."


# Steps

_LISTS = {
    "stages": ("may now also be taken in {}", "may no longer be taken in {}"),
    "needs": ("now needs {}", "no longer needs {}"),
    "gives": ("now gives {}", "no longer gives {}"),
    "drops": ("now drops {}", "no longer drops {}"),
    "sees": ("now uses {} data", "no longer uses {} data"),
    "writes": ("now writes {} data", "no longer writes {} data"),
    "hands_on": ("now hands records to the {}", "no longer hands records to the {}"),
}
_VALUES = {"kind": "is of kind", "to": "leads to", "within": "is due within", "when": "is taken when", "opens": "opens"}


def _steps(old: Charter, new: Charter) -> Iterator[str]:
    before = {step.name: step for step in old.all_steps()}
    after = {step.name: step for step in new.all_steps()}
    yield from (f"The step {name} is new ({_home(after[name])})." for name in after if name not in before)
    yield from (f"The step {name} is gone ({_home(before[name])})." for name in before if name not in after)
    for name in after:
        if name in before and before[name] != after[name]:
            yield from _step(before[name], after[name])


def _home(step: Step) -> str:
    return step.subject or EVERY_SUBJECT


def _step(old: Step, new: Step) -> Iterator[str]:
    if old.subject != new.subject:
        yield f"{new.name} moves from {_home(old)} to {_home(new)}."
    if old.by != new.by:
        yield f"{new.name} is now the part of the {new.by}, no longer of the {old.by}."
    for field, (more, less) in _LISTS.items():
        before, after = getattr(old, field), getattr(new, field)
        yield from (f"{new.name} {more.format(one)}." for one in after if one not in before)
        yield from (f"{new.name} {less.format(one)}." for one in before if one not in after)
    for field, says in _VALUES.items():
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            yield f"{new.name} {says} {_said(after)}, no longer {_said(before)}."
    if old.on_lane != new.on_lane:
        yield f"{new.name} is {'now' if new.on_lane else 'no longer'} about one lane."
    if old.starts != new.starts:
        yield f"{new.name} {'now' if new.starts else 'no longer'} starts a {_home(new)}."


def _said(value: object) -> str:
    if isinstance(value, timedelta):
        hours, rest = divmod(int(value.total_seconds()), 3600)
        return f"{hours} hours" if not rest else f"{int(value.total_seconds()) // 60} minutes"
    return str(value) if value else "nothing"


# Subjects


def _subjects(old: Charter, new: Charter) -> Iterator[str]:
    yield from (
        f"The subject {name} is new: {new.subjects[name].says}." for name in new.subjects if name not in old.subjects
    )
    yield from (f"The subject {name} is gone." for name in old.subjects if name not in new.subjects)
    for name, rules in new.subjects.items():
        if name in old.subjects:
            yield from _stages(old.subjects[name], rules)
            yield from _seats(old.subjects[name], rules)


def _stages(old: SubjectRules, new: SubjectRules) -> Iterator[str]:
    yield from (f"The {new.name} has a new stage {stage}." for stage in new.stages if stage not in old.stages)
    yield from (f"The {new.name} loses its stage {stage}." for stage in old.stages if stage not in new.stages)
    if old.first != new.first:
        yield f"The {new.name} begins in {new.first}, no longer in {old.first}."
    if [*old.stages] != [*new.stages] and {*old.stages} == {*new.stages}:
        yield f"The stages of the {new.name} come in another order."
    for stage in new.stages.values():
        before = old.stages.get(stage.name)
        if before is None:
            continue
        yield from (
            f"In {stage.name} the {new.name} now needs a {who}." for who in stage.seats if who not in before.seats
        )
        yield from (
            f"In {stage.name} the {new.name} no longer needs a {who}." for who in before.seats if who not in stage.seats
        )
        if before.final != stage.final:
            yield f"The stage {stage.name} of the {new.name} is {'now' if stage.final else 'no longer'} final."


def _seats(old: SubjectRules, new: SubjectRules) -> Iterator[str]:
    says: dict[str, tuple[str, str]] = {
        "may_sit": ("may now sit", "may no longer sit"),
        "many": ("may now sit in any number", "may no longer sit in any number"),
    }
    for field, (more, less) in says.items():
        before, after = getattr(old, field), getattr(new, field)
        yield from (f"The {who} {more} on the {new.name}." for who in after if who not in before)
        yield from (f"The {who} {less} on the {new.name}." for who in before if who not in after)
    for position in dict.fromkeys((*old.positions, *new.positions)):
        if old.positions.get(position) != new.positions.get(position):
            roles = ", ".join(new.positions.get(position, ())) or "nobody"
            yield f"On the {new.name} the {position} may now be: {roles}."
    if _lanes(old) != _lanes(new):
        yield f"The lanes of the {new.name} change."
    if old.quorum != new.quorum:
        share = f"more than {float(new.quorum.share):g} of {new.quorum.of}" if new.quorum else "nobody's agreement"
        yield f"The {new.name} is now enacted by {share}."


def _lanes(rules: SubjectRules) -> object:
    return rules.lanes and (rules.lanes.roles, rules.lanes.facts, rules.lanes.until)


# Promises, separations, numbers


def _promises(old: Charter, new: Charter) -> Iterator[str]:
    before, after = dict(_all_promises(old)), dict(_all_promises(new))
    yield from (f"Promised from now on: {after[key].says} ({key[0]})." for key in after if key not in before)
    yield from (f"No longer promised: {before[key].says} ({key[0]})." for key in before if key not in after)


def _all_promises(charter: Charter) -> Iterator[tuple[tuple[object, ...], Promise]]:
    """Each promise under what it says by its form, so that another wording or line is no other promise."""
    for rules in charter.subjects.values():
        yield from ((_key(rules.name, promise), promise) for promise in rules.promises)
    yield from ((_key(promise.role, promise), promise) for promise in charter.promises)


def _key(about: str, promise: Promise) -> tuple[object, ...]:
    return (about, *(getattr(promise, field.name) for field in fields(promise) if field.name not in ("says", "line")))


def _separations(old: Charter, new: Charter) -> Iterator[str]:
    before = {frozenset(one.roles): one for one in old.separations}
    after = {frozenset(one.roles): one for one in new.separations}
    for roles, one in after.items():
        if roles not in before or before[roles].rule != one.rule:
            yield f"Holding {' and '.join(one.roles)} is now {one.rule}: {one.because}."
    for roles, one in before.items():
        if roles not in after:
            yield f"Holding {' and '.join(one.roles)} is no longer {one.rule}."


def _numbers(old: Charter, new: Charter) -> Iterator[str]:
    numbers: dict[str, Callable[[Charter], object]] = {
        "Two parties count as one from a share of": lambda charter: float(charter.connected_at),
        "Ties are told above a share of": lambda charter: float(charter.disclose_from),
        "Figures are about at least this many people:": lambda charter: charter.smallest_group,
    }
    for says, number in numbers.items():
        if number(old) != number(new):
            yield f"{says} {number(new)}, no longer {number(old)}."
