"""What a record says, as plain facts: one for each coded entry, in the words of the sender.

Facts are derived from the bytes as received, and may be thrown away and derived again at any time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from clearpath.records.summary.kinds import KINDS, OTHER, Kind, section_of_observation
from clearpath.records.summary.resources import Entry, Json, Resources, dict_of, dicts, first, text_of
from clearpath.records.summary.sayings import (
    absent_reason,
    annotation,
    choice,
    clipped,
    code_of,
    coded,
    codings,
    concept,
    concepts,
    dose,
    human_name,
    period,
    plain,
    quantity,
    reference,
    said,
    span,
    unit,
)
from clearpath.records.summary.sections import PAST, SECTIONS_BY_CODE, Says, says_nothing

# Codes that say that a thing is over, or never was. Anything else, also nothing, counts as current.
OVER = frozenset({
    "inactive", "remission", "resolved", "refuted", "entered-in-error", "stopped", "completed", "ended", "cancelled",
    "not-taken", "past",
})  # fmt: skip
WHERE_FROM = 4  # how many fields of a fact tell only where it was read and by which name
NOT_SO = {"refuted", "entered-in-error"}
LONGEST_TEXT = 20_000  # characters of a sender's markup; the entry that holds it shows the rest
MOST_PARTS = 60  # components of one observation, questions of one answer


class Part(NamedTuple):
    """One component of a fact: the systolic and the diastolic pressure of a blood pressure."""

    name: str
    system: str
    code: str
    value: str
    number: str
    unit: str
    flag: str


class Fact(NamedTuple):
    """One thing that one entry says. Empty text: not sent."""

    section: str
    entry: int  # which entry of the record
    kind: str  # FHIR resource type
    name: str  # as sent; what follows makes two facts alike
    system: str = ""
    code: str = ""
    at: str = ""  # as sent: a day, a month, a year or a moment
    until: str = ""
    value: str = ""  # in words, with its unit
    number: str = ""  # with the precision sent; "" when the value is no number
    unit: str = ""
    low: str = ""  # of the reference range
    high: str = ""
    range: str = ""  # the reference range in words
    flag: str = ""  # interpretation: HL7 v3 ObservationInterpretation, or `above`, `below` where only the range tells
    status: str = ""  # a code
    certainty: str = ""  # verification status, a code
    category: str = ""  # codes with a space between them
    note: str = ""
    says: Says = ""  # `none` and `unknown` are about the whole section, or about its past
    absent: str = ""  # why there is no value, a code
    parts: tuple[Part, ...] = ()

    @property
    def key(self) -> str:
        """Facts with one key are about one thing."""
        return f"{self.system}|{self.code}" if self.code else self.name.casefold()


def is_current(fact: Fact) -> bool:
    """Whether a fact speaks of now: over only where the sender says so."""
    if fact.status in OVER or fact.certainty in OVER:
        return False
    return not (PAST in fact.category.split() and fact.status != "active")


@dataclass(frozen=True, slots=True)
class Who:
    """The patient as a record names them."""

    entry: int
    name: str
    birth_date: str
    sex: str
    identifiers: tuple[str, ...] = ()
    died: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """The text of a section that has no entries: untrusted markup, to be cleaned before it is shown."""

    section: str
    entry: int
    title: str
    html: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that one record says."""

    patients: tuple[Who, ...] = ()
    facts: tuple[Fact, ...] = ()
    told: tuple[Told, ...] = ()


def facts_of(root: Json) -> Facts:
    """The facts of a FHIR resource or bundle."""
    resources = Resources(root)
    placed, said_by_sections, told = _sections(resources)
    found = [*said_by_sections]
    for entry in resources.entries:
        found += _facts(entry, resources, placed.get(entry.number, ""))
    patients = tuple(_who(each) for each in resources.of_type("Patient"))
    return Facts(patients, tuple(found), tuple(told))


def _sections(resources: Resources) -> tuple[dict[int, str], list[Fact], list[Told]]:
    """In which section of a document each entry stands, what sections without entries say, and their texts."""
    placed: dict[int, str] = {}
    facts: list[Fact] = []
    told: list[Told] = []
    for composition in resources.of_type("Composition"):
        for section in _all_sections(composition.resource, depth=5):
            code = code_of(section.get("code"))
            key = SECTIONS_BY_CODE.get(code, "")
            entries = [named for each in dicts(section.get("entry")) if (named := resources.named(each))]
            if key:
                for each in entries:
                    placed.setdefault(each.number, key)
            if not entries:
                title = text_of(section.get("title")) or concept(section.get("code"))
                if section.get("emptyReason"):
                    facts.append(_empty(key, title, section["emptyReason"], composition.number))
                html = dict_of(section.get("text")).get("div")
                if isinstance(html, str) and html.strip():
                    told.append(Told(shown_in(key), composition.number, title, html[: LONGEST_TEXT + 1]))
    return placed, facts, told


def shown_in(section: str) -> str:
    return "problems" if section == PAST else section or "documents"


def _all_sections(parent: Json, depth: int) -> Iterator[Json]:
    for section in dicts(parent.get("section")):
        yield section
        if depth > 1:
            yield from _all_sections(section, depth - 1)


def _empty(section: str, title: str, reason: Json, entry: int) -> Fact:
    """That a section is empty, and why; named by its title where it is not a section of its own here."""
    says: Says = "none" if code_of(reason) == "nilknown" else "unknown"
    is_own = section not in {"", PAST}
    name, code = (concept(reason), code_of(reason)) if is_own else (f"{title}: {concept(reason)}", "")
    category = "" if is_own else PAST
    return Fact(shown_in(section), entry, "Composition", name, code=code, category=category, says=says)


def _facts(entry: Entry, resources: Resources, placed: str) -> Iterator[Fact]:
    yield _fact(entry.resource, entry.resource, entry.number, resources, placed)
    for contained in dicts(entry.resource.get("contained")):
        if KINDS.get(str(contained.get("resourceType")), OTHER).shown_when_contained:
            yield _fact(contained, entry.resource, entry.number, resources, placed)


def _fact(resource: Json, inside: Json, number: int, resources: Resources, placed: str) -> Fact:
    kind_name = text_of(resource.get("resourceType"))
    kind = KINDS.get(kind_name, OTHER)
    name, (system, code), codes = _named(resource, inside, kind, resources)
    is_observation = kind_name == "Observation"
    category = " ".join(dict.fromkeys(_codes(resource, kind.category)))
    if is_observation:
        section = section_of_observation(codes, category.split(), placed)
    else:
        section = kind.section if kind.is_fixed else placed or kind.section
    if section == PAST:
        section, category = "problems", f"{category} {PAST}".lstrip()
    certainty = code_of(resource.get("verificationStatus"))
    says = says_nothing(codes, name) if kind.may_say_nothing and certainty not in NOT_SO else ""
    value, numeric = _value(resource, kind)
    low, high, range_ = _range(resource) if is_observation else ("", "", "")
    parts = tuple(_parts(resource)) if is_observation else _activities(resource)
    unit_ = unit(numeric)
    amount = plain(numeric.get("value"))
    return Fact(
        section=section,
        entry=number,
        kind=kind_name,
        name=name,
        system=system,
        code=code,
        at=_when(resource, kind.at),
        until=_when(resource, kind.until),
        value=value,
        number=amount if is_number(amount) else "",
        unit=unit_,
        low=low,
        high=high,
        range=range_,
        flag=_flag(resource, amount, low, high) if is_observation else "",
        status=_status(resource, kind.status),
        certainty=certainty,
        category=category,
        note=_note(resource, kind),
        says=says,
        absent=code_of(resource.get("dataAbsentReason")) if is_observation and not value else "",
        parts=parts,
    )


def _named(
    resource: Json, inside: Json, kind: Kind, resources: Resources
) -> tuple[str, tuple[str, str], list[tuple[str, str]]]:
    """The name as sent, the code that stands for it, and every code that was sent for it."""
    for path in kind.name:
        value = resource.get(path)
        if path.endswith("Reference") or path == "device":
            target = resources.follow(value, inside)
            value = target.get("code") or target.get("type") or _ingredients(target)
            name = concept(value) or concept(target.get("deviceName")) or reference(resource.get(path))
        else:
            name = plain(value) if isinstance(value, str) else concept(value) or human_name(first(value))
        if name:
            every = [(text_of(each.get("system")), text_of(each.get("code"))) for each in _all_codings(value)]
            return name, coded(value), every
    return "", ("", ""), []


def _all_codings(value: object) -> list[Json]:
    return [] if isinstance(value, str) else codings(value)


def _ingredients(medication: Json) -> Json:
    """A medicine without a code, named by what is in it."""
    names = [concept(each.get("itemCodeableConcept")) for each in dicts(medication.get("ingredient"))]
    return {"text": ", ".join(filter(None, names))} if any(names) else {}


def _codes(resource: Json, paths: tuple[str, ...]) -> Iterator[str]:
    for path in paths:
        value = resource.get(path)
        for each in value if isinstance(value, list) else [value]:
            if code := code_of(each):
                yield code


def _when(resource: Json, paths: tuple[str, ...]) -> str:
    for path in paths:
        value = resource.get(path)
        if value is None:
            continue
        if isinstance(value, str):
            return text_of(value)[:40]
        found = dict_of(value)
        if told := text_of(found.get("start") or found.get("end")) or quantity(found) or span(found):
            return told[:40]
    return ""


def _status(resource: Json, paths: tuple[str, ...]) -> str:
    return next(filter(None, (code_of(resource.get(path)) for path in paths)), "")


def _value(resource: Json, kind: Kind) -> tuple[str, Json]:
    """In words, and the quantity where it is one."""
    if kind.value == "value[x]":
        ending, value = choice(resource, "value")
        return said(resource, "value"), dict_of(value) if ending == "Quantity" else {}
    if kind.value in {"dosage", "dosageInstruction"}:
        found = [dose(each) for each in dicts(resource.get(kind.value))] or [dose(resource.get(kind.value))]
        return clipped("; ".join(filter(None, found))), {}
    if kind.value == "reaction":
        told = [
            " ".join(filter(None, [concepts(each.get("manifestation")), _in_brackets(code_of(each.get("severity")))]))
            for each in dicts(resource.get("reaction"))
        ]
        return clipped("; ".join(dict.fromkeys(filter(None, told)))), {}
    value = resource.get(kind.value) if kind.value else None
    if isinstance(value, list):
        return clipped(", ".join(filter(None, (concept(each) or annotation([each]) for each in dicts(value))))), {}
    return concept(value) if isinstance(value, dict) else plain(value), {}


def _in_brackets(text: str) -> str:
    return f"({text})" if text else ""


def _range(resource: Json) -> tuple[str, str, str]:
    """Lower and upper end of the reference range, and its words."""
    found = first(resource.get("referenceRange"))
    words = text_of(found.get("text")) or span(found)
    for each in dicts(resource.get("referenceRange")):
        meaning = code_of(each.get("type"))
        if meaning in {"", "normal"}:
            low, high = (plain(dict_of(each.get(end)).get("value")) for end in ("low", "high"))
            return low, high, text_of(each.get("text")) or span(each)
    return "", "", words


def _flag(resource: Json, number: str, low: str, high: str) -> str:
    """What the sender says of the value, else what the reference range says."""
    if sent := code_of(resource.get("interpretation")):
        return sent
    if not is_number(number):
        return ""
    ranges = dicts(resource.get("referenceRange"))
    units = {unit(dict_of(each.get(end))) for each in ranges for end in ("low", "high") if each.get(end)}
    if not units <= {"", unit(dict_of(resource.get("valueQuantity")))}:
        return ""  # the range is in another unit
    if is_number(low) and float(number) < float(low):
        return "below"
    if is_number(high) and float(number) > float(high):
        return "above"
    return ""


def is_number(text: str) -> bool:
    try:
        return abs(float(text)) < 1e15
    except ValueError:
        return False


def _parts(resource: Json) -> Iterator[Part]:
    for each in dicts(resource.get("component"))[:MOST_PARTS]:
        system, code = coded(each.get("code"))
        numeric = dict_of(each.get("valueQuantity"))
        number = plain(numeric.get("value"))
        ranges = first(each.get("referenceRange"))
        low, high = (plain(dict_of(ranges.get(end)).get("value")) for end in ("low", "high"))
        yield Part(
            concept(each.get("code")),
            system,
            code,
            said(each, "value") or absent_words(each),
            number if is_number(number) else "",
            unit(numeric),
            _flag(each, number, low, high),
        )


def absent_words(resource: Json) -> str:
    return concept(resource.get("dataAbsentReason"))


def _activities(resource: Json) -> tuple[Part, ...]:
    """What a plan names, an answer answers, a recommendation recommends."""
    found = [
        (first(each.get("detail")).get("code"), code_of(first(each.get("detail")).get("status")))
        for each in dicts(resource.get("activity"))
    ]
    found += [
        (each.get("vaccineCode"), concept(each.get("forecastStatus"))) for each in dicts(resource.get("recommendation"))
    ]
    parts = [Part(concept(code), *coded(code), value, "", "", "") for code, value in found if concept(code)]
    if resource.get("resourceType") == "QuestionnaireResponse":
        parts += [
            Part(text_of(each.get("text")) or text_of(each.get("linkId")), "", "", _answers(each), "", "", "")
            for each in _questions(resource, depth=6)
        ]
    return tuple(parts[:MOST_PARTS])


def _questions(parent: Json, depth: int) -> Iterator[Json]:
    for item in dicts(parent.get("item")):
        if item.get("answer"):
            yield item
        if depth > 1:
            yield from _questions(item, depth - 1)


def _answers(item: Json) -> str:
    return ", ".join(filter(None, (said(each, "value") for each in dicts(item.get("answer")))))


def _note(resource: Json, kind: Kind) -> str:
    found = [_noted(resource.get(path)) for path in kind.notes]
    found.append(annotation(resource.get("note")) or annotation(resource.get("comment")))
    return clipped(" · ".join(dict.fromkeys(filter(None, found))))


def _noted(value: object) -> str:
    if isinstance(value, str):
        return clipped(text_of(value))
    if isinstance(value, list):
        return ", ".join(filter(None, (_noted(each) for each in value[:20])))
    found = dict_of(value)
    if "reference" in found or ("display" in found and "code" not in found):
        return reference(found)
    return concept(found) or annotation([found]) or period(found)


def _who(entry: Entry) -> Who:
    patient = entry.resource
    names = dicts(patient.get("name"))
    best = next((each for each in names if each.get("use") == "official"), next(iter(names), {}))
    numbers = [text_of(each.get("value")) for each in dicts(patient.get("identifier"))]
    died = text_of(patient.get("deceasedDateTime")) or ("true" if patient.get("deceasedBoolean") is True else "")
    return Who(
        entry.number,
        human_name(best),
        text_of(patient.get("birthDate")) or absent_reason(dict_of(patient.get("_birthDate"))),
        text_of(patient.get("gender")),
        tuple(filter(None, numbers))[:10],
        died,
    )
