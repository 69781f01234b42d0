"""A rule as fhirpathpy answers it: the way for any that is not compiled, and the measure for those that are."""

from typing import Any

import fhirpathpy
from fhirpathpy.engine import nodes
from fhirpathpy.models import models
from fhirpathpy.parser import parse

from clearpath.records.check.fhirpath import Env, Truth
from clearpath.records.check.fhirpath_functions import as_truth

_parse: Any = parse  # none of the three has types
_apply: Any = fhirpathpy.apply_parsed_path
_node: Any = nodes.ResourceNode.create_node


def interpreted(expression: str, base: str | None = None) -> Truth:
    """The expression as a question about elements of the path `base`, such as `Patient.contact`, where it is known."""
    parsed = _parse(expression)

    def answer(this: Any, env: Env) -> bool | None:
        node = _node(this, base)
        outer = {"resource": env.resource, "rootResource": env.root}
        known = {name: _node(each, each.get("resourceType")) for name, each in outer.items()}
        return as_truth(_apply(node, parsed, {**known, "context": node}, models["r4"], OPTIONS))

    return answer


def _has_value(found: list[Any]) -> bool:
    return len(found) == 1 and not isinstance(getattr(found[0], "data", found[0]), dict)


OPTIONS = {
    "traceFn": lambda *_: None,  # otherwise it prints
    "userInvocationTable": {"hasValue": {"fn": _has_value, "arity": {0: []}}},  # which it does not know of itself
}
