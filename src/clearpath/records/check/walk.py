"""The second and third gate: every element of a resource beside what its definition asks.

A path is a pair of the path above and a name or number, and becomes text only where something is wrong.
"""

from dataclasses import dataclass, field
from typing import Any

from clearpath.records.check import contained, narrative, shapes, slices
from clearpath.records.check.definitions import Json, kind_of, resource_types
from clearpath.records.check.findings import Finding, Findings, Gate, Severity
from clearpath.records.check.references import Index, Place, index_of, type_named
from clearpath.records.check.shapes import ANY_RESOURCE, Element, Shape
from clearpath.records.check.values import in_value_set, misses_pattern

Path = tuple[Any, str | int] | None
DEEPEST = 80  # elements in each other, far beyond what any record needs


def written(root: str, path: Path) -> str:
    """The path as FHIRPath: `Bundle.entry[3].resource.code`."""
    steps: list[str] = []
    while path is not None:
        path, step = path
        steps.append(f"[{step}]" if isinstance(step, int) else f".{step}")
    return root + "".join(reversed(steps))


@dataclass(slots=True)
class At:
    """Where the walk is: the resource, the one that contains it, the bundle around them. An `Env` for FHIRPath."""

    findings: Findings
    gate: Gate
    named: str  # the type of the outermost resource, with which every path begins
    resource: Json
    root: Json
    context: Any = None
    index: Index | None = None
    full_url: str = ""
    document: bool = False
    contained: tuple[Json, dict[str, Json]] | None = None  # of which resource, and by id
    depth: int = 0
    lenient: bool = False  # an error is only a warning
    judged: set[tuple[int, str]] = field(default_factory=set)

    def add(self, severity: Severity, rule: str, path: Path, says: str, which: str = "") -> None:
        if self.findings.told(rule):
            return
        if self.lenient and severity == "error":
            severity = "warning"
        self.findings.add(Finding(severity, rule, written(self.named, path), says, self.gate), which)

    def enter_bundle(self, bundle: Json, path: Path) -> None:
        self.index = index_of(bundle, path)
        self.document = bundle.get("type") == "document"

    def inside(self) -> dict[str, Json]:
        """What the outer resource contains, by id."""
        if self.contained is None or self.contained[0] is not self.root:
            self.contained = (self.root, contained.by_id(self.root))
        return self.contained[1]

    def resolve(self, reference: str) -> Json | None:
        place = self.place(reference)
        return place.resource if place else None

    def place(self, reference: str) -> Place | None:
        if reference.startswith("#"):
            inside = self.inside().get(reference[1:])
            return Place(inside, None, "") if inside else None
        return self.index.place(reference, self.full_url) if self.index else None


# --- resources -----------------------------------------------------------------------------------------------------


def walk_resource(resource: Json, path: Path, at: At) -> None:
    """The rules of its type, and everything in it."""
    kind = kind_of(resource)
    shape = shapes.of_type(kind)
    if shape is None:
        return  # the first gate has said so
    above = (at.resource, at.root, at.index, at.full_url, at.document)
    at.resource = resource
    if path is None or path[1] == "resource":
        at.root = resource
    if kind == "Bundle":
        at.enter_bundle(resource, path)
    elif at.index:
        at.full_url = at.index.full_urls.get(id(resource), at.full_url)
    walk(resource, shape, path, at)
    if "contained" in resource:
        contained.check(resource, path, at)
    if "text" not in resource and kind not in {"Bundle", "Binary", "Parameters"} and at.root is resource:
        at.add("information", "dom-6", path, "This has no narrative: a person cannot read it without software.")
    at.resource, at.root, at.index, at.full_url, at.document = above


def walk(value: Json, shape: Shape, path: Path, at: At) -> None:
    """Every rule on an element or resource, and every key of it."""
    if len(value) < 2 and (not value or "id" in value):
        at.add("error", "ele-1", path, "This is empty: leave it out, or give it a value.")
        return
    at.depth += 1
    if at.depth > DEEPEST:
        at.add(
            "error", "depth", path, f"This is nested deeper than {DEEPEST} elements: what is below was not looked at."
        )
        at.depth -= 1
        return
    complete = True
    for needed in shape.required:
        if needed.name not in value and needed.keys.isdisjoint(value):
            complete = False
            at.add("error", "cardinality", (path, needed.name), f"“{needed.name}” is missing: it must be there.")
    for rule in shape.rules:
        when = rule.triggers
        if (when is None or not when.isdisjoint(value)) and rule.broken(value, at, complete):
            at.add(rule.severity, rule.key, path, f"{rule.human.rstrip('.')}.")
    if shape.type == "Extension":
        _extension(value, path, at)
    _keys(value, shape, path, at)
    at.depth -= 1


def _keys(value: Json, shape: Shape, path: Path, at: At) -> None:
    chosen = ""
    quiet, elements = shape.quiet, shape.elements
    for key, child in value.items():
        if key in quiet:
            continue
        element = elements.get(key)
        if element is None:
            if key[:1] == "_":
                _siblings(value, key, child, path, at)
            continue
        name = element.name
        if element.choice:
            if chosen == name:
                says = f"“{name}” stands here twice: only one type of it may be used."
                at.add("error", "choice", (path, name), says)
            chosen = name
        if child.__class__ is dict and element.listed:
            continue  # the first gate has said that it must be a list
        if child.__class__ is dict and element.plain:
            inner = element.inner or element.shape()
            if not inner.nothing_to_ask(child):
                walk(child, inner, (path, name), at)
        elif child.__class__ is list:
            _many(child, element, (path, name), at)
        elif child is not None or element.complex:
            _one(child, element, (path, name), at)


def _many(children: list[Any], element: Element, path: Path, at: At) -> None:
    if not children:
        at.add("error", "empty-list", path, "This list is empty: leave it out instead.")
    if element.max is not None and _too_many(children, element, path, at):
        return
    if element.plain:
        shape = element.shape()
        for number, child in enumerate(children):
            if child.__class__ is dict:
                if not shape.nothing_to_ask(child):
                    walk(child, shape, (path, number), at)
            else:
                _one(child, element, (path, number), at)
        return
    for number, child in enumerate(children):
        if child is not None or element.complex:
            _one(child, element, (path, number), at)
    if "slices" in element.node and slices.check(children, element, path, at, _one):
        return  # a slice is missing: that it makes the list too short is the same defect
    if len(children) < element.min:
        at.add("error", "cardinality", path, f"“{element.name}” must be there at least {element.min} times.")


def _too_many(children: list[Any], element: Element, path: Path, at: At) -> bool:
    """Whether what is there is not worth a look, because it may not be there, or not as a list."""
    if element.max == 0:
        at.add("error", "cardinality", path, f"“{element.name}” may not be used here.")
        return True
    if element.max == 1 and element.base:
        at.add("error", "type", path, f"“{element.name}” must be a single value, not a list.")
        return True
    if len(children) > (element.max or 0):
        says = f"“{element.name}” may be there {element.max} times at most, and is there {len(children)} times."
        at.add("error", "cardinality", path, says)
    return False


def _one(child: Any, element: Element, path: Path, at: At) -> None:
    node = element.node
    if element.complex:
        if child.__class__ is not dict:
            at.add("error", "type", path, f"“{element.name}” must be an object with elements of its own.")
            return
    elif child.__class__ is dict or child.__class__ is list:
        return  # the first gate has said so
    if element.max == 0:
        at.add("error", "cardinality", path, f"“{element.name}” may not be used here.")
    if element.complaint and (says := element.complaint(child)):
        at.add("error", "format", path, says)
    if ("fixed" in node or "pattern" in node) and (says := misses_pattern(child, node)):
        at.add("error", "fixed" if "fixed" in node else "pattern", path, says)
    if element.codes and (says := in_value_set(child, element.codes)):
        at.add("error", "binding", path, says)
    for rule in element.rules:
        if rule.broken(child, at, True):
            at.add(rule.severity, rule.key, path, f"{rule.human.rstrip('.')}.")
    if element.complex:
        _inside(child, element, path, at)
    elif element.type == "xhtml":
        for severity, rule_key, says in narrative.complaints(child):
            at.add(severity, rule_key, path, says)


def _inside(child: Json, element: Element, path: Path, at: At) -> None:
    kind = element.type
    if kind in ANY_RESOURCE or kind in resource_types():
        if at.gate == 3:
            for profile in element.profiles:
                judge(child, profile, path, at)
        elif "resourceType" in child:
            walk_resource(child, path, at)
        return
    if kind == "Reference":
        _reference(child, element, path, at)
    if element.base or "of" in element.node:  # else the second gate has walked it by the same shape
        shape = element.shape()
        if not shape.nothing_to_ask(child):
            walk(child, shape, path, at)
    for profile in element.profiles:
        if narrower := shapes.of_profile(profile):
            walk(child, narrower, path, at)


def _extension(value: Json, path: Path, at: At) -> None:
    """Rule ext-1: a value or extensions, not both and not neither."""
    has_value = any(key.startswith(("value", "_value")) for key in value)
    if has_value is ("extension" in value):
        at.add("error", "ext-1", path, "An extension must hold either a value or extensions, and not both.")


def _siblings(value: Json, key: str, beside: Any, path: Path, at: At) -> None:
    """What stands beside a primitive, under its name with an underscore: an id and extensions for each value."""
    name = key[1:]
    values = value.get(name)
    where = (path, name)
    element_shape = shapes.of_type("Element")
    if element_shape is None or beside.__class__ not in (dict, list):
        return
    if beside.__class__ is dict:
        if values.__class__ is list:
            at.add("error", "sibling", where, f"“{key}” must be a list as long as “{name}”.")
        walk(beside, element_shape, where, at)
        return
    if values is not None and (values.__class__ is not list or len(values) != len(beside)):
        at.add("error", "sibling", where, f"“{key}” must be as long as “{name}”, with null where nothing is said.")
    for number, each in enumerate(beside):
        if each.__class__ is dict:
            walk(each, element_shape, (where, number), at)


# --- references ----------------------------------------------------------------------------------------------------


def _reference(child: Json, element: Element, path: Path, at: At) -> None:
    url = child.get("reference")
    place = at.place(url) if isinstance(url, str) else None
    kind = kind_of(place.resource) if place else type_named(child)
    if element.allowed and kind and kind not in element.allowed:
        says = f"This leads to a {kind}; only {_listed(sorted(element.allowed))} may stand here."
        at.add("error", "reference-type", path, says)
    elif place and kind and child.get("type", kind) != kind:
        at.add("error", "reference-type", path, f"This says that it leads to a {child['type']}, and leads to a {kind}.")
    elif place is None and isinstance(url, str):
        _unresolved(url, path, at)
    if at.gate == 3 and place and place.path is not None:
        fitting = [each for each in element.targets if slices.claims(place.resource, each) and shapes.of_profile(each)]
        if len(fitting) == 1 and kind not in element.targets:
            judge(place.resource, fitting[0], place.path, at)


def _unresolved(url: str, path: Path, at: At) -> None:
    if url.startswith("#"):
        if url != "#":
            at.add("error", "ref-1", path, f"Nothing inside this resource has the id “{url[1:80]}”.")
    elif at.index is None:
        return
    elif url.startswith(("urn:uuid:", "urn:oid:")):
        at.add("error", "reference-unresolved", path, f"Nothing in this bundle has the full URL “{url[:80]}”.")
    elif at.document:
        # FHIR R4, documents: what the composition itself names SHALL be in the bundle.
        named = at.resource.get("resourceType") == "Composition" and not _within(path, "extension")
        severity: Severity = "error" if named else "warning"
        at.add(severity, "reference-unresolved", path, f"“{url[:80]}” is not in this document.")


def _within(path: Path, name: str) -> bool:
    while path is not None:
        path, step = path
        if step == name:
            return True
    return False


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


# --- profiles ------------------------------------------------------------------------------------------------------


def judge(resource: Json, profile: str, path: Path, at: At) -> None:
    """The resource beside a profile; once, however many ways lead to it."""
    shape = shapes.of_profile(profile)
    if shape is None or (id(resource), profile) in at.judged:
        return
    at.judged.add((id(resource), profile))
    above = (at.resource, at.root, at.full_url, at.lenient)
    at.resource = at.root = resource
    at.lenient = slices.only_by_category(resource, profile)
    if at.index:
        at.full_url = at.index.full_urls.get(id(resource), "")
    walk(resource, shape, path, at)
    at.resource, at.root, at.full_url, at.lenient = above
