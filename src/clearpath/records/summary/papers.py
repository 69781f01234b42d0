"""Which papers a doctor wants for a procedure, and which of them are there.

The lists are in `data/papers.yaml`. What is inside a file that is no FHIR nobody has read here: such a file is only
ever named as one that may hold the paper.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

from clearpath.records.summary.charts import days_of
from clearpath.records.summary.facts import Fact
from clearpath.records.summary.merging import Origin, Ref, Summary
from clearpath.records.summary.names import LANGUAGES

State = Literal["present", "old", "undated", "maybe", "missing"]
NAMED = {"reports", "procedures"}  # sections in which a paper is known by its name too
NOTHING_DONE = {"entered-in-error", "not-done", "cancelled", "aborted", "registered", "draft", "planned", "refuted"}


Phrases = tuple[tuple[str, ...], ...]  # of each, all words are said in any order


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper or result that somebody may want."""

    key: str
    name: tuple[str, ...]  # in each of `names.LANGUAGES`
    why: tuple[str, ...]
    max_age: int | None = None  # days
    codes: frozenset[str] = frozenset()
    section: str = ""
    words: Phrases = ()
    kinds: tuple[str, ...] = ()  # media types
    source: str = ""  # empty: a default that the network's doctors have to confirm


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A file that nobody has read: its title and media type are all that is known of it."""

    title: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper that is wanted, and how it stands. `at` is the date of what was found, as sent."""

    paper: Paper
    state: State
    at: str = ""
    refs: tuple[Ref, ...] = ()
    may_be_in: tuple[str, ...] = ()  # titles of files

    @property
    def is_there(self) -> bool:
        return self.state in {"present", "undated"}

    def name(self, language: str) -> str:
        return in_language(self.paper.name, language)

    def why(self, language: str) -> str:
        return in_language(self.paper.why, language)


def in_language(texts: Sequence[str], language: str) -> str:
    base = language.split("-")[0]
    return texts[LANGUAGES.index(base)] if base in LANGUAGES else texts[0]


@cache
def _lists() -> tuple[Mapping[str, tuple[Phrases, tuple[Paper, ...]]], tuple[Paper, ...]]:
    """Words and papers of each procedure, and the papers of any other."""
    found = yaml.safe_load((Path(__file__).parent.parent / "data" / "papers.yaml").read_text(encoding="utf-8"))
    papers = found["papers"]
    procedures = {
        key: (
            tuple(tuple(plain(phrase).split()) for phrase in each["words"]),
            tuple(_paper(papers, want) for want in each["wants"]),
        )
        for key, each in found["procedures"].items()
    }
    return procedures, tuple(_paper(papers, want) for want in found["general"])


def _paper(papers: Mapping[str, Mapping[str, Any]], want: str | Mapping[str, Any]) -> Paper:
    own = {"paper": want} if isinstance(want, str) else want
    said = {**papers[own["paper"]], **own}
    return Paper(
        own["paper"],
        tuple(said["name"]),
        tuple(said["why"]),
        said.get("max_age"),
        frozenset(said.get("codes", ())),
        said.get("section", ""),
        tuple(tuple(map(plain, group)) for group in said.get("words", ())),
        tuple(said.get("kinds", ())),
        said.get("source", ""),
    )


def procedures_in(text: str) -> tuple[str, ...]:
    """The procedures that somebody asks for in their own words; empty when none is recognised."""
    procedures, _general = _lists()
    return tuple(key for key, (phrases, _wants) in procedures.items() if _says(text, phrases))


def wanted_for(text: str) -> tuple[Paper, ...]:
    """What is wanted for what somebody asks for: the lists of every procedure named, or the general one."""
    procedures, general = _lists()
    found = [paper for key in procedures_in(text) for paper in procedures[key][1]]
    return tuple({each.key: each for each in reversed(found or general)}.values())[::-1]


def missing_for(procedure: str, summary: Summary | None, files: Iterable[PaperFile], *, at: date) -> list[Wanted]:
    """How each paper that is wanted for `procedure` (free text) stands, what is missing first."""
    files = list(files)
    found = [_stands(paper, summary, files, at) for paper in wanted_for(procedure)]
    order = ("missing", "maybe", "old", "undated", "present")
    return sorted(found, key=lambda each: order.index(each.state))


def _stands(paper: Paper, summary: Summary | None, files: Sequence[PaperFile], at: date) -> Wanted:
    may_be_in = tuple(each.title for each in files if _may_hold(each, paper))
    told = [each for each in _told(paper, summary) if _is_done(each[1])] if summary else []
    if not told:
        return Wanted(paper, "maybe" if may_be_in else "missing", may_be_in=may_be_in)
    origin, fact = max(told, key=lambda each: each[1].at)
    refs = (Ref(origin, fact.entry),)
    if paper.max_age is None:
        return Wanted(paper, "present", fact.at, refs)
    day = days_of(fact.at)
    if day is None:
        return Wanted(paper, "undated", fact.at, refs, may_be_in)
    is_old = at.toordinal() - int(day) > paper.max_age
    return Wanted(paper, "old" if is_old else "present", fact.at, refs, may_be_in if is_old else ())


def _is_done(fact: Fact) -> bool:
    """Not what was planned, taken back, or has no value."""
    return not (fact.absent or fact.status in NOTHING_DONE or fact.certainty in NOTHING_DONE)


def _may_hold(file: PaperFile, paper: Paper) -> bool:
    return file.media_type in paper.kinds or _says(file.title, paper.words)


def _says(text: str, phrases: Phrases) -> bool:
    """Whether a text holds all words of a phrase; each of them may be the beginning of a longer word."""
    said = f" {plain(text)}"
    return any(all(f" {word}" in said for word in phrase) for phrase in phrases)


def _told(paper: Paper, summary: Summary) -> Iterator[tuple[Origin, Fact]]:
    """The facts that hold a paper: by section, by code, by name."""
    if paper.section:
        section = summary.section(paper.section)
        for line in section.lines:
            yield line.told[0]
        for each in section.says:
            if each.fact.says == "none":  # somebody asked, and there is none
                yield each.refs[0].origin, each.fact
    for section in summary.sections:
        for line in section.lines:
            newest = line.newest
            is_coded = newest.code in paper.codes or any(part.code in paper.codes for part in newest.parts)
            if is_coded or (section.key in NAMED and newest.name and _says(newest.name, paper.words)):
                yield line.told[0]


ONE_FORM = str.maketrans("أإآةى", "اااهي", "ـ")  # of Arabic letters that people write in several ways


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Words without case, accents or punctuation, Arabic without article and with one form of each letter."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    bare = "".join(each for each in folded if not unicodedata.combining(each))
    bare = bare.translate(ONE_FORM)
    words = re.findall(r"\w+", bare)
    return " ".join(re.sub(r"^(?:وال|بال|لل|ال)(?=\w{2})", "", each) for each in words)
