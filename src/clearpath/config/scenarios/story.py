"""A scenario as the player sees it: parties, and lines in which steps are taken and things are checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from clearpath.charter.terms import Charter
from clearpath.config.scenarios.arguments import Value


@dataclass(frozen=True, slots=True)
class Organisation:
    """A party of the scenario; `people` are keys of persons who work there in all of its roles."""

    key: str
    name: str
    country: str
    roles: tuple[str, ...]
    people: tuple[str, ...]
    city: str = ""
    register_number: str = ""
    time_zone: str = "UTC"
    verified: bool = True
    evidence_until: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acts; `role` and `acts_for` are for those who take part without an organisation."""

    key: str
    name: str
    organisation: str = ""
    role: str = ""
    acts_for: str = ""
    email: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Who:
    """A person in one role: who acts or reads."""

    person: str
    role: str
    organisation: str = ""
    acts_for: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """A thing, or one field of it, that a reader must see or must not; `value`: what must stand there."""

    line: int
    thing: str
    field: str = ""
    value: str | None = None

    def __str__(self) -> str:
        return f"{self.thing}.{self.field}" if self.field else self.thing


@dataclass(frozen=True, slots=True)
class Act:
    """One step that is taken, and what must come of it. `missing` is None when it is not checked."""

    step: str
    by: Who
    on: str
    lane: str
    things: tuple[str, ...]
    arguments: Mapping[str, Value]
    key: str
    refused: bool
    code: str
    rightful: str
    missing: frozenset[str] | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Find:
    """A row that must be there, by its model and what stands in its fields; the newest gets the name."""

    model: str
    where: Mapping[str, str]  # names of parties and things stand for their keys
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """One item under `steps`: time passes, a step is taken, then everything is checked."""

    line: int
    says: str = ""
    wait: timedelta | None = None
    imports: bytes = b""  # ownership statements that are published then
    act: Act | None = None
    find: Find | None = None
    compares: str = ""  # the journey whose offers the reader now sees side by side
    on: str = ""
    lane: str = ""
    then: tuple[str, ...] = ()
    told: frozenset[str] | None = None
    stage: str = ""
    facts: tuple[str, ...] = ()
    turn: frozenset[str] | None = None
    tasks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    readers: tuple[Who, ...] = ()
    sees: tuple[Look, ...] = ()
    blank: tuple[Look, ...] = ()

    @property
    def checks_anything(self) -> bool:
        known = (self.then, self.stage, self.facts, self.tasks, self.sees, self.blank, self.find)
        return any(known) or self.turn is not None or self.told is not None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole file. `charter_source` is empty when the shipped charter holds."""

    file: str
    title: str
    says: str
    starts: datetime
    charter: Charter
    charter_source: str
    organisations: Mapping[str, Organisation]
    people: Mapping[str, Person]
    lines: tuple[Line, ...]
