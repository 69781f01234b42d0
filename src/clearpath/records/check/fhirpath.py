"""FHIRPath expressions of the standard's own rules as plain functions, many times as fast as an interpreter.

An expression comes parsed, as nested lists (`definitions` tells the form). What is compiled here says the same as
fhirpathpy of every rule on every resource of the tests; what is not known here goes to fhirpathpy itself.
"""

# ruff: noqa: ARG001, ARG005  every part of an expression takes the item and where it is asked, though few need both
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from clearpath.records.check.definitions import Json
from clearpath.records.check.fhirpath_functions import (
    FUNCTIONS,
    OPERATORS,
    WITH_TYPE,
    Choices,
    Item,
    Many,
    as_truth,
    distinct,
    members,
)

Ast = list[Any]
NOTHING: tuple[Any, ...] = (None, [])
UCUM = "http://unitsofmeasure.org"


class UnknownExpressionError(Exception):
    """The expression holds something that is not compiled here."""


class Env(Protocol):
    """Where an expression is asked: the resource, the one that contains it, the element that `%context` names."""

    resource: Json
    root: Json
    context: Any

    def resolve(self, reference: str) -> Json | None: ...


Evaluate = Callable[[Item, Env], Many]
Truth = Callable[[Item, Env], bool | None]


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
        case [str(word), left, right] if word in OPERATORS:
            operate = OPERATORS[word]
            one, other = compile_path(left, choices), compile_path(right, choices)
            return lambda this, env: operate(one(this, env), other(this, env))
    raise UnknownExpressionError(str(ast))


def _call(name: str, collect: Evaluate, given: Sequence[Ast], choices: Choices) -> Evaluate:
    if name in WITH_TYPE:
        wanted = given[0][1]
        narrow = WITH_TYPE[name]
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
        return lambda this, env: distinct(each for each in collect(this, env) if each in other(this, env))
    if name in FUNCTIONS:
        function = FUNCTIONS[name]
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
