"""Keeps what the factories made: the first test takes the real steps, the next ones have the same rows at once.

A factory marked `@kept` is run for real the first time that it is called on a state of the database, and its writes
are kept as statements, its answer as bytes. On the same state, with the same arguments, they are written again, with
the same keys. A state is known by the kept calls that led to it from the empty database, as long as nothing else was
written since the test began. Whatever is not known is made by taking the steps, and so is everything in a test that
commits or that may have changed what a step does.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from itertools import count
from typing import Any

from django.db import connection, models
from django.utils import timezone, translation
from time_machine import escape_hatch

UNSURE = {"settings", "django_capture_on_commit_callbacks"}  # with these a test changes what a step does, or asks it
READS = ("SELECT", "BEGIN", "SAVEPOINT", "RELEASE", "SET CONSTRAINTS", "PRAGMA", "EXPLAIN")
EMPTY = 0  # the state that the migrations left
FIRST_KEY = 1_000_000  # where numbered rows begin in every test, so that those kept have their keys again
RENUMBER = {
    "sqlite": [
        "DELETE FROM sqlite_sequence",
        "INSERT INTO sqlite_sequence (name, seq)"
        f" SELECT name, {FIRST_KEY} FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'",
    ],
    "postgresql": [
        f"SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, {FIRST_KEY}) FROM pg_sequences"
        " WHERE schemaname = current_schema()"
    ],
}


@dataclass
class Made:
    """What one call wrote, what it answered, and the state in which it left the database."""

    state: int
    statements: list[tuple[str, Any, bool]] = field(default_factory=list)
    answer: bytes = b""


@dataclass
class Keeper:
    """What this process keeps, and where the running test stands; `state` None: nobody knows."""

    state: int | None = None
    made: dict[Any, Made] = field(default_factory=dict)
    being_made: list[Made] = field(default_factory=list)  # the outermost call first
    states: Any = field(default_factory=lambda: count(EMPTY + 1))

    def begin(self, fixtures: list[str]) -> None:
        """A test begins. `fixtures`: the names of all that it uses."""
        self.state = None if UNSURE & set(fixtures) else EMPTY

    def forget(self) -> None:
        """From now on in this test everything is made for real."""
        self.state = None

    def watch(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Wraps every statement: a write is noted, and leads to where nobody has been."""
        if not sql.lstrip().startswith(READS):
            self.state = None
            for each in self.being_made:
                each.statements.append((sql, params, many))
        return execute(sql, params, many, context)

    def make(self, factory: Callable[[], Any], key: Any) -> Any:
        if self.state == EMPTY and not self.being_made:
            run((sql, None, False) for sql in RENUMBER[connection.vendor])
            self.state = EMPTY
        made = self.made.get(key)
        if made is not None:
            run(made.statements)
            self.state = made.state
            return pickle.loads(made.answer)
        before, made = self.state, Made(state=next(self.states))
        self.being_made.append(made)
        try:
            answer = factory()
        except BaseException:
            self.state = None
            raise
        finally:
            self.being_made.remove(made)
        if not made.statements:
            self.state = before
        elif not any(sql.startswith("ROLLBACK") for sql, *_ in made.statements):
            made.answer = pickle.dumps(answer)
            self.made[key] = made
            self.state = made.state
        return answer


keeper = Keeper()


@dataclass
class NotedPatch:
    """pytest's `monkeypatch`, after whose first use nothing is taken for known."""

    patch: Any

    def __getattr__(self, name: str) -> Any:
        keeper.forget()
        return getattr(self.patch, name)


def kept(factory: Callable[..., Any]) -> Callable[..., Any]:
    """A factory whose rows are kept for the next test that stands where this one stood."""

    @wraps(factory)
    def make(*given: Any, **named: Any) -> Any:
        if keeper.state is None or not connection.in_atomic_block:
            return factory(*given, **named)
        moment = timezone.now() if escape_hatch.is_travelling() else None
        what = (factory.__module__, factory.__qualname__, named_by(given), named_by(named))
        key = (keeper.state, what, moment, translation.get_language())
        return keeper.make(lambda: factory(*given, **named), key)

    return make


def named_by(value: Any) -> Any:
    """What tells this argument from another: a row by its key; what only its address tells is like nothing else."""
    if isinstance(value, models.Model):
        return value._meta.label, value.pk
    if isinstance(value, dict):
        return tuple((name, named_by(each)) for name, each in sorted(value.items()))
    if isinstance(value, list | tuple):
        return type(value), *map(named_by, value)
    return object() if " at 0x" in repr(value) else repr(value)


def run(statements: Any) -> None:
    with connection.cursor() as cursor:
        for sql, params, many in statements:
            (cursor.executemany if many else cursor.execute)(sql, params)
