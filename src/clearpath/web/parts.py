"""Plain rows that the components draw. Queries build them; templates only show them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from clearpath.web.roles import Words


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage on a path. `state` is `done`, `now` or `next`; `who` the role whose part it mostly is."""

    label: Words
    state: str
    who: str = ""
    what: Words = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody's part is now.

    `mine` when it is the reader's. `url` and `action` make the button; `post` when pressing it is the step
    itself. `ways`, words and address of each, make several buttons in place of one.
    """

    title: Words
    role: str = ""
    name: str = ""
    sentence: Words = ""
    due_at: datetime | None = None
    mine: bool = False
    url: str = ""
    action: Words = ""
    post: bool = False
    ways: Sequence[tuple[Words, str]] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """A person or organisation in a role."""

    role: str
    name: str = ""
    organisation: str = ""
    you: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a timeline, newest first by habit."""

    at: datetime
    text: Words
    who: Seat | None = None
    icon: str = ""
    detail: Words = ""
    url: str = ""
    tone: str = ""  # "", "good", "warn" or "bad"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a thread."""

    at: datetime
    who: Seat
    text: str
    mine: bool = False
    topic: Words = ""
    pass_on: str = ""  # the key by which the form `pass-on` of the page sends it to whose part it is
    said: Words = ""  # what became of it


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` is `text`, `number` (set at the end of the cell) or `actions` (no heading shown)."""

    label: Words
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and how to show it.

    `kind`: text, link, when, due, seat, money (minor units; `extra`: currency) or badge (`extra`: tone).
    """

    value: object
    kind: str = "text"
    extra: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Cells in the order of the columns; plain values count as text."""

    cells: Sequence[object] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody of the demo network as whom one may sign in with one click."""

    url: str
    name: str
    role: str
    organisation: str = ""
    about: Words = ""
    key: str = ""
