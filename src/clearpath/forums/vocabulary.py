"""The words in which delegates say what they offer and want, so that two who mean the same find each other."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.utils.translation import get_language, override
from phonenumbers import SUPPORTED_REGIONS

from clearpath.forums.models import Topic
from clearpath.offers.directory.cells import folded
from clearpath.offers.directory.procedures import procedure_name, procedure_names
from clearpath.offers.finding.bits import LANGUAGES
from clearpath.offers.finding.costs import country_name
from clearpath.offers.finding.form import language_name
from clearpath.offers.finding.vocabulary import in_language, procedures

FILE = Path(__file__).parent / "data" / "topics.yaml"
LISTED = (Topic.Kind.SPECIALITY, Topic.Kind.SERVICE, Topic.Kind.CERTIFICATION)
SELLERS = frozenset({"provider", "doctor"})  # the countries of their patients are wanted; those of others, offered
VOLUME = re.compile(r"(?P<word>.*?)\s*[:(]\s*(?P<count>\d{1,7})\s*\)?")  # orthopaedics: 120


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that somebody may offer or want. `parts`: of a speciality, the parts of the body that it treats."""

    kind: str
    code: str
    words: tuple[tuple[str, ...], ...] = ()  # in the order of the vocabulary's languages: the name, then synonyms
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Said:
    """One thing that somebody said they offer or want; how many patients a year, where they said it."""

    kind: str
    code: str
    yearly_volume: int | None = None


@cache
def listed() -> Mapping[tuple[str, str], Term]:
    """What `data/topics.yaml` names, by kind and code."""
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {
        (kind, code): Term(
            kind, code, tuple(tuple(words.split("|")) for words in each["names"]), tuple(each.get("parts", ()))
        )
        for kind in LISTED
        for code, each in found[kind].items()
    }


@cache
def _by_word() -> Mapping[str, tuple[str, str]]:
    """Kind and code of every word. A word of the list goes before a procedure that is called the same."""
    known = {word: (str(Topic.Kind.PROCEDURE), key) for word, key in procedure_names().items()}
    for (kind, code), term in listed().items():
        known |= {folded(word): (kind, code) for word in (code, *(each for words in term.words for each in words))}
    return known


@cache
def _countries() -> Mapping[str, str]:
    """Codes by word: the code itself, and the name in each language that the network knows."""
    return {folded(word): code for code in SUPPORTED_REGIONS for word in (code, *_in_all(country_name, code))}


@cache
def _languages() -> Mapping[str, str]:
    return {folded(word): code for code in LANGUAGES for word in (code, *_in_all(_spoken, code))}


def _in_all(name: Callable[[str, str], str], code: str) -> list[str]:
    return [name(code, language) for language in ("en", "tr", "ar")]


def _spoken(code: str, language: str) -> str:
    with override(language):
        return language_name(code)


def split(text: str) -> list[str]:
    """The words of a cell or a field: between semicolons, commas or lines."""
    return [word.strip() for word in re.split(r"[;؛,،\n]", text) if word.strip()]


def columns(line: str) -> list[str]:
    """What stands between the semicolons of a line, in Latin or in Arabic."""
    return [part.strip() for part in re.split("[;؛]", line)]


def read(text: str) -> tuple[list[Said], list[str]]:
    """What is meant by words with semicolons between them, and the words that the vocabulary does not know."""
    found: dict[tuple[str, str], Said] = {}
    free = []
    for part in split(text):
        told = VOLUME.fullmatch(part)
        word = folded(told["word"] if told else part)
        meant = _by_word().get(word)
        if meant is None:
            free.append(part)
        else:
            found.setdefault(meant, Said(*meant, int(told["count"]) if told else None))
    return list(found.values()), free


def read_countries(text: str) -> tuple[list[Said], list[str]]:
    """The same for names or codes of countries."""
    return _read_in(text, _countries(), Topic.Kind.COUNTRY)


def read_languages(text: str) -> tuple[list[Said], list[str]]:
    """The same for names or codes of languages."""
    return _read_in(text, _languages(), Topic.Kind.LANGUAGE)


def _read_in(text: str, known: Mapping[str, str], kind: str) -> tuple[list[Said], list[str]]:
    words = split(text)
    codes = dict.fromkeys(known[folded(word)] for word in words if folded(word) in known)
    return [Said(str(kind), code) for code in codes], [word for word in words if folded(word) not in known]


def name_of(kind: str, code: str) -> str:
    """What a term is called in the reader's language."""
    language = get_language() or "en"
    if kind == Topic.Kind.COUNTRY:
        return country_name(code, language)
    if kind == Topic.Kind.LANGUAGE:
        return language_name(code)
    if kind == Topic.Kind.PROCEDURE:
        return procedure_name(code, language)
    term = listed().get((kind, code))
    return in_language(term.words, language)[0] if term else code.replace("_", " ")


@cache
def specialities_of(procedure: str) -> frozenset[str]:
    """The specialities to which a procedure belongs, by the parts of the body that it treats."""
    known = procedures().get(procedure)
    parts = set(known.parts) if known else set()
    return frozenset(
        code for (kind, code), term in listed().items() if kind == Topic.Kind.SPECIALITY and parts & set(term.parts)
    )
