"""The procedures that people travel for, as `data/procedures.yaml` names them in three languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("en", "tr", "ar")
DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the body; of each language the name first, then other words for it."""

    key: str
    words: tuple[tuple[str, ...], ...]  # in the order of LANGUAGES

    def name(self, language: str = "en") -> str:
        return in_language(self.words, language)[0]


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure; of each language the name first, then its synonyms."""

    key: str
    words: tuple[tuple[str, ...], ...]  # in the order of LANGUAGES
    parts: tuple[str, ...]
    icd9: str = ""  # ICD-9-CM volume 3; empty: no one code fits
    recovery_days: int | None = None  # before a flight; None: no source says
    source: str = ""  # of recovery_days

    def name(self, language: str = "en") -> str:
        return in_language(self.words, language)[0]


def in_language(words: Sequence[tuple[str, ...]], language: str) -> tuple[str, ...]:
    """English where the language is not one of the vocabulary."""
    base = language.split("-")[0]
    return words[LANGUAGES.index(base)] if base in LANGUAGES else words[0]


def procedures() -> Mapping[str, Procedure]:
    """Every procedure by its key."""
    return _read()[0]


def parts() -> Mapping[str, Part]:
    """Every part of the body by its key."""
    return _read()[1]


def as_of() -> date:
    """The day on which the vocabulary was last read over."""
    return _read()[2]


@cache
def _read() -> tuple[Mapping[str, Procedure], Mapping[str, Part], date]:
    found = yaml.safe_load((DATA / "procedures.yaml").read_text(encoding="utf-8"))
    known = {key: _procedure(key, each, found["sources"]) for key, each in found["procedures"].items()}
    of_body = {key: Part(key, tuple(tuple(words.split("|")) for words in each)) for key, each in found["parts"].items()}
    return known, of_body, found["as_of"]


def _procedure(key: str, said: Mapping[str, Any], sources: Mapping[str, str]) -> Procedure:
    fly = said.get("fly", {})
    return Procedure(
        key,
        tuple(tuple(said[language]) for language in LANGUAGES),
        tuple(said["part"]),
        said.get("icd9", ""),
        fly.get("days"),
        sources[fly["source"]] if fly else "",
    )
