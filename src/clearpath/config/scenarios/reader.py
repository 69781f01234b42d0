"""Takes values out of the nodes of a scenario file, and collects every mistake with its line."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar
from zoneinfo import available_timezones

from clearpath.charter.nodes import List, Map, Node, Text
from clearpath.charter.reader import DURATION

T = TypeVar("T")

SHAPES = {"Text": "one plain value", "List": "a list", "Map": "a map of keys"}
KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
LARGEST_FILE = 20 * 1024 * 1024  # bytes; as much as a record may have


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that keeps the file from being played."""

    file: str
    line: int  # from 1
    says: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.says}"


class ScenarioError(Exception):
    """The file cannot be played; `mistakes` are all of them, in the order of the file."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda mistake: mistake.line))
        super().__init__("\n".join(map(str, self.mistakes)))


@dataclass(slots=True)
class Reader:
    """`file` is how mistakes call the file, `folder` where the paths in it start."""

    file: str
    folder: Path
    mistakes: list[Mistake] = field(default_factory=list)

    def wrong(self, line: int, says: str) -> None:
        self.mistakes.append(Mistake(self.file, line, says))

    def map(self, node: Node | None, what: str) -> Map:
        return node if isinstance(node, Map) else self._instead(node, Map(getattr(node, "line", 1), {}, {}), what)

    def list(self, node: Node | None, what: str) -> list[Node]:
        return node.items if isinstance(node, List) else self._instead(node, List(1, []), what).items

    def text(self, node: Node | None, what: str, *, empty: bool = False) -> str:
        if isinstance(node, Text) and not empty and not node.value.strip():
            self.wrong(node.line, f"{what} is empty.")
        return node.value.strip() if isinstance(node, Text) else self._instead(node, Text(1, ""), what).value

    def _instead(self, node: Node | None, wanted: T, what: str) -> T:
        if node is not None:
            found, right = SHAPES[type(node).__name__], SHAPES[type(wanted).__name__]
            self.wrong(node.line, f"{what} is {found}; write {right}.")
        return wanted

    def texts(self, node: Node | None, what: str) -> tuple[str, ...]:
        """A list of plain values; one alone need not stand in brackets."""
        items = [node] if isinstance(node, Text) else self.list(node, what)
        return tuple(self.text(item, what) for item in items)

    def keys(self, node: Map, known: Collection[str], required: Iterable[str], what: str) -> None:
        for key in node.entries:
            if key not in known:
                self.wrong(node.key_lines[key], f"{what} has no key `{key[:60]}`. {near(key, known)}")
        for key in required:
            if key not in node.entries:
                self.wrong(node.line, f"{what} lacks `{key}`.")

    def one_of(self, node: Node | None, known: Collection[str], what: str) -> str:
        word = self.text(node, what)
        if node is not None and word and word not in known:
            self.wrong(node.line, f"{what}: there is no `{word[:60]}`. {near(word, known)}")
            return ""
        return word

    def yes(self, node: Node | None, what: str, *, default: bool) -> bool:
        return default if node is None else self.one_of(node, ("true", "false"), what) == "true"

    def name(self, node: Node, what: str) -> str:
        return self.name_at(self.text(node, what), node.line, what)

    def name_at(self, word: str, line: int, what: str) -> str:
        if word and not KEY.fullmatch(word):
            self.wrong(line, f"{what} is called `{word[:60]}`; write lower_case_words.")
            return ""
        return word

    def read_as(self, node: Node, make: Callable[[str], T], what: str, wanted: str) -> T | None:
        """What `make` makes of a plain value; None, and a mistake, when it raises ValueError."""
        word = self.text(node, what)
        if not word:
            return None
        try:
            return make(word)
        except (ValueError, ArithmeticError):
            self.wrong(node.line, f"{what} is `{word[:60]}`; write {wanted}.")
            return None

    def duration(self, node: Node, what: str) -> timedelta | None:
        return self.read_as(node, ahead, what, "a length of time such as P3D or PT2H")

    def bytes_of(self, node: Node | None, what: str) -> bytes:
        """The content of the file whose path, from the scenario, stands here."""
        word = self.text(node, what)
        if node is None or not word:
            return b""
        path = self.folder / word
        if Path(word).is_absolute():
            self.wrong(node.line, f"{what}: `{word[:100]}` starts at the root; write the path from this file.")
        elif not path.is_file():
            self.wrong(node.line, f"{what}: there is no file `{word[:100]}` beside this one.")
        elif path.stat().st_size > LARGEST_FILE:
            self.wrong(node.line, f"{what}: `{word[:100]}` is larger than {LARGEST_FILE >> 20} MB.")
        else:
            return path.read_bytes()
        return b""


def near(word: str, known: Iterable[str]) -> str:
    """`Did you mean ...?`, or the first few words that would be right."""
    names = sorted(known)
    close = get_close_matches(word[:60], names, n=1)
    if close:
        return f"Did you mean `{close[0]}`?"
    return f"Known here: {', '.join(names[:12])}{', ...' if len(names) > 12 else ''}." if names else "None is known."


def length_of(word: str) -> timedelta:
    """A length of time from ISO 8601, or back in time with a minus. Raises ValueError."""
    match = DURATION.fullmatch(word.removeprefix("-"))
    if match is None:
        raise ValueError(word)
    length = timedelta(**{unit: int(number) for unit, number in match.groupdict().items() if number})
    return -length if word.startswith("-") else length


def ahead(word: str) -> timedelta:
    """A length of time that is not back in time. Raises ValueError."""
    length = length_of(word)
    if length < timedelta():
        raise ValueError(word)
    return length


def moment_of(word: str) -> datetime:
    """A moment from ISO 8601, in UTC when no zone is given. Raises ValueError, also for years far from ours."""
    moment = datetime.fromisoformat(word)
    if not 1900 < moment.year < 2200:
        raise ValueError(word)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def country_of(word: str) -> str:
    """A country by its two letters (ISO 3166-1 alpha-2). Raises ValueError."""
    if not re.fullmatch("[A-Z]{2}", word):
        raise ValueError(word)
    return word


def time_zone_of(word: str) -> str:
    """The name of a time zone. Raises ValueError."""
    if word not in available_timezones():
        raise ValueError(word)
    return word


def day_of(word: str) -> date:
    """A day from ISO 8601. Raises ValueError."""
    return date.fromisoformat(word)
