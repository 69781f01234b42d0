"""What `turns` asks of the packages above it, without knowing them.

Each hook is a registry that a package fills in its `AppConfig.ready`.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Objection
from clearpath.turns.subject import Subject

Question = Callable[[Any, datetime], bool]
First = Callable[[Set[UUID]], dict[UUID, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody works: local times of `time_zone`, on ISO weekdays 1 (Monday) to 7."""

    time_zone: str = "UTC"
    opens: time = time(9)
    closes: time = time(18)
    workdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})


@dataclass(slots=True)
class Hooks:
    """The questions, with answers that hold when no package has given a better one.

    `also_why_not_seat` judges an organisation or person, a role and a subject, above what `why_not_seat` says of
    organisations.
    `works_at` finds the stage of the organisation for which the actor works now, as a query of one column and
    at most one row (None: they act for nobody); `why_not_act` judges that stage. `consents` finds, for one
    subject, the consents by which the fact `consent` holds for the actor, and those by which it holds at all.
    Queries and not answers, so that one statement can ask for everything that a step must know. `who_it_was` names,
    for each kind of thing that the log speaks of, who did it without an account, as they said who they are.
    """

    works_at: Callable[[Actor], QuerySet[Any, Any] | None] = lambda _actor: None
    why_not_act: Callable[[str | None], Objection | None] = lambda _stage: None
    why_not_seat: Callable[[UUID | None, str, Subject, datetime], Objection | None] = lambda *_seat: None
    also_why_not_seat: Callable[[UUID | None, UUID | None, str, Subject], Objection | None] = lambda *_seat: None
    verified_with: Callable[[str], list[tuple[UUID, str]]] = lambda _role: []
    works_somewhere: Callable[[UUID], bool] = lambda _person: False
    charter_source: Callable[[str], str | None] = lambda _version: None
    charter_in_force: Callable[[], str | None] = lambda: None
    charter_versions: Callable[[], list[str]] = list
    consents: Callable[[UUID | OuterRef, Actor], tuple[QuerySet[Any], QuerySet[Any]] | None] = lambda *_asked: None
    consented: Callable[[Actor, str, str], Q] | None = None
    questions: dict[str, Question] = field(default_factory=dict)
    agreed_days: dict[str, Callable[[Any], datetime]] = field(default_factory=dict)
    comes_first: dict[str, First] = field(default_factory=dict)
    in_private: set[str] = field(default_factory=set)
    who_it_was: dict[str, Callable[[set[UUID]], dict[UUID, str]]] = field(default_factory=dict)
    models: dict[str, type[Subject]] = field(default_factory=dict)


hooks = Hooks()


def why_not_sit(
    organisation_id: UUID | None, person_id: UUID | None, role: str, subject: Subject, at: datetime
) -> Objection | None:
    """Why somebody may not take a seat on a subject now, by all who have a say in it."""
    return hooks.why_not_seat(organisation_id, role, subject, at) or hooks.also_why_not_seat(
        organisation_id, person_id, role, subject
    )


def question(name: str) -> Callable[[Question], Question]:
    """Register the function that answers a `when` of the charter: it gets the subject and the moment."""

    def register(answer: Question) -> Question:
        if name in hooks.questions:
            raise RuntimeError(f"The question {name!r} has two answers.")
        hooks.questions[name] = answer
        return answer

    return register


def due_when_agreed(name: str) -> Callable[[Callable[[Any], datetime]], Callable[[Any], datetime]]:
    """Register by when a step is due where people agreed on a day for each subject: it goes before `within`."""

    def register(due: Callable[[Any], datetime]) -> Callable[[Any], datetime]:
        hooks.agreed_days[name] = due
        return due

    return register


def comes_first(name: str) -> Callable[[First], First]:
    """Register what comes before a step whose turn it is: for keys of subjects, the steps that the page names first."""

    def register(steps: First) -> First:
        hooks.comes_first[name] = steps
        return steps

    return register


def done_in_private(*names: str) -> None:
    """Register steps that the timeline tells to nobody but who took them and their organisation."""
    hooks.in_private.update(names)


def subject_kind(kind: str) -> Callable[[type[Subject]], type[Subject]]:
    """Register the model of one kind of subject."""

    def register(model: type[Subject]) -> type[Subject]:
        hooks.models[kind] = model
        return model

    return register
