"""One summary from the facts of many records: the same thing told twice is one line with two sources."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from clearpath.records.summary.contradictions import Contradiction, contradictions_of
from clearpath.records.summary.facts import WHERE_FROM, Fact, Facts, Told, Who, facts_of, is_current
from clearpath.records.summary.resources import parsed
from clearpath.records.summary.sections import ALWAYS, ORDER

SECTIONS_WITH_PAST = frozenset({"alerts", "allergies", "problems", "medicines"})


@dataclass(frozen=True, slots=True)
class Origin:
    """A record, without its content."""

    record_id: UUID | None
    title: str
    received_at: datetime | None = None
    received_from: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A record as it came."""

    record_id: UUID | None
    title: str
    content: bytes
    received_at: datetime | None = None
    received_from: str = ""

    @property
    def origin(self) -> Origin:
        return Origin(self.record_id, self.title, self.received_at, self.received_from)


@dataclass(frozen=True, slots=True)
class Ref:
    """Where something was read: the entry of a record, counted from 0."""

    origin: Origin
    entry: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One way in which a thing is told, and every entry that tells it so."""

    fact: Fact
    refs: tuple[Ref, ...]

    @property
    def records(self) -> int:
        return len({id(each.origin) for each in self.refs})


@dataclass(frozen=True)
class Line:
    """Everything that is told of one thing, newest first."""

    key: str
    told: tuple[tuple[Origin, Fact], ...]

    @property
    def newest(self) -> Fact:
        return self.told[0][1]

    @property
    def name(self) -> str:
        return self.newest.name

    @cached_property
    def alike(self) -> tuple[Sequence[tuple[Origin, Fact]], ...]:
        """What is told, in groups of those that tell it alike."""
        groups: dict[tuple[object, ...], list[tuple[Origin, Fact]]] = {}
        for each in self.told:
            groups.setdefault(each[1][WHERE_FROM:], []).append(each)
        return tuple(groups.values())

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """What was told twice alike is one statement."""
        return self.some_statements(0, len(self.told))

    def some_statements(self, start: int, most: int) -> tuple[Statement, ...]:
        """A part of the statements, without making the others."""
        return tuple(
            Statement(group[0][1], tuple(Ref(origin, fact.entry) for origin, fact in group))
            for group in self.alike[start : start + most]
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name under which it was sent, the newest first."""
        return tuple(dict.fromkeys(fact.name for _origin, fact in self.told if fact.name))

    @cached_property
    def is_current(self) -> bool:
        return any(is_current(fact) for _origin, fact in self.told)


@dataclass(frozen=True)
class Section:
    """What is told of one side of a patient. `says` are those who say that there is none, or that nobody knows."""

    key: str
    lines: tuple[Line, ...] = ()
    says: tuple[Statement, ...] = ()
    told: tuple[tuple[Origin, Told], ...] = ()  # texts of sections without entries

    @cached_property
    def current(self) -> tuple[Line, ...]:
        return tuple(each for each in self.lines if each.is_current) if self.has_past else self.lines

    @cached_property
    def past(self) -> tuple[Line, ...]:
        return tuple(each for each in self.lines if not each.is_current) if self.has_past else ()

    @property
    def has_past(self) -> bool:
        return self.key in SECTIONS_WITH_PAST

    @property
    def is_unknown(self) -> bool:
        """Nothing is told of it, not even that there is none."""
        if self.lines or (self.told and not self.says):
            return False
        return all(each.fact.says == "unknown" for each in self.says)


@dataclass(frozen=True)
class Summary:
    """The picture. `sections` holds those of which something is told and those that every summary must speak of."""

    origins: tuple[Origin, ...]
    patients: tuple[tuple[Who, tuple[Ref, ...]], ...]
    sections: tuple[Section, ...]
    contradictions: tuple[Contradiction, ...]
    unread: tuple[Origin, ...] = ()  # records that are no FHIR
    without: tuple[str, ...] = field(default=())  # sections of which no record says anything

    def section(self, key: str) -> Section:
        return next((each for each in self.sections if each.key == key), Section(key))


def summary_of(sources: Iterable[Source]) -> Summary:
    """The summary of records. Never raises for what they hold; what is no FHIR is listed as unread."""
    read: list[tuple[Origin, Facts]] = []
    unread = []
    for source in sources:
        root = parsed(source.content)
        if root is None:
            unread.append(source.origin)
        else:
            read.append((source.origin, facts_of(root)))
    return merged(read, unread=unread)


def merged(read: Sequence[tuple[Origin, Facts]], *, unread: Iterable[Origin] = ()) -> Summary:
    """The summary of records whose facts are known."""
    groups: dict[str, dict[str, list[tuple[Origin, Fact]]]] = defaultdict(dict)
    says: dict[str, list[tuple[Origin, Fact]]] = defaultdict(list)
    told: dict[str, list[tuple[Origin, Told]]] = defaultdict(list)
    for origin, facts in read:
        for fact in facts.facts:
            if fact.says:
                says[fact.section].append((origin, fact))
            else:
                groups[fact.section].setdefault(fact.key or f"{fact.kind} {fact.entry}", []).append((origin, fact))
        for each in facts.told:
            told[each.section].append((origin, each))
    sections = tuple(
        _section(key, groups.get(key, {}), says.get(key, []), told.get(key, []))
        for key in ORDER
        if key in groups or key in says or key in told or key in ALWAYS
    )
    patients = _patients(read)
    return Summary(
        tuple(origin for origin, _facts in read),
        patients,
        sections,
        tuple(contradictions_of(patients, sections)),
        tuple(unread),
        tuple(key for key in ORDER if not (key in groups or key in says or key in told or key in ALWAYS)),
    )


def _section(
    key: str,
    groups: dict[str, list[tuple[Origin, Fact]]],
    says: list[tuple[Origin, Fact]],
    told: list[tuple[Origin, Told]],
) -> Section:
    for each in groups.values():
        if len(each) > 1:
            each.sort(key=_newest, reverse=True)
    lines = [Line(name, tuple(each)) for name, each in groups.items()]
    lines.sort(key=lambda line: (line.newest.at, line.newest.name), reverse=True)
    by_name: dict[str, list[tuple[Origin, Fact]]] = {}
    for saying in says:
        by_name.setdefault(saying[1].name, []).append(saying)
    sayings = [each for name, alike in by_name.items() for each in Line(name, tuple(alike)).statements]
    return Section(key, tuple(lines), tuple(sayings), tuple(told))


def _newest(told: tuple[Origin, Fact]) -> tuple[str, int]:
    """By date as sent (ISO 8601, which sorts as text up to the day), then what stands first in the record."""
    return told[1].at, -told[1].entry


def _patients(read: Sequence[tuple[Origin, Facts]]) -> tuple[tuple[Who, tuple[Ref, ...]], ...]:
    """Each way in which the patient is named, with who says so."""
    found: dict[tuple[str, str, str], tuple[Who, list[Ref]]] = {}
    for origin, facts in read:
        for who in facts.patients:
            _same, refs = found.setdefault((who.name.casefold(), who.birth_date, who.sex), (who, []))
            refs.append(Ref(origin, who.entry))
    return tuple((who, tuple(refs)) for who, refs in found.values())
