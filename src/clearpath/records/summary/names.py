"""Display names of codes in the reader's language, from `data/names.yaml`. What it does not know stays as sent."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

LANGUAGES = ("en", "tr", "ar")


@cache
def _names() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    found = yaml.safe_load((Path(__file__).parent.parent / "data" / "names.yaml").read_text(encoding="utf-8"))
    return {system: {code: tuple(names) for code, names in codes.items()} for system, codes in found.items()}


def name_of(system: str, code: str, language: str) -> str:
    """The name of a code, in English where the language has none; "" for a code that is not in the list.

    `system` is the address of a code system, or one of `status`, `category`, `flag`, `absent`, `sex`.
    """
    names = _names().get(system, {}).get(code, ())
    if not names:
        return ""
    base = language.split("-")[0]
    return names[LANGUAGES.index(base)] if base in LANGUAGES else names[0]


def in_words(system: str, code: str, language: str) -> str:
    """The name of a code; the code itself where it is not in the list."""
    return name_of(system, code, language) or code
