"""A rule as fhirpathpy sees it: what the tests hold our own compiled rules against, and the way for any unknown one."""

from collections.abc import Callable
from typing import Any

import fhirpathpy
from fhirpathpy.models import models

from clearpath.records.check.fhirpath import Env, Truth, as_truth


def interpreted(expression: str, base: str = "") -> Truth:
    """The expression as a question that fhirpathpy answers. `base` is the type of the item asked about."""
    given: Any = {"expression": expression, "base": base} if base else expression
    evaluate: Callable[[Any, Any], list[Any]] = fhirpathpy.compile(given, models["r4"])

    def answer(this: Any, env: Env) -> bool | None:
        variables = {"resource": env.resource, "rootResource": env.root, "context": this}
        return as_truth(evaluate(this, variables))

    return answer
