"""Definitions made ready for the walk: for each JSON key of an element, what is asked of what stands there.

A shape is compiled once, when the first element of its kind is met.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from clearpath.records.check import primitives
from clearpath.records.check.definitions import Json, kind_of, profile_node, type_node
from clearpath.records.check.fhirpath import Choices, Env, Truth, UnknownExpressionError, compile_truth, triggers
from clearpath.records.check.findings import Severity
from clearpath.records.check.references import allowed_types

NATIVE = {"ref-1", "txt-1", "txt-2"}  # the walker asks these itself
ANY_RESOURCE = {"Resource", "DomainResource"}


@dataclass(slots=True)
class Rule:
    """An invariant: broken when its expression is not true."""

    key: str
    severity: Severity
    human: str
    holds: Truth
    triggers: frozenset[str] | None  # without any of these keys it holds

    def broken(self, item: Any, env: Env, complete: bool) -> bool:
        """No answer is a no, unless something that must be there is missing, which is then the one defect."""
        try:
            answer = self.holds(item, env)
        except (AttributeError, TypeError):
            return False  # a text where an object belongs, or the like: the first gate has said so
        return answer is False or (answer is None and complete and self.severity == "error")


@dataclass(slots=True)
class Element:
    """What is asked of what stands under one JSON key."""

    name: str  # as FHIRPath says it: `value` for valueQuantity
    type: str
    node: Json
    base: bool  # of a type itself, not of a profile
    complex: bool
    choice: bool
    min: int
    max: int | None
    rules: tuple[Rule, ...]
    codes: str
    targets: tuple[str, ...]
    allowed: frozenset[str]  # the types of `targets`
    profiles: tuple[str, ...]
    complaint: Callable[[Any], str | None] | None
    keys: frozenset[str]  # every key that it may stand under, as a value or as extensions
    owner: Json  # the root node, where `same` leads from
    inner: "Shape | None" = None
    sliced: list[Any] | None = None  # what `slices` made of it
    listed: bool = False  # always in a list
    plain: bool = False  # an object of which nothing is asked but what its shape asks

    def shape(self) -> "Shape":
        if self.inner is None:
            self.inner = _shape_within(self)
        return self.inner


@dataclass(slots=True)
class Shape:
    """What is asked of an element or resource as a whole, and of each of its keys."""

    type: str
    rules: tuple[Rule, ...] = ()
    elements: dict[str, Element] = field(default_factory=dict)
    required: tuple[Element, ...] = ()
    quiet: frozenset[str] = frozenset()  # keys of single values of which nothing is left to ask
    free: bool = True  # nothing is asked of the whole

    def nothing_to_ask(self, value: Json) -> bool:
        """Whether the element has only quiet keys, as most codings and references: then it need not be walked."""
        return self.free and value.keys() <= self.quiet and (len(value) > 1 or (bool(value) and "id" not in value))


@cache
def of_type(name: str) -> Shape | None:
    node = type_node(name)
    return _shape(name, node, node, base=True) if node else None


@cache
def of_profile(url: str) -> Shape | None:
    node = profile_node(url)
    return _shape(url, node, node, base=False) if node else None


def _shape_within(element: Element) -> Shape:
    node = element.node
    for step in node.get("same", ()):
        node = (element.owner if node is element.node else node)["of"][step]
    if "of" in node:
        return _shape(element.type, node, element.owner, base=element.base)
    return of_type(element.type) or Shape(element.type)


def _shape(name: str, node: Json, owner: Json, *, base: bool) -> Shape:
    choices = dict(_choices(node))
    elements: dict[str, Element] = {}
    required: list[Element] = []
    quiet: set[str] = {"resourceType"}
    for child, below in node.get("of", {}).items():
        made = list(_elements(child, below, owner, base))
        if below.get("min"):
            required.append(made[0][1])
        for key, element in made:
            if below.get("max") == 1 and not element.choice and not asks(element):
                quiet.add(key)
            else:
                elements[key] = element
    rules = _rules(node, choices)
    free = not rules and not required and name != "Extension"
    return Shape(name, rules, elements, tuple(required), frozenset(quiet), free)


def _elements(name: str, node: Json, owner: Json, base: bool) -> Iterator[tuple[str, Element]]:
    """By JSON key: one for each type of a choice."""
    types = node.get("types") or [["BackboneElement"]]
    keys = tuple(_key(name, each[0], node) for each in types)
    known = frozenset(each for key in keys for each in (key, f"_{key}"))
    for key, given in zip(keys, types, strict=True):
        yield key, _element(name, given, node, owner, base, known)


def _element(name: str, given: list[Any], node: Json, owner: Json, base: bool, keys: frozenset[str]) -> Element:
    code, profiles, targets = (*given, [], [])[:3] if len(given) < 3 else given
    own = slice_of_type(node, code) if node.get("choice") else node
    made = Element(
        name=name,
        type=code,
        node=own,
        base=base,
        complex=code[:1].isupper(),
        choice=bool(node.get("choice")) and len(keys) > 2,
        min=node.get("min", 0),
        max=node.get("max"),
        rules=_rules(own, dict(_choices(own))) if "of" not in own else (),
        codes="" if _only_units(own) and code != "Quantity" else own.get("codes", ""),
        targets=tuple(targets),
        allowed=allowed_types(tuple(targets)),
        profiles=tuple(each for each in profiles if profile_node(each)),
        complaint=primitives.CHECKS.get(code) if base else None,
        keys=keys,
        owner=owner,
    )
    made.listed = base and made.max != 1
    special = code == "Reference" or code in ANY_RESOURCE or made.rules or made.codes or made.profiles
    made.plain = base and made.complex and not special and made.max != 0
    return made


def _only_units(node: Json) -> bool:
    """A value set of units binds the quantity among the types of a choice, and nothing else."""
    return bool(node.get("choice")) and str(node.get("codes", "")).startswith("ucum")


def of_slice(element: Element, node: Json) -> Element:
    """The items of one slice, as an element of the same name."""
    return _element(element.name, node.get("types", [["BackboneElement"]])[0], node, element.owner, False, element.keys)


def asks(element: Element) -> bool:
    node = element.node
    return bool(
        element.complex
        or element.type == "xhtml"
        or element.complaint
        or element.codes
        or element.rules
        or "fixed" in node
        or "pattern" in node
    )


def slice_of_type(node: Json, code: str) -> Json:
    """The slice that a profile makes of one type of a choice, such as onset[x]:onsetDateTime."""
    for each in node.get("slices", {}).values():
        if [given[0] for given in each.get("types", ())] == [code]:
            return {**{key: value for key, value in node.items() if key != "slices"}, **each}
    return node


def _key(name: str, code: str, node: Json) -> str:
    return f"{name}{code[:1].upper()}{code[1:]}" if node.get("choice") else name


def _choices(node: Json) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, below in node.get("of", {}).items():
        if below.get("choice"):
            yield name, tuple(_key(name, each[0], below) for each in below.get("types", ()))
        yield from _choices(below)


def _rules(node: Json, choices: Choices) -> tuple[Rule, ...]:
    return tuple(_rule(each, choices) for each in node.get("rules", ()) if each[0] not in NATIVE)


def _rule(given: list[Any], choices: Choices) -> Rule:
    key, severity, human, expression, ast = given
    try:
        holds = compile_truth(ast, choices)
    except UnknownExpressionError:
        from clearpath.records.check.fallback import interpreted  # it takes half a second to import

        holds = interpreted(expression)
    if "%context" in expression:
        holds = _in_context(holds)
    return Rule(key, severity, human, holds, triggers(ast, choices))


def _in_context(holds: Truth) -> Truth:
    def asked(this: Any, env: Env) -> bool | None:
        env.context = this
        return holds(this, env)

    return asked


def names_of(resource: Any, path: list[str | int]) -> list[str | int]:
    """A path of JSON keys as FHIRPath says it: `value` for valueQuantity, `birthDate` for _birthDate."""
    named: list[str | int] = []
    shape = of_type(kind_of(resource))
    for step in path:
        if isinstance(step, int):
            named.append(step)
            resource = resource[step] if isinstance(resource, list) and step < len(resource) else None
            continue
        resource = resource.get(step) if isinstance(resource, dict) else None
        element = shape.elements.get(step.removeprefix("_")) if shape else None
        named.append(element.name if element else step.removeprefix("_"))
        if element and element.type in ANY_RESOURCE:
            shape = None
        else:
            shape = element.shape() if element and element.complex else None
        if kind := kind_of(resource):
            shape = of_type(kind)
    return named
