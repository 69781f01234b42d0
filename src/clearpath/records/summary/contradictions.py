"""What records say against each other. It is shown side by side; which is right, a person decides."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from clearpath.records.summary.facts import is_current
from clearpath.records.summary.sections import NONE_KNOWN_CODES, PAST

if TYPE_CHECKING:
    from clearpath.records.summary.facts import Fact, Who
    from clearpath.records.summary.merging import Line, Origin, Ref, Section, Statement

Kind = Literal["birth_date", "sex", "name", "state", "none_known", "dose", "blood_group", "value"]

# LOINC: ABO and Rh group; ABO group; Rh type. A person has one of each for life (but for a transplant of marrow).
NOT_TAKEN = {"stopped", "completed", "ended", "cancelled", "entered-in-error", "not-taken", "on-hold", "draft"}
BLOOD_GROUPS = {"882-1", "883-9", "10331-7", "34530-6"}
# What "none known" speaks of: allergies of one category, or all.
NARROWED = {
    "no-known-food-allergies": "food",
    "no-known-medication-allergies": "medication",
    "no-known-environmental-allergies": "environment",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One thing that is said, and where."""

    says: str
    refs: tuple["Ref", ...]
    fact: "Fact | None" = None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two or more sides of one thing. `about` is its name as sent, empty where the kind says it."""

    kind: Kind
    about: str
    sides: tuple[Side, ...]


def contradictions_of(
    patients: Sequence[tuple["Who", tuple["Ref", ...]]], sections: Iterable["Section"]
) -> Iterator[Contradiction]:
    yield from _about_the_patient(patients)
    for section in sections:
        if section.key in {"allergies", "problems", "medicines", "procedures", "devices", "immunisations"}:
            yield from _none_and_some(section)
        for line in section.lines:
            if len(line.told) > 1:
                yield from _in_line(section.key, line)


def _about_the_patient(patients: Sequence[tuple["Who", tuple["Ref", ...]]]) -> Iterator[Contradiction]:
    kinds: tuple[tuple[Kind, str], ...] = (("name", "name"), ("birth_date", "birth_date"), ("sex", "sex"))
    for kind, attribute in kinds:
        sides: dict[str, tuple[str, list[Ref]]] = {}
        for who, refs in patients:
            if said := getattr(who, attribute):
                key = " ".join(sorted(said.casefold().split())) if kind == "name" else said
                sides.setdefault(key, (said, []))[1].extend(refs)
        if len(sides) > 1 and not (kind == "birth_date" and _same_day(list(sides))):
            yield Contradiction(kind, "", tuple(Side(said, tuple(refs)) for said, refs in sides.values()))


def _same_day(days: list[str]) -> bool:
    """A year, or a year and month, does not contradict a day within it."""
    longest = max(days, key=len)
    return all(longest.startswith(each) for each in days)


def _none_and_some(section: "Section") -> Iterator[Contradiction]:
    """One record says that there is none, another names some."""
    for saying in section.says:
        if saying.fact.says != "none" or PAST in saying.fact.category.split():
            continue
        narrowed = NARROWED.get(NONE_KNOWN_CODES.get(saying.fact.code, saying.fact.code), "")
        named = [
            (line, statement)
            for line in section.current
            for statement in line.statements
            if not narrowed or narrowed in statement.fact.category.split()
        ]
        if named:
            sides = [Side(saying.fact.name, saying.refs, saying.fact)]
            sides += [Side(line.name, statement.refs, statement.fact) for line, statement in named[:5]]
            yield Contradiction("none_known", saying.fact.name, tuple(sides))


def _in_line(section: str, line: "Line") -> Iterator[Contradiction]:
    if section in {"problems", "allergies"}:
        yield from _states(line, line.statements)
    elif section == "medicines":
        # A prescription that ended does not contradict a statement that the medicine is taken; two of a kind do.
        yield from _states(line, [each for each in line.statements if each.fact.kind == line.newest.kind])
        current = [each for each in line.statements if each.fact.status not in NOT_TAKEN]
        yield from _differing("dose", line, current, lambda fact: fact.value)
    elif line.newest.code in BLOOD_GROUPS:
        yield from _differing("blood_group", line, line.statements, lambda fact: fact.value.casefold())
    elif line.newest.kind == "Observation":
        yield from _at_one_moment(line)


def _states(line: "Line", statements: Iterable["Statement"]) -> Iterator[Contradiction]:
    """Current here, over there. Two dates in one record are two episodes and no contradiction."""
    stated = [each for each in statements if each.fact.status or each.fact.certainty]
    now = [each for each in stated if is_current(each.fact)]
    over = [each for each in stated if not is_current(each.fact)]
    if not now or not over:
        return
    at_one_moment = {each.fact.at for each in now} & {each.fact.at for each in over}
    if at_one_moment or len(_origins(now) | _origins(over)) > 1:
        yield from _differing("state", line, stated, lambda fact: is_current(fact))


def _origins(statements: Iterable["Statement"]) -> set[int]:
    return {id(ref.origin) for each in statements for ref in each.refs}


def _differing(
    kind: Kind, line: "Line", statements: Iterable["Statement"], said_by: Callable[["Fact"], object]
) -> Iterator[Contradiction]:
    sides: dict[object, tuple[Fact, list[Ref]]] = {}
    for statement in statements:
        said = said_by(statement.fact)
        if said != "":
            sides.setdefault(said, (statement.fact, []))[1].extend(statement.refs)
    if len(sides) > 1:
        yield Contradiction(
            kind, line.name, tuple(Side(fact.value, tuple(refs), fact) for fact, refs in sides.values())
        )


def _at_one_moment(line: "Line") -> Iterator[Contradiction]:
    """Two values of one thing at one moment, in two records."""
    first: dict[str, tuple[Origin, str]] = {}
    moments: dict[str, list[Statement]] = {}
    for origin, fact in line.told:  # before anything is made of them: there may be thousands, and rarely one differs
        if fact.at and fact.value:
            before, value = first.setdefault(fact.at, (origin, fact.value))
            if before is not origin and value != fact.value:
                moments[fact.at] = []
    for statement in line.statements if moments else ():
        if statement.fact.at in moments and statement.fact.value:
            moments[statement.fact.at].append(statement)
    for statements in moments.values():
        yield from _differing("value", line, statements, lambda fact: fact.value)
