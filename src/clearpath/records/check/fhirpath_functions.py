"""What FHIRPath's functions and operators do with collections.

A collection is a list; an element that has only extensions is a `Bare`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from clearpath.records.check.primitives import moment_of

Item = Any
Many = list[Item]
Choices = Mapping[str, tuple[str, ...]]  # the JSON keys of an element such as value[x]
NO_CHOICES: Choices = {}
LONGEST = 4000  # characters of a text that a pattern is tried on
DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T.*)?)?)?\Z")


class Bare(dict[str, Any]):
    """A primitive without a value: its extensions."""


def members(item: Item, name: str, choices: Choices = NO_CHOICES) -> Many:
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
    filled = [_bare(beside[at]) if each is None and at < len(beside) else each for at, each in enumerate(value)]
    return [each for each in filled if each is not None]


def _bare(sibling: Any) -> Bare:
    return Bare(sibling) if isinstance(sibling, dict) else Bare()


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


def as_truth(found: Many) -> bool | None:
    if not found:
        return None
    return found[0] if len(found) == 1 and isinstance(found[0], bool) else True


# --- functions on collections --------------------------------------------------------------------------------------


def distinct(found: Iterable[Item]) -> Many:
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


WITH_TYPE: dict[str, Callable[[Many, str], Many]] = {
    "is": lambda found, name: [of_type(found[0], name)] if len(found) == 1 else [],
    "as": lambda found, name: [each for each in found if of_type(each, name)],
    "ofType": lambda found, name: [each for each in found if of_type(each, name)],
}
FUNCTIONS: dict[str, Callable[..., Many]] = {
    "exists": lambda found: [bool(found)],
    "empty": lambda found: [not found],
    "not": lambda found: [] if (answer := as_truth(found)) is None else [not answer],
    "count": lambda found: [len(found)],
    "hasValue": lambda found: [len(found) == 1 and _has_value(found[0])],
    "first": lambda found: found[:1],
    "tail": lambda found: found[1:],
    "isDistinct": lambda found: [len(distinct(found)) == len(found)],
    "allFalse": lambda found: [all(each is False for each in found)],
    "children": lambda found: [below for each in found for below in children(each)],
    "descendants": lambda found: [below for each in found for below in descendants(each)],
    "trace": lambda found, _name=None: found,
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


OPERATORS: dict[str, Callable[[Many, Many], Many]] = {
    "=": _equal,
    "!=": lambda left, right: [left != right] if left and right else [],
    "<": _before("<"),
    "<=": _before("<="),
    ">": _before(">"),
    ">=": _before(">="),
    "&": _joined,
    "+": _sum,
    "|": lambda left, right: distinct(left + right),
    "in": lambda left, right: [left[0] in right] if left else [],
    "contains": lambda left, right: [right[0] in left] if right else [],
}
