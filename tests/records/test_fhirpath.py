"""Rules compiled ahead say what fhirpathpy says, of every rule of FHIR R4 on invented elements."""

import random
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from fhirpathpy import apply_parsed_path, parse
from fhirpathpy.engine.nodes import ResourceNode
from fhirpathpy.models import models

from clearpath.records.check import definitions, fhirpath, shapes

EACH = 25  # invented elements for a rule
# Where the two differ, and why ours stands.
OTHERWISE = {
    "ctm-1": "fhirpathpy cannot resolve references",
    "sdf-21": "fhirpathpy does not find a choice (defaultValue[x]) inside an element",
    "sdf-22": "the same",
    "que-7": "fhirpathpy does not take a value of FHIR's boolean for a Boolean",
    "rng-2": "fhirpathpy cannot compare quantities",
    "inv-1": "dates of unlike precision: nothing is known to be wrong, so nothing is",
    "mdd-1": "the same",
    "per-1": "the same",
    "app-4": "fhirpathpy reads a name that is also the type's differently",
}
TRACES = {"traceFn": lambda *_: None}
HAS_VALUE = {
    "fn": lambda found: len(found) == 1 and not isinstance(getattr(found[0], "data", found[0]), dict),
    "arity": {0: []},
}
VALUES = {
    "boolean": [True, False],
    "integer": [0, 1, 2],
    "decimal": [0, 0.5, 3, 101],
    "positiveInt": [1, 2],
    "unsignedInt": [0, 1],
    "date": ["2020", "2020-01", "2020-01-02", "2019-05-05"],
    "dateTime": ["2020", "2020-01-02", "2021-03-03T10:00:00Z", "2021-03-03T10:00:00+01:00"],
    "instant": ["2021-03-03T10:00:00Z", "2022-03-03T10:00:00Z"],
    "time": ["10:00:00"],
}


def all_rules() -> Iterator[tuple[str, dict, dict, list]]:
    types = sorted(
        definitions.resource_types() | {"Period", "Quantity", "Age", "Duration", "Count", "Distance", "Timing"}
    )
    types += [
        "Attachment",
        "ContactPoint",
        "Ratio",
        "Range",
        "TriggerDefinition",
        "DataRequirement",
        "ElementDefinition",
    ]
    for name in types:
        root = definitions.type_node(name)
        yield from rules_under(root, name, root)


def rules_under(node: dict, path: str, root: dict) -> Iterator[tuple[str, dict, dict, list]]:
    yield from ((path, node, root, rule) for rule in node.get("rules", ()) if rule[0] not in shapes.NATIVE)
    for name, below in node.get("of", {}).items():
        yield from rules_under(below, f"{path}.{name}", root)


class Inventor:
    """Elements that have the children a rule speaks of, with the values it speaks of."""

    def __init__(self, rule: list, seed: int) -> None:
        self.names, self.texts = set(), ["abc", "Good_Name", "http://x.example/_history/1"]
        self.note(rule[4])
        self.random = random.Random(seed)

    def note(self, ast: list) -> None:
        match ast:
            case ["name", name]:
                self.names.add(name)
            case ["value", value]:
                self.texts += [value] if isinstance(value, str) else []
            case [_, *inner]:
                for each in inner:
                    self.note(each)

    def element(self, node: dict, root: dict, depth: int = 0) -> dict:
        made = {}
        for name, below in children_of(node, root).items() if depth < 5 else ():
            spoken_of = name in self.names and self.random.random() < (0.6 if depth < 2 else 0.25)
            if name in {"extension", "modifierExtension", "contained", "id"} or not spoken_of:
                continue
            kind = self.random.choice(below.get("types") or [["BackboneElement"]])[0]
            key = f"{name}{kind[0].upper()}{kind[1:]}" if below.get("choice") else name
            count = 1 if below.get("max") == 1 else self.random.choice([1, 1, 2, 3])
            values = [
                each for each in (self.value(kind, below, root, depth) for _ in range(count)) if each not in (None, {})
            ]
            if values:
                made[key] = values[0] if below.get("max") == 1 else values
        return made

    def value(self, kind: str, node: dict, root: dict, depth: int):
        if kind in shapes.ANY_RESOURCE:
            return {"resourceType": self.random.choice(["Composition", "Patient", "MessageHeader"])}
        if kind[:1].isupper():
            return self.element({**node, "types": [[kind]]}, root, depth + 1)
        return self.random.choice(VALUES.get(kind, self.texts))


def children_of(node: dict, root: dict) -> dict:
    shared = node
    for step in node.get("same", ()):
        shared = (root if shared is node else shared)["of"][step]
    if "of" in shared:
        return shared["of"]
    kind = (node.get("types") or [["Element"]])[0][0]
    return (definitions.type_node(kind) or {}).get("of", {}) if kind[:1].isupper() else {}


def by_fhirpathpy(parsed: dict, item: dict, path: str) -> bool | None:
    node = ResourceNode.create_node(item, path)
    options = {**TRACES, "userInvocationTable": {"hasValue": HAS_VALUE}}  # which it does not know of itself
    return fhirpath.as_truth(
        apply_parsed_path(node, parsed, {"resource": node, "context": node}, models["r4"], options)
    )


@pytest.mark.slow
def test_compiled_rules_answer_as_fhirpathpy_does():
    differ, asked = {}, set()
    for path, node, root, rule in all_rules():
        key, _, _, expression, ast = rule
        if key in OTHERWISE:
            continue
        choices = dict(shapes._choices({"of": children_of(node, root)}))
        ours, parsed = fhirpath.compile_truth(ast, choices), parse(expression)
        invent = Inventor(rule, seed=len(asked))
        for _ in range(EACH):
            item = invent.element(node, root)
            if path in definitions.resource_types():
                item = {"resourceType": path, **item}
            if item:
                asked.add(f"{path} {key}")
                here = SimpleNamespace(resource=item, root=item, context=item, resolve=lambda reference: None)
                answers = ours(item, here), by_fhirpathpy(parsed, item, path)
                if answers[0] is not answers[1]:
                    differ[f"{path} {key}"] = (expression, item, answers)

    assert differ == {}
    assert len(asked) > 200


def test_dates_of_unlike_precision_are_not_called_disordered():
    truth = fhirpath.compile_truth(["<=", ["name", "start"], ["name", "end"]], {})

    def ordered(start: str, end: str) -> bool | None:
        return truth({"start": start, "end": end}, None)

    assert ordered("2020", "2020-05-01") is True
    assert ordered("2020-06", "2020-05-01") is False
    assert ordered("2020-05-01T23:30:00-02:00", "2020-05-02T01:00:00Z") is False
    assert ordered("2020-05-02T01:00:00Z", "2020-05-01T23:30:00-02:00") is True
