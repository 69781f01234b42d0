"""FHIRPath expressions of the standard's own rules as plain functions, many times as fast as an interpreter.

An expression comes parsed, as nested lists (`definitions` tells the form). What is compiled here says the same as
fhirpathpy of every rule on every resource of the tests; what is not known here goes to fhirpathpy itself. A collection
is a list; an element that has only extensions is a `Bare`.
"""

# ruff: noqa: ARG001, ARG005  every part of an expression takes the item and where it is asked, though few need both
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from clearpath.records.check.definitions import Json

Item = Any
Many = list[Item]
Ast = list[Any]
Choices = Mapping[str, tuple[str, ...]]  # the JSON keys of an element such as value[x]
NOTHING: tuple[Any, ...] = (None, [])
LONGEST = 4000
UCUM = "http://unitsofmeasure.org"
DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T.*)?)?)?\Z")


class UnknownExpressionError(Exception):
    """The expression holds something that is not compiled here."""


class Bare(dict[str, Any]):
    """A primitive without a value: its extensions."""


class Env(Protocol):
    """Where an expression is asked: the resource, the one that contains it, the element that `%context` names."""

    resource: Json
    root: Json
    context: Any

    def resolve(self, reference: str) -> Json | None: ...


Evaluate = Callable[[Item, Env], Many]
Truth = Callable[[Item, Env], bool | None]


def members(item: Item, name: str, choices: Choices = {}) -> Many:  # noqa: B006
    """The children of that name; of a choice, whichever stands there."""
    if not isinstance(item, dict):
        return []
    value = item.get(name)
    if value is None:
        for key in (*choices.get(name, ()), name):
            if key in item and item[key] is not None:
                return _listed(item[key], item.get(f"_{key}"))
            if f"_{key}" in item:
                return [Bare(each) for each in _many(item[f"_{key}"]) if isinstance(each, dict)]
        return []
    return _listed(value, item.get(f"_{name}"))


def _listed(value: Any, siblings: Any) -> Many:
    if not isinstance(value, list):
        return [value]
    if siblings is None or None not in value:
        return [each for each in value if each is not None]
    beside = siblings if isinstance(siblings, list) else []
    filled = [Bare(beside[at] or {}) if each is None and at < len(beside) else each for at, each in enumerate(value)]
    return [each for each in filled if each is not None]


def _many(value: Any) -> Many:
    return value if isinstance(value, list) else [value]


def children(item: Item) -> Many:
    if not isinstance(item, dict):
        return []
    return [each for key, value in item.items() if key != "resourceType" for each in _many(value) if each is not None]


def descendants(item: Item) -> Many:
    found: Many = []
    waiting = children(item)
    while waiting:
        found += waiting
        waiting = [below for each in waiting for below in children(each)]
    return found


# --- compiling -----------------------------------------------------------------------------------------------------


def compile_truth(ast: Ast, choices: Choices) -> Truth:
    """The expression as a question: True, False, or None where it answers with nothing."""
    match ast:
        case ["and" | "or" | "xor" | "implies" as word, left, right]:
            return _LOGIC[word](compile_truth(left, choices), compile_truth(right, choices))
        case [".", left, ["call", "not"]]:
            inner = compile_truth(left, choices)
            return lambda this, env: None if (answer := inner(this, env)) is None else not answer
        case [".", ["name", str(name)], ["call", "exists" | "empty" as word]] if name[:1].islower():
            return _presence(name, choices, word == "exists")
        case [".", left, ["call", "exists" | "empty" as word]]:
            collect = compile_path(left, choices)
            if word == "exists":
                return lambda this, env: bool(collect(this, env))
            return lambda this, env: not collect(this, env)
        case ["=", left, right] if _is_question(left) and _is_question(right):
            return _same(compile_truth(left, choices), compile_truth(right, choices))
        case ["in", left, right] if (values := _literals(right)) is not None:
            return _one_of(compile_path(left, choices), values)
        case ["=", ["name", str(name)], ["value", value]] if name not in choices and name[:1].islower():
            return lambda this, env: None if (found := this.get(name)) is None else bool(found == value)
        case ["=", [".", ["%", "resource"], ["name", str(name)]], ["value", value]] if name not in choices:
            return lambda this, env: None if (found := env.resource.get(name)) is None else bool(found == value)
    collect = compile_path(ast, choices)
    return lambda this, env: as_truth(collect(this, env))


def triggers(ast: Ast, choices: Choices) -> frozenset[str] | None:
    """The JSON keys without any of which the expression is true, such as `a` for `a.empty() or b.exists()`.

    None where it must be asked in any case. So most rules cost no more than a look at the keys.
    """
    match ast:
        case ["or", left, right]:
            return triggers(left, choices) or triggers(right, choices)
        case ["and", left, right]:
            one, other = triggers(left, choices), triggers(right, choices)
            return one | other if one and other else None
        case ["implies", [".", path, ["call", "exists"]], _] | [".", path, ["call", "empty"]]:
            return _keys_of(path, choices)
        case [".", [".", path, ["call", "exists" | "hasValue"]], ["call", "not"]]:
            return _keys_of(path, choices)
    return None


def _keys_of(path: Ast, choices: Choices) -> frozenset[str] | None:
    """The keys under which a path begins; None where it begins elsewhere than at the element itself."""
    match path:
        case ["name", str(name)] if name[:1].islower():
            keys = (name, *choices.get(name, ()))
            return frozenset(keys) | {f"_{key}" for key in keys}
        case [".", left, ["name", _] | ["call", "where" | "first" | "tail" | "descendants", *_]]:
            return _keys_of(left, choices)
    return None


def _is_question(ast: Ast) -> bool:
    match ast:
        case ["and" | "or" | "xor" | "implies", _, _] | [".", _, ["call", "exists" | "empty", *_]]:
            return True
    return False


def _literals(ast: Ast) -> frozenset[Any] | None:
    """The values of `'a' | 'b' | 'c'`; None where it is anything else."""
    match ast:
        case ["value", value]:
            return frozenset({value})
        case ["|", left, right]:
            one, other = _literals(left), _literals(right)
            return None if one is None or other is None else one | other
    return None


def _one_of(collect: Evaluate, values: frozenset[Any]) -> Truth:
    def among(this: Item, env: Env) -> bool | None:
        found = collect(this, env)
        return found[0].__class__ is str and found[0] in values if found else None

    return among


def _same(left: Truth, right: Truth) -> Truth:
    def same(this: Item, env: Env) -> bool | None:
        one, other = left(this, env), right(this, env)
        return None if one is None or other is None else one is other

    return same


def as_truth(found: Many) -> bool | None:
    if not found:
        return None
    return found[0] if len(found) == 1 and isinstance(found[0], bool) else True


def _presence(name: str, choices: Choices, wanted: bool) -> Truth:
    keys = (name, *choices.get(name, ()))
    if len(keys) == 1:
        under = f"_{name}"
        if wanted:
            return lambda this, env: bool(this.get(name, None) not in NOTHING or under in this)
        return lambda this, env: bool(this.get(name, None) in NOTHING and under not in this)
    every = frozenset(keys) | {f"_{key}" for key in keys}
    return lambda this, env: every.isdisjoint(this) is not wanted


def _and(left: Truth, right: Truth) -> Truth:
    def both(this: Item, env: Env) -> bool | None:
        one = left(this, env)
        if one is False:
            return False
        other = right(this, env)
        return False if other is False else None if one is None or other is None else True

    return both


def _or(left: Truth, right: Truth) -> Truth:
    def either(this: Item, env: Env) -> bool | None:
        one = left(this, env)
        if one is True:
            return True
        other = right(this, env)
        return True if other is True else None if one is None or other is None else False

    return either


def _xor(left: Truth, right: Truth) -> Truth:
    def one_of(this: Item, env: Env) -> bool | None:
        one, other = left(this, env), right(this, env)
        return None if one is None or other is None else one is not other

    return one_of


def _implies(left: Truth, right: Truth) -> Truth:
    def follows(this: Item, env: Env) -> bool | None:
        one = left(this, env)
        if one is False:
            return True
        other = right(this, env)
        return True if other is True else None if one is None else other

    return follows


_LOGIC: dict[str, Callable[[Truth, Truth], Truth]] = {"and": _and, "or": _or, "xor": _xor, "implies": _implies}


def compile_path(ast: Ast, choices: Choices) -> Evaluate:
    """The expression as a function from an item to a collection. Raises UnknownExpressionError."""
    match ast:
        case ["value", value]:
            return lambda this, env: [value]
        case ["none"]:
            return lambda this, env: []
        case ["this"]:
            return lambda this, env: [this]
        case ["%", "resource"]:
            return lambda this, env: [env.resource]
        case ["%", "context"]:
            return lambda this, env: [env.context]
        case ["%", "rootResource"]:
            return lambda this, env: [env.root]
        case ["%", "ucum"]:
            return lambda this, env: [UCUM]
        case ["name", str(name)] if name[:1].isupper():
            return lambda this, env: [this] if this.get("resourceType") == name else []
        case ["name", str(name)]:
            return lambda this, env: members(this, name, choices)
        case ["and" | "or" | "xor" | "implies", _, _]:
            truth = compile_truth(ast, choices)
            return lambda this, env: [] if (answer := truth(this, env)) is None else [answer]
        case ["call", name, *given]:
            return _call(name, lambda this, env: [this], given, choices)
        case [".", left, ["name", str(name)]]:
            collect = compile_path(left, choices)
            return lambda this, env: [each for item in collect(this, env) for each in members(item, name, choices)]
        case [".", left, ["call", name, *given]]:
            return _call(name, compile_path(left, choices), given, choices)
        case ["is" | "as" as word, left, str(name)]:
            return _call(word, compile_path(left, choices), [["name", name]], choices)
        case [str(word), left, right] if word in _OPERATORS:
            operate = _OPERATORS[word]
            one, other = compile_path(left, choices), compile_path(right, choices)
            return lambda this, env: operate(one(this, env), other(this, env))
    raise UnknownExpressionError(str(ast))


def _call(name: str, collect: Evaluate, given: Sequence[Ast], choices: Choices) -> Evaluate:
    if name in _WITH_TYPE:
        wanted = given[0][1]
        narrow = _WITH_TYPE[name]
        return lambda this, env: narrow(collect(this, env), wanted)
    if name in {"exists", "where", "all"} and given:
        question = compile_truth(given[0], choices)
        if name == "all":
            return lambda this, env: [all(question(each, env) is True for each in collect(this, env))]
        if name == "exists":
            return lambda this, env: [any(question(each, env) is True for each in collect(this, env))]
        return lambda this, env: [each for each in collect(this, env) if question(each, env) is True]
    if name == "select":
        inner = compile_path(given[0], choices)
        return lambda this, env: [each for item in collect(this, env) for each in inner(item, env)]
    if name == "iif":
        then, other = compile_path(given[1], choices), compile_path(given[2], choices) if given[2:] else _nothing
        if given[0] == ["call", "empty"]:
            return lambda this, env: _either(collect(this, env), then, other, env)
        question = compile_truth(given[0], choices)
        return lambda this, env: (then if question(this, env) else other)(this, env)
    if name == "resolve":
        return lambda this, env: _resolved(collect(this, env), env)
    if name in {"combine", "intersect"}:
        other = compile_path(given[0], choices)
        if name == "combine":
            return lambda this, env: collect(this, env) + other(this, env)
        return lambda this, env: _distinct(each for each in collect(this, env) if each in other(this, env))
    if name in _FUNCTIONS:
        function = _FUNCTIONS[name]
        arguments = [compile_path(each, choices) for each in given]
        if not arguments:
            return lambda this, env: function(collect(this, env))
        return lambda this, env: function(
            collect(this, env), *(found[0] if (found := each(this, env)) else None for each in arguments)
        )
    raise UnknownExpressionError(name)


def _nothing(this: Item, env: Env) -> Many:
    return []


def _either(found: Many, empty: Evaluate, other: Evaluate, env: Env) -> Many:
    return other(found[0], env) if found else empty(None, env)


def _resolved(found: Many, env: Env) -> Many:
    references = [each.get("reference") if isinstance(each, dict) else each for each in found]
    resolved = [env.resolve(each) for each in references if isinstance(each, str)]
    return [each for each in resolved if each is not None]


# --- functions on collections --------------------------------------------------------------------------------------


def _distinct(found: Iterable[Item]) -> Many:
    return list({_key(each): each for each in found}.values())


def _key(item: Item) -> Any:
    if item.__class__ is str:
        return item
    return (repr(sorted(item.items(), key=lambda each: each[0]) if isinstance(item, dict) else item),)


def _has_value(item: Item) -> bool:
    return not isinstance(item, dict)


def of_type(item: Item, name: str) -> bool:
    """Whether JSON can tell that the item is of the type; a resource by its name, a primitive by its form."""
    kind = name.rsplit(".", 1)[-1]
    if isinstance(item, dict):
        return item.get("resourceType") == kind if "resourceType" in item else kind in {"Quantity", "Element"}
    match kind.lower():
        case "boolean":
            return isinstance(item, bool)
        case "decimal":
            return isinstance(item, int | float) and not isinstance(item, bool)
        case "integer":
            return isinstance(item, int) and not isinstance(item, bool)
        case "date" | "datetime":
            return isinstance(item, str) and bool(DATE.match(item))
        case "string" | "code" | "uri" | "canonical" | "markdown":
            return isinstance(item, str)
    return False


def _text(found: Many) -> str | None:
    return found[0] if len(found) == 1 and isinstance(found[0], str) else None


def _about_text(ask: Callable[[str, Any], Any]) -> Callable[..., Many]:
    def answer(found: Many, argument: Any = None) -> Many:
        text = _text(found)
        return [] if text is None or argument is None else [ask(text, argument)]

    return answer


def _matches(text: str, pattern: str) -> bool:
    """No name or path that the standard asks about is as long as LONGEST, and a pattern may take for ever over one."""
    return len(text) < LONGEST and re.search(pattern, text, re.DOTALL) is not None


def _to_integer(found: Many) -> Many:
    return [
        int(each) for each in found[:1] if isinstance(each, str | int) and re.fullmatch(r"[+-]?\d{1,18}", str(each))
    ]


_WITH_TYPE: dict[str, Callable[[Many, str], Many]] = {
    "is": lambda found, name: [of_type(found[0], name)] if len(found) == 1 else [],
    "as": lambda found, name: [each for each in found if of_type(each, name)],
    "ofType": lambda found, name: [each for each in found if of_type(each, name)],
}
_FUNCTIONS: dict[str, Callable[..., Many]] = {
    "exists": lambda found: [bool(found)],
    "empty": lambda found: [not found],
    "not": lambda found: [] if (answer := as_truth(found)) is None else [not answer],
    "count": lambda found: [len(found)],
    "hasValue": lambda found: [len(found) == 1 and _has_value(found[0])],
    "first": lambda found: found[:1],
    "tail": lambda found: found[1:],
    "isDistinct": lambda found: [len(_distinct(found)) == len(found)],
    "allFalse": lambda found: [all(each is False for each in found)],
    "children": lambda found: [below for each in found for below in children(each)],
    "descendants": lambda found: [below for each in found for below in descendants(each)],
    "trace": lambda found, name=None: found,
    "toString": lambda found: [str(each) for each in found[:1] if _has_value(each)],
    "toInteger": _to_integer,
    "length": lambda found: [] if (text := _text(found)) is None else [len(text)],
    "startsWith": _about_text(str.startswith),
    "contains": _about_text(lambda text, part: part in text),
    "matches": _about_text(_matches),
    "substring": _about_text(lambda text, start: text[start:]),
    "replaceMatches": lambda found, pattern, new: [re.sub(pattern, new, each) for each in found[:1]],
}


# --- operators -----------------------------------------------------------------------------------------------------


def _equal(left: Many, right: Many) -> Many:
    return [left == right] if left and right else []


def _before(word: str) -> Callable[[Many, Many], Many]:
    def compare(left: Many, right: Many) -> Many:
        if len(left) != 1 or len(right) != 1:
            return []
        order = order_of(left[0], right[0])
        if order is None:
            return [True]  # dates of unlike precision, quantities of unlike units: nothing is known to be wrong
        return [order < 0 if word == "<" else order <= 0 if word == "<=" else order > 0 if word == ">" else order >= 0]

    return compare


def order_of(left: Item, right: Item) -> int | None:
    """Below zero, zero or above; None where the two cannot be told apart or compared."""
    if isinstance(left, dict) and isinstance(right, dict):
        if (left.get("system"), left.get("code")) != (right.get("system"), right.get("code")):
            return None
        left, right = left.get("value"), right.get("value")
    if isinstance(left, bool) or isinstance(right, bool):
        return None
    if isinstance(left, int | float) and isinstance(right, int | float):
        return (left > right) - (left < right)
    if isinstance(left, str) and isinstance(right, str):
        return _order_of_texts(left, right)
    return None


def _order_of_texts(left: str, right: str) -> int | None:
    if not (DATE.match(left) and DATE.match(right)):
        return (left > right) - (left < right)
    from clearpath.records.check.primitives import moment_of

    if "T" in left and "T" in right:
        one, other = moment_of(left), moment_of(right)
        return None if one is None or other is None else (one > other) - (one < other)
    both = min(len(left.partition("T")[0]), len(right.partition("T")[0]))
    if left[:both] != right[:both]:
        return -1 if left[:both] < right[:both] else 1
    return 0 if len(left) == len(right) else None


def _joined(left: Many, right: Many) -> Many:
    return ["".join(str(each[0]) for each in (left, right) if each and _has_value(each[0]))]


def _sum(left: Many, right: Many) -> Many:
    return [left[0] + right[0]] if left and right else []


_OPERATORS: dict[str, Callable[[Many, Many], Many]] = {
    "=": _equal,
    "!=": lambda left, right: [left != right] if left and right else [],
    "<": _before("<"),
    "<=": _before("<="),
    ">": _before(">"),
    ">=": _before(">="),
    "&": _joined,
    "+": _sum,
    "|": lambda left, right: _distinct(left + right),
    "in": lambda left, right: [left[0] in right] if left else [],
    "contains": lambda left, right: [right[0] in left] if right else [],
}
