"""Charter versions in use, compiled once per process."""

from functools import cache

from clearpath.charter.decide import Tables, compile_charter
from clearpath.charter.document import default_charter, read
from clearpath.charter.terms import NETWORK, Charter, Step, SubjectRules
from clearpath.core.outcomes import NotFound, Objection
from clearpath.turns.hooks import hooks
from clearpath.turns.subject import Subject


@cache
def charter(version: str) -> Charter:
    """The charter of one version. Raises NotFound when the network never had it."""
    source = hooks.charter_source(version)
    if source is not None:
        return read(source, name=f"charter {version}")
    if version == default_charter().version:
        return default_charter()
    raise NotFound(Objection("no_such_charter", f"There is no charter version {version}."))


@cache
def tables(version: str) -> Tables:
    """The compiled tables of one version."""
    return compile_charter(charter(version))


def in_force() -> str:
    """The version under which new subjects are opened."""
    return hooks.charter_in_force() or default_charter().version


@cache
def in_use(version_in_force: str) -> tuple[str, ...]:
    """Every version that a subject may keep, the one in force first.

    Nothing is opened under a version before it is in force, so the answer holds as long as this one is.
    """
    return tuple(dict.fromkeys([version_in_force, *hooks.charter_versions()]))


@cache
def network_steps(version: str, kind: str) -> tuple[str, ...]:
    """The steps that the network takes on this kind of subject."""
    steps = charter(version).subjects[kind].steps
    return tuple(name for name, step in steps.items() if step.by == "network")


@cache
def knows_consent(version: str, kind: str) -> bool:
    """Whether consent decides anything on this kind of subject."""
    steps = charter(version).subjects[kind].steps.values()
    return any(
        "consent" in {*step.gives, *step.drops} or any(need.fact == "consent" for need in step.needs) for step in steps
    )


@cache
def network_looks(version: str, kind: str) -> frozenset[str]:
    """The stages in which the network has something to look for.

    Those in which it could take a step, and those between them: a question that turns to no there may turn to
    yes again. What was true before the first of them, or is true after the last, moves nothing.
    """
    rules = charter(version).subjects[kind]
    looks: set[str] = set()
    for step in rules.steps.values():
        if step.by == NETWORK:
            own = set(step.stages)
            looks |= own | {stage for stage in _after(own, rules) if _after({stage}, rules) & own}
    return frozenset(looks)


def _after(stages: set[str], rules: SubjectRules) -> set[str]:
    """Every stage to which some way leads from one of these."""
    found: set[str] = set()
    new = stages
    while new:
        new = {step.to for step in rules.steps.values() if step.to and new & set(step.stages)} - found
        found |= new
    return found


def rules_of(version: str, kind: str) -> SubjectRules:
    """Everything that one version says of one kind of subject."""
    return charter(version).subjects[kind]


def is_time_for(subject: Subject, step: str) -> bool:
    """Whether the step belongs to the stage that the subject has reached; who may take it is another question."""
    found = rules_of(subject.charter, subject.kind).steps.get(step)
    return found is not None and subject.stage in found.stages


@cache
def starting(version: str, name: str) -> Step | None:
    """The step of this name, when it starts a subject."""
    steps = (rules.steps.get(name) for rules in charter(version).subjects.values())
    return next((step for step in steps if step and step.starts), None)
