"""What stands under `with`, turned into what a step function wants by the types in its signature.

A scenario is read before it is played: plain values are checked at once, what depends on the scenario's clock or
on what earlier steps made is looked up when the step is taken.
"""

import dataclasses
import inspect
import re
import types
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Protocol, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from django.db.models import Model

from clearpath.charter.nodes import List, Map, Node, Text
from clearpath.charter.reader import DURATION
from clearpath.config.scenarios.reader import Reader, day_of, length_of, moment_of, near


class Scene(Protocol):
    """What a value may need to know when its step is taken."""

    @property
    def now(self) -> datetime: ...

    def key(self, name: str) -> UUID: ...

    def thing(self, name: str) -> Model: ...


Value = Callable[[Scene], Any]

NONE = "none"  # where an argument may be left open
MONEY = re.compile(r"(\d{1,12})(?:\.(\d{1,3}))? ([A-Z]{3})")
# ISO 4217, minor units: every currency that is not listed has two decimals. Read 2026-06-01.
DECIMALS = dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3) | dict.fromkeys(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0
)


def minor_of(word: str) -> int:
    """A whole number, or money (`8400.00 EUR`) in minor units of its currency. Raises ValueError."""
    found = MONEY.fullmatch(word)
    if found is None:
        return int(word)
    whole, part, currency = found.groups()
    decimals = DECIMALS.get(currency, 2)
    if len(part or "") > decimals:
        raise ValueError(word)
    return int(whole + (part or "").ljust(decimals, "0"))


def yes_of(word: str) -> bool:
    return {"true": True, "false": False}[word]


PLAIN: Mapping[type, tuple[Callable[[str], Any], str]] = {
    str: (str, "a text"),
    int: (minor_of, "a whole number, or money such as 8400.00 EUR"),
    float: (float, "a number"),
    Decimal: (Decimal, "a number"),
    time: (time.fromisoformat, "a time of day such as 09:30"),
    timedelta: (length_of, "a length of time such as P3D"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Parameters:
    """What a step function takes besides its subject and `by`."""

    things: tuple[str, ...]  # in order, after the subject
    hints: Mapping[str, Any]
    required: frozenset[str]
    takes_lane: bool
    takes_any: bool  # other words are handed on

    @classmethod
    def of(cls, function: Callable[..., Any], *, starts: bool) -> "Parameters":
        """Read from the signature; a type that cannot be looked up is taken as any."""
        found = dict(inspect.signature(function).parameters)
        hints = hints_of(inspect.unwrap(function))
        kinds = {name: each.kind for name, each in found.items()}
        positional = [name for name, kind in kinds.items() if kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
        things = tuple(positional if starts else positional[1:])
        named = [name for name, kind in kinds.items() if kind is inspect.Parameter.KEYWORD_ONLY]
        wanted = [name for name in (*things, *named) if name not in {"by", "lane"}]
        return cls(
            things=tuple(name for name in things if name in wanted),
            hints={name: hints.get(name, Any) for name in wanted},
            required=frozenset(name for name in wanted if found[name].default is inspect.Parameter.empty),
            takes_lane="lane" in found,
            takes_any=inspect.Parameter.VAR_KEYWORD in kinds.values(),
        )


def hints_of(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return get_type_hints(function, include_extras=False)
    except NameError:  # a type imported for the type checker alone
        return {}


class Arguments:
    """Reads values for the parameters of one step, given the names known at that point of the scenario."""

    def __init__(self, reader: Reader, names: Collection[str]) -> None:
        self.reader = reader
        self.names = names

    def read(self, node: Map, wanted: Parameters, what: str) -> dict[str, Value]:
        """One value for each argument; unknown and missing ones are mistakes."""
        found: dict[str, Value] = {}
        for name, value in node.entries.items():
            if name in wanted.hints or wanted.takes_any:
                found[name] = self.value(value, wanted.hints.get(name, Any), f"`{name}`")
            else:
                says = f"{what} takes no `{name[:60]}`. {near(name, wanted.hints)}"
                self.reader.wrong(node.key_lines[name], says)
        for name in sorted(wanted.required - found.keys()):
            self.reader.wrong(node.line, f"{what} needs `{name}`.")
        return found

    def value(self, node: Node, hint: Any, what: str) -> Value:
        """What makes the value when the step is taken; reads as much as can be known before."""
        if isinstance(node, Map) and set(node.entries) == {"file"}:
            return self._file(node.entries["file"], hint, what)
        origin = get_origin(hint)
        if origin is Annotated:
            return self.value(node, get_args(hint)[0], what)
        if origin in {Union, types.UnionType}:
            if types.NoneType in get_args(hint) and isinstance(node, Text) and node.value == NONE:
                return constant(None)
            return self.value(node, self._choice(node, get_args(hint)), what)
        if origin is tuple:
            return self._tuple(node, get_args(hint), what)
        if origin is not None and issubclass(origin, Mapping):
            return self._map(node, dict.fromkeys(self._keys(node), (*get_args(hint), Any, Any)[1]), what, dict)
        if origin is not None and issubclass(origin, Collection):
            return self._list(node, (*get_args(hint), Any)[0], what, list)
        if isinstance(hint, type):
            return self._one(node, hint, what)
        return self._anything(node, what)

    def _choice(self, node: Node, hints: Sequence[Any]) -> Any:
        """Of several types, the first that has the shape of the node."""
        fitting = [hint for hint in hints if hint is not types.NoneType and shape_of(hint) in {type(node), None}]
        return next(iter(fitting), next(hint for hint in hints if hint is not types.NoneType))

    def _one(self, node: Node, hint: type, what: str) -> Value:
        if issubclass(hint, tuple) and hasattr(hint, "_fields"):
            return self._fields(node, hint, get_type_hints(hint), getattr(hint, "_field_defaults", {}), what)
        if dataclasses.is_dataclass(hint):
            optional = {
                each.name
                for each in dataclasses.fields(hint)
                if each.default is not dataclasses.MISSING or each.default_factory is not dataclasses.MISSING
            }
            return self._fields(node, hint, get_type_hints(hint), optional, what)
        if hint is UUID:
            return self._key(node, what)
        if issubclass(hint, Model):
            return self._thing(node, what)
        if hint in {date, datetime}:
            return self._moment(node, hint, what)
        return self._plain(node, hint, what)

    def _plain(self, node: Node, hint: type, what: str) -> Value:
        if hint is bytes:
            return constant(self.reader.text(node, what).encode())
        if hint is bool:
            return constant(self.reader.yes(node, what, default=False))
        if issubclass(hint, Enum):
            by_value = {str(each.value): each for each in hint}
            return constant(by_value.get(self.reader.one_of(node, by_value, what)))
        if hint is str:
            return constant(self.reader.text(node, what, empty=True))
        if hint not in PLAIN:
            return self._anything(node, what)
        make, wanted = PLAIN[hint]
        return constant(self.reader.read_as(node, make, what, wanted))

    def _moment(self, node: Node, hint: type, what: str) -> Value:
        word = self.reader.text(node, what)
        if DURATION.fullmatch(word.removeprefix("-")):
            length = length_of(word)
            return lambda scene: (scene.now + length).date() if hint is date else scene.now + length
        make = day_of if hint is date else moment_of
        return constant(self.reader.read_as(node, make, what, "a day or moment (2026-06-01), or how far ahead (P14D)"))

    def _key(self, node: Node, what: str) -> Value:
        word = self.reader.text(node, what)
        if word and self._known(word, node, what):
            return lambda scene: scene.key(word)
        return constant(None)

    def _thing(self, node: Node, what: str) -> Value:
        word = self.reader.text(node, what)
        if word and self._known(word, node, what):
            return lambda scene: scene.thing(word)
        return constant(None)

    def _known(self, word: str, node: Node, what: str) -> bool:
        if word not in self.names:
            self.reader.wrong(node.line, f"{what}: nothing is called `{word[:60]}` here yet. {near(word, self.names)}")
        return word in self.names

    def _file(self, node: Node, hint: Any, what: str) -> Value:
        content = self.reader.bytes_of(node, what)
        if hint is not str:
            return constant(content)
        try:
            return constant(content.decode())
        except UnicodeDecodeError:
            self.reader.wrong(node.line, f"{what}: this file is not UTF-8 text.")
            return constant("")

    def _tuple(self, node: Node, hints: Sequence[Any], what: str) -> Value:
        if len(hints) == 2 and hints[1] is Ellipsis:
            return self._list(node, hints[0], what, tuple)
        items = self.reader.list(node, what)
        if isinstance(node, List) and len(items) != len(hints):
            self.reader.wrong(node.line, f"{what} has {len(items)} parts, not {len(hints)}.")
        values = [self.value(item, hint, what) for item, hint in zip(items, hints, strict=False)]
        return lambda scene: tuple(value(scene) for value in values)

    def _list(self, node: Node, hint: Any, what: str, make: Callable[[Any], Any]) -> Value:
        values = [self.value(item, hint, what) for item in self.reader.list(node, what)]
        return lambda scene: make(value(scene) for value in values)

    def _keys(self, node: Node) -> Collection[str]:
        return node.entries if isinstance(node, Map) else ()

    def _map(self, node: Node, hints: Mapping[str, Any], what: str, make: Callable[..., Any]) -> Value:
        entries = self.reader.map(node, what).entries
        values = {key: self.value(each, hints[key], f"`{key}`") for key, each in entries.items() if key in hints}
        return lambda scene: make(**{key: value(scene) for key, value in values.items()})

    def _fields(
        self, node: Node, make: Callable[..., Any], hints: Mapping[str, Any], optional: Collection[str], what: str
    ) -> Value:
        if isinstance(node, List):
            return self._in_order(node, make, hints, what)
        found = self.reader.map(node, what)
        if isinstance(node, Map):
            self.reader.keys(found, hints, [name for name in hints if name not in optional], what)
        return self._map(node, hints, what, make)

    def _in_order(self, node: List, make: Callable[..., Any], hints: Mapping[str, Any], what: str) -> Value:
        values = self._tuple(node, list(hints.values()), what)
        return lambda scene: make(*values(scene))

    def _anything(self, node: Node, what: str) -> Value:
        """Where the signature does not say: texts, days and whole numbers as they look, lists and maps of them."""
        if isinstance(node, List):
            return self._list(node, Any, what, list)
        if isinstance(node, Map):
            if set(node.entries) == {"key"}:
                return self._key(node.entries["key"], what)
            return self._map(node, dict.fromkeys(node.entries, Any), what, dict)
        return constant(as_it_looks(node.value))


def shape_of(hint: Any) -> type | None:
    """The shape of node that a type is read from; None when any will do."""
    origin = get_origin(hint) or hint
    if not isinstance(origin, type):
        return None
    if dataclasses.is_dataclass(origin) or issubclass(origin, Mapping):
        return Map
    if issubclass(origin, str | bytes) or not issubclass(origin, Collection):
        return Text
    return List


def constant(value: Any) -> Value:
    return lambda _scene: value


def as_it_looks(word: str) -> Any:
    for make in (yes_of, minor_of, day_of):
        try:
            return make(word)
        except (ValueError, KeyError):
            continue
    return word
