"""From what terms begin: the clauses of data/templates.yaml for a pair of roles, in the language of who writes them."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

from clearpath.agreements.models import Terms
from clearpath.agreements.terms import Clauses


@cache
def templates() -> Mapping[str, Any]:
    """The file: `common`, and `pairs` with what each says otherwise."""
    text = resources.files("clearpath.agreements").joinpath("data", "templates.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


def clauses_for(first_role: str, second_role: str, *, language: str = "en") -> Clauses:
    """The clauses for two roles, whichever of them is first; those of English where the language is not there.

    With them the whole text in every other language in which the file has it.
    """
    found = _pair(first_role, second_role)
    languages = list(found["text"])
    language = language if language in languages else "en"
    return Clauses(
        text=found["text"][language],
        parts={part: text[language] for part, text in found["parts"].items()},
        exclusivity=found["exclusivity"],
        data_purposes=tuple(found["data_purposes"]),
        language=language,
        translations={other: _whole(found, other) for other in languages if other != language},
    )


def _pair(first_role: str, second_role: str) -> dict[str, Any]:
    common = templates()["common"]
    pair: dict[str, Any] = next(
        (each for each in templates()["pairs"] if set(each["roles"]) == {first_role, second_role}), {}
    )
    return {**common, **pair, "parts": {**common["parts"], **pair.get("parts", {})}}


def _whole(found: Mapping[str, Any], language: str) -> str:
    """Every clause under each other, in the order in which they are shown."""
    parts = [found["parts"][part][language] for part in Terms.Part.values if part in found["parts"]]
    return "\n\n".join([found["text"][language], *parts])
