"""What a page shows of a FHIR R4 bundle: whose it is, problems, allergies, medicines, in the words of the sender.

Real bundles are dirty: parts are missing, have another type, or point nowhere. Nothing here raises for that. What
a bundle does not say is unknown, and unknown is never told as none.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

# LOINC codes of the sections that every International Patient Summary must have (HL7 IPS 2.0.0, Composition).
PROBLEMS, ALLERGIES, MEDICINES = "11450-4", "48765-2", "10160-0"
TYPES = {
    PROBLEMS: ("Condition",),
    ALLERGIES: ("AllergyIntolerance",),
    MEDICINES: ("MedicationStatement", "MedicationRequest"),
}
PLAIN_STATES = {"active", "confirmed", "completed", "unknown"}  # go without saying beside a name
NO_INFORMATION = re.compile("no-[a-z]+-info")  # HL7 IPS, code system absent-unknown-uv-ips: nobody knows
MOST_LINES = 500  # of one section; a page is not for more

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one section as sent; without lines it is unknown, and `reason` is what the sender said of that."""

    lines: tuple[str, ...] = ()
    reason: str = ""

    @property
    def is_unknown(self) -> bool:
        return not self.lines


@dataclass(frozen=True, slots=True)
class Reading:
    """A patient summary in the sender's words. Empty text: not sent."""

    patient_name: str = ""
    birth_date: str = ""  # as sent: a day, a month or a year
    problems: Section = field(default_factory=Section)
    allergies: Section = field(default_factory=Section)
    medicines: Section = field(default_factory=Section)


def read(content: bytes) -> Reading | None:
    """The reading of a FHIR resource or bundle; None when the bytes are not FHIR in JSON."""
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("resourceType"), str):
        return None
    bundle = _Bundle(found)
    patient = next(bundle.of_type("Patient"), {})
    return Reading(
        patient_name=_person_name(patient),
        birth_date=_text(patient.get("birthDate")),
        problems=_section(bundle, PROBLEMS),
        allergies=_section(bundle, ALLERGIES),
        medicines=_section(bundle, MEDICINES),
    )


class _Bundle:
    """The resources of a bundle (or the one resource given), and how they point at each other."""

    def __init__(self, root: Json) -> None:
        entries = [entry for entry in _dicts(root.get("entry")) if isinstance(entry.get("resource"), dict)]
        self.resources = [entry["resource"] for entry in entries] or [root]
        self._by_url: dict[str, Json] = {}
        for entry in entries:
            resource = entry["resource"]
            self._by_url.setdefault(f"{_text(resource.get('resourceType'))}/{_text(resource.get('id'))}", resource)
            if _text(entry.get("fullUrl")):
                self._by_url.setdefault(_text(entry["fullUrl"]), resource)

    def of_type(self, *types: str) -> Iterator[Json]:
        return (each for each in self.resources if each.get("resourceType") in types)

    def follow(self, reference: Any, *, inside: Json) -> Json | None:
        """The resource that a reference names: in the bundle, or contained in `inside`. None when it is not sent."""
        url = _text(_dict(reference).get("reference"))
        if url.startswith("#"):
            return next((each for each in _dicts(inside.get("contained")) if each.get("id") == url[1:]), None)
        return self._by_url.get(url) or self._by_url.get("/".join(url.split("/_history/")[0].split("/")[-2:]))


def _section(bundle: _Bundle, code: str) -> Section:
    """From the document's sections of this code where it has any, else from all resources of the section's types."""
    sections = _sections(bundle, code)
    if not sections:
        return _said(bundle, list(bundle.of_type(*TYPES[code])))
    composition = next(bundle.of_type("Composition"))
    entries = [entry for section in sections for entry in _dicts(section.get("entry"))]
    named = [bundle.follow(entry, inside=composition) for entry in entries]
    said = _said(bundle, [each for each in named if each is not None and each.get("resourceType") in TYPES[code]])
    if said.lines or said.reason:
        return said
    reasons = [_concept(section.get("emptyReason")) for section in sections]
    told = [narrative for section in sections if (narrative := _narrative(section))]
    return Section((), next(filter(None, reasons))) if any(reasons) else Section(tuple(told))


def _sections(bundle: _Bundle, code: str) -> list[Json]:
    return [
        section
        for composition in bundle.of_type("Composition")
        for section in _dicts(composition.get("section"))
        if code in _codes(section.get("code"))
    ]


def _said(bundle: _Bundle, resources: list[Json]) -> Section:
    """The lines of resources; one that only says that nothing is known of it is the reason for having none."""
    lines: dict[str, None] = {}
    reason = ""
    for each in resources[:MOST_LINES]:
        codes = _codes(each.get("code")) | _codes(each.get("medicationCodeableConcept"))
        if any(NO_INFORMATION.fullmatch(code) for code in codes):
            reason = reason or _line(bundle, each)
        elif line := _line(bundle, each):
            lines[line] = None
    return Section(tuple(lines), "" if lines else reason)


def _line(bundle: _Bundle, resource: Json) -> str:
    """A name as sent; with its state, where that says more than that it is so now; with the dose of a medicine."""
    name = _concept(resource.get("code")) or _concept(resource.get("medicationCodeableConcept"))
    if not name:
        reference = resource.get("medicationReference")
        medicine = bundle.follow(reference, inside=resource) or {}
        name = _concept(medicine.get("code")) or _text(_dict(reference).get("display"))
    if not name:
        return ""
    dose = next(iter(_dicts(resource.get("dosage")) or _dicts(resource.get("dosageInstruction"))), {})
    states = [_concept(resource.get("clinicalStatus")), _concept(resource.get("verificationStatus"))]
    if resource.get("resourceType") in TYPES[MEDICINES]:
        states.append(_text(resource.get("status")))
    said = [_text(dose.get("text")), *(state for state in states if state and state.lower() not in PLAIN_STATES)]
    return " · ".join(filter(None, [name, *said]))


def _codes(value: Any) -> set[str]:
    return {_text(each.get("code")) for each in _dicts(_dict(value).get("coding"))}


def _concept(value: Any) -> str:
    """A CodeableConcept in the sender's words: its text, else a display, else the bare code."""
    concept = _dict(value)
    coding = _dicts(concept.get("coding"))
    displays = [_text(each.get("display")) for each in coding]
    codes = [_text(each.get("code")) for each in coding]
    return next(filter(None, [_text(concept.get("text")), *displays, *codes]), "")


def _person_name(patient: Json) -> str:
    names = _dicts(patient.get("name"))
    best = next((name for name in names if name.get("use") == "official"), next(iter(names), {}))
    given = [_text(each) for each in _list(best.get("given"))]
    parts = " ".join(filter(None, [*given, _text(best.get("family"))]))
    return _text(best.get("text")) or parts


def _narrative(section: Json) -> str:
    """The section's text for people, without its markup; "" when it only repeats the heading."""
    reader = _Words()
    reader.feed(_text(_dict(section.get("text")).get("div"))[:50_000])
    told = " ".join(" ".join(reader.words).split())[:2_000]
    heading = set(_text(section.get("title")).lower().split())
    return "" if set(told.lower().split()) <= heading else told


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: Any) -> list[Json]:
    return [each for each in _list(value) if isinstance(each, dict)]
