"""What `turns` asks of the packages above it, without knowing them.

Each hook is a registry that a package fills in its `AppConfig.ready`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Q

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Objection
from clearpath.turns.subject import Subject

Question = Callable[[Any, datetime], bool]


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody works: local times of `time_zone`, on ISO weekdays 1 (Monday) to 7."""

    time_zone: str = "UTC"
    opens: time = time(9)
    closes: time = time(18)
    workdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})


@dataclass(slots=True)
class Hooks:
    """The questions, with answers that hold when no package has given a better one."""

    why_not_act: Callable[[Actor], Objection | None] = lambda _actor: None
    why_not_seat: Callable[[UUID | None, str, Subject, datetime], Objection | None] = lambda *_seat: None
    verified_with: Callable[[str], list[tuple[UUID, str]]] = lambda _role: []
    hours_of: Callable[[list[UUID]], dict[UUID, Hours]] = lambda _organisations: {}
    charter_source: Callable[[str], str | None] = lambda _version: None
    charter_in_force: Callable[[], str | None] = lambda: None
    consent_in_force: Callable[[Subject, Actor], bool] = lambda _subject, _actor: False
    consented: Callable[[Actor, str, str], Q] | None = None
    questions: dict[str, Question] = field(default_factory=dict)
    models: dict[str, type[Subject]] = field(default_factory=dict)


hooks = Hooks()


def question(name: str) -> Callable[[Question], Question]:
    """Register the function that answers a `when` of the charter: it gets the subject and the moment."""

    def register(answer: Question) -> Question:
        if name in hooks.questions:
            raise RuntimeError(f"The question {name!r} has two answers.")
        hooks.questions[name] = answer
        return answer

    return register


def subject_kind(kind: str) -> Callable[[type[Subject]], type[Subject]]:
    """Register the model of one kind of subject."""

    def register(model: type[Subject]) -> type[Subject]:
        hooks.models[kind] = model
        return model

    return register
