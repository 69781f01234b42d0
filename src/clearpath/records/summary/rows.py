"""A summary as rows for a page or a terminal: in the reader's language, the most telling first, cut where it is long.

Nothing is hidden by a cut: each row says how much more there is and where.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import nh3
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clearpath.records.summary.charts import OUT, Chart, chart_of
from clearpath.records.summary.contradictions import Contradiction, Side
from clearpath.records.summary.facts import LONGEST_TEXT, Fact, is_current
from clearpath.records.summary.merging import Line, Origin, Ref, Section, Statement, Summary
from clearpath.records.summary.names import in_words, name_of
from clearpath.records.summary.sayings import system_name

TITLES = {
    "alerts": _("Alerts"),
    "allergies": _("Allergies"),
    "pregnancy": _("Pregnancy"),
    "problems": _("Problems"),
    "medicines": _("Medicines"),
    "results": _("Results"),
    "reports": _("Reports of tests and images"),
    "vitals": _("Vital signs"),
    "procedures": _("Procedures"),
    "devices": _("Implants and devices"),
    "immunisations": _("Immunisations"),
    "social": _("Way of life"),
    "function": _("What the patient can do"),
    "family": _("Family history"),
    "wishes": _("What matters to the patient"),
    "directives": _("Advance directives"),
    "plan": _("Plan of care"),
    "encounters": _("Visits and stays"),
    "documents": _("Documents"),
    "people": _("People and places"),
    "other": _("Everything else that was sent"),
}
CONTRADICTIONS = {
    "name": _("Different names of the patient"),
    "birth_date": _("Different dates of birth"),
    "sex": _("Different sex"),
    "state": _("Current in one place, over in another"),
    "none_known": _("Said to have none, and named elsewhere"),
    "dose": _("Different doses"),
    "blood_group": _("Different blood groups"),
    "value": _("Different values at one moment"),
}
OPEN = ("alerts", "allergies", "pregnancy", "problems", "medicines", "results", "vitals")
NAMES_AS_SENT = ("problems", "medicines", "allergies", "procedures")  # never renamed
MOST_LINES = {"allergies": 40, "problems": 40, "medicines": 40, "results": 24}  # at first sight
OTHERWISE = 6
MOST_STATEMENTS = 3
MOST_REFS = 8
PAGE = 100  # lines where all are asked for
PAGE_STATEMENTS = 20
LINE_PAGE = 500  # statements where one line is asked for
# States that go without saying, by kind of section.
PLAIN = {"active", "confirmed", "completed", "final", "finished", "current", "available", "unknown"}
TELLING = {"medicines": {"completed", "unknown"}, "problems": {"unknown"}, "allergies": {"unknown"}}
URGENT = {"HH", "LL", "AA", "HU", "LU"}

Words = Any


@dataclass(frozen=True, slots=True)
class RefRow:
    """Where something was read."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class PartRow:
    name: str
    value: str
    flag: str
    tone: str


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One way in which a thing is told. `at` is in the reader's words, `sent_at` as sent."""

    value: str
    flag: str
    tone: str  # of the flag: "" | warn | bad
    range: str
    at: str
    sent_at: str
    until: str
    states: tuple[str, ...]
    is_over: bool
    note: str
    absent: str
    parts: tuple[PartRow, ...]
    refs: tuple[RefRow, ...]
    more_refs: int
    records: int


@dataclass(frozen=True, slots=True)
class LineRow:
    """One thing: its name in the reader's language or as sent, other names as sent, its code, what is told of it."""

    name: str
    also: tuple[str, ...]
    code: str
    newest: StatementRow
    earlier: tuple[StatementRow, ...]
    hidden: int  # statements that are not in `earlier`
    url: str  # where all statements are
    chart: Chart | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class SayingRow:
    """Somebody says that there is none, or that nobody knows."""

    is_none: bool
    words: str
    sent: str
    refs: tuple[RefRow, ...]


@dataclass(frozen=True, slots=True)
class ToldRow:
    title: str
    html: SafeString
    is_cut: bool
    ref: RefRow


@dataclass(frozen=True, slots=True)
class SectionRow:
    key: str
    title: Words
    count: int
    lines: tuple[LineRow, ...]
    past: tuple[LineRow, ...]
    hidden: int  # lines that are not shown here
    hidden_past: int
    url: str  # where all lines are
    sayings: tuple[SayingRow, ...]
    told: tuple[ToldRow, ...]
    is_unknown: bool
    is_open: bool
    urgent: int  # lines whose newest value is out of range


@dataclass(frozen=True, slots=True)
class SideRow:
    words: str
    detail: str
    refs: tuple[RefRow, ...]


@dataclass(frozen=True, slots=True)
class ContradictionRow:
    title: Words
    about: str
    sides: tuple[SideRow, ...]


@dataclass(frozen=True, slots=True)
class WhoRow:
    name: str
    born: str
    sex: str
    identifiers: tuple[str, ...]
    died: str
    refs: tuple[RefRow, ...]


LinkTo = Callable[[Ref], str]
AllOf = Callable[[str, int | None], str]  # section, and the place of a line in it


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes rows: `link` gives the address of a source, `all_of` where all of a section or of one line is."""

    link: LinkTo
    all_of: AllOf
    is_one: bool = False  # of one record, whose name need not be repeated

    def section(self, section: Section, *, most: int | None = None) -> SectionRow:
        """The first lines of a section."""
        most = most or MOST_LINES.get(section.key, OTHERWISE)
        places = {id(line): place for place, line in enumerate(section.lines)}
        current, past = section.current, section.past
        kept_past = past[: min(most, OTHERWISE)]

        is_open = section.key in OPEN
        statements = MOST_STATEMENTS if is_open else 1

        def made(lines: Iterable[Line]) -> tuple[LineRow, ...]:
            return tuple(self.line(each, section.key, places[id(each)], most=statements) for each in lines)

        return SectionRow(
            section.key,
            TITLES[section.key],
            len(section.lines),
            made(_most_telling(current)[:most]),
            made(kept_past),
            max(0, len(current) - most),
            len(past) - len(kept_past),
            self.all_of(section.key, None),
            tuple(self.saying(each) for each in section.says),
            tuple(self.told(origin, each.title, each.html, each.entry) for origin, each in section.told[:most]),
            section.is_unknown,
            is_open,
            sum(1 for each in section.lines if is_out(each.newest)),
        )

    def all_lines(self, section: Section, *, start: int) -> tuple[LineRow, ...]:
        """One page of the lines of a section, in the order in which they are counted."""
        return tuple(
            self.line(each, section.key, start + place, most=PAGE_STATEMENTS)
            for place, each in enumerate(section.lines[start : start + PAGE])
        )

    def line(self, line: Line, section: str, place: int, *, most: int, start: int = 0) -> LineRow:
        newest = line.newest
        language = get_language() or "en"
        known = "" if section in NAMES_AS_SENT else name_of(newest.system, newest.code, language)
        name = known or newest.name
        kept = line.some_statements(start, most)
        return LineRow(
            name,
            tuple(each for each in line.names if each != name)[:5],
            f"{system_name(newest.system)} {newest.code}".strip() if newest.code else "",
            self.statement(kept[0], section),
            tuple(self.statement(each, section) for each in kept[1:]),
            len(line.alike) - len(kept),
            self.all_of(section, place),
            chart_of([fact for _origin, fact in line.told]) if newest.kind == "Observation" else None,
            line.is_current,
        )

    def statement(self, statement: Statement, section: str) -> StatementRow:
        fact, language = statement.fact, get_language() or "en"
        return StatementRow(
            fact.value,
            in_words("flag", fact.flag, language),
            tone(fact.flag),
            fact.range,
            said_when(fact.at),
            fact.at,
            said_when(fact.until),
            _states(fact, section, language),
            not is_current(fact),
            fact.note,
            in_words("absent", fact.absent, language),
            tuple(
                PartRow(
                    name_of(each.system, each.code, language) or each.name,
                    each.value,
                    in_words("flag", each.flag, language),
                    tone(each.flag),
                )
                for each in fact.parts
            ),
            *self._refs(statement.refs),
            statement.records,
        )

    def saying(self, statement: Statement) -> SayingRow:
        fact = statement.fact
        words = name_of("absent", fact.code, get_language() or "en")
        return SayingRow(fact.says == "none", words or fact.name, fact.name, self._refs(statement.refs)[0])

    def told(self, origin: Origin, title: str, html: str, entry: int) -> ToldRow:
        is_cut = len(html) > LONGEST_TEXT
        return ToldRow(title, cleaned(html[:LONGEST_TEXT]), is_cut, self.ref(Ref(origin, entry)))

    def contradiction(self, found: Contradiction) -> ContradictionRow:
        return ContradictionRow(CONTRADICTIONS[found.kind], found.about, tuple(map(self._side, found.sides)))

    def _side(self, side: Side) -> SideRow:
        language = get_language() or "en"
        if side.fact is None:
            return SideRow(in_words("sex", side.says, language), "", self._refs(side.refs)[0])
        fact = side.fact
        states = [in_words("status", each, language) for each in (fact.status, fact.certainty) if each]
        detail = " · ".join(filter(None, [*states, said_when(fact.at)]))
        return SideRow(side.says, detail, self._refs(side.refs)[0])

    def who(self, summary: Summary) -> tuple[WhoRow, ...]:
        language = get_language() or "en"
        return tuple(
            WhoRow(
                who.name,
                said_when(who.birth_date),
                in_words("sex", who.sex, language),
                who.identifiers,
                said_when(who.died),
                self._refs(refs)[0],
            )
            for who, refs in summary.patients
        )

    def _refs(self, refs: Sequence[Ref]) -> tuple[tuple[RefRow, ...], int]:
        """The first few; a further place in the same record is named by its number alone."""
        rows: list[RefRow] = []
        for number, each in enumerate(refs[:MOST_REFS]):
            again = self.is_one or any(other.origin is each.origin for other in refs[:number])
            rows.append(RefRow(self.link(each), f"#{each.entry + 1}" if again else each.origin.title))
        return tuple(rows), len(refs) - len(rows)

    def ref(self, ref: Ref) -> RefRow:
        return RefRow(self.link(ref), ref.origin.title)


def is_out(fact: Fact) -> bool:
    return fact.flag in OUT or any(each.flag in OUT for each in fact.parts)


def _most_telling(lines: Sequence[Line]) -> Sequence[Line]:
    """What is out of range now comes first, the worst before; otherwise newest first, as they are."""
    return sorted(lines, key=lambda line: _alarm(line.newest), reverse=True)


def _alarm(fact: Fact) -> int:
    flags = {fact.flag, *(each.flag for each in fact.parts)}
    return 2 if flags & URGENT else 1 if flags & OUT else 0


def tone(flag: str) -> str:
    return "bad" if flag in URGENT else "warn" if flag in OUT else ""


def _states(fact: Fact, section: str, language: str) -> tuple[str, ...]:
    plain = PLAIN - TELLING.get(section, set())
    states = [
        in_words("status", each, language) for each in (fact.status, fact.certainty) if each and each not in plain
    ]
    if section in {"allergies", "problems", "medicines"}:
        states += [word for each in fact.category.split() if (word := name_of("category", each, language))]
    return tuple(dict.fromkeys(states))


def said_when(text: str) -> str:
    """A date as sent in the reader's words: a day, a month or a year, never more precise than it was sent."""
    return _said_when(text, get_language() or "en") if text else ""


@lru_cache(maxsize=4096)
def _said_when(text: str, _language: str) -> str:
    try:
        if len(text) >= 10:
            return date_format(date.fromisoformat(text[:10]), "DATE_FORMAT")
        if len(text) == 7:
            return date_format(date.fromisoformat(f"{text}-01"), "YEAR_MONTH_FORMAT")
    except ValueError:
        pass
    return text


TAGS = {
    "p",
    "br",
    "ul",
    "ol",
    "li",
    "b",
    "i",
    "strong",
    "em",
    "sub",
    "sup",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}


def cleaned(html: str) -> SafeString:
    """A sender's markup with nothing left but plain text, lists and tables: no attribute, link, picture or script."""
    found = nh3.clean(html, tags=TAGS, attributes={}, link_rel=None, clean_content_tags={"script", "style", "head"})
    return mark_safe(found)  # noqa: S308 - cleaned on the line above
