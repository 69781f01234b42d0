"""Clinical documents in HL7 CDA R2 (C-CDA too): header, whom they are about, narrative. And other XML, told apart.

Source: HL7 Clinical Document Architecture R2 (ISO/HL7 27932:2009), header 4.2 and narrative block 4.3.5.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import nh3

from clearpath.core.outcomes import Refused
from clearpath.records.received.fhir import NOT_FHIR
from clearpath.records.received.told import Identifier, Person, Told, real_names, why_two
from clearpath.records.received.xml import BROKEN, local, root_of, text_of

V3 = {"v": "urn:hl7-org:v3"}
FHIR = {"f": "http://hl7.org/fhir"}
MOST_NARRATIVE = 1_000_000  # characters of one document; a page is not for more
DEEPEST = 40

# Elements of the narrative block, and what they are on a page. What is not here is shown as its text alone.
SHOWN = {
    "paragraph": "p", "list": "ul", "item": "li", "caption": "strong", "content": "span", "br": "br", "sub": "sub",
    "sup": "sup", "table": "table", "thead": "thead", "tbody": "tbody", "tfoot": "tfoot", "tr": "tr", "th": "th",
    "td": "td",
}  # fmt: skip
TAGS = {*SHOWN.values(), "ol", "caption"}
SPANS = {"colspan", "rowspan"}


@dataclass(frozen=True, slots=True)
class Part:
    """One section: its heading, how deep it lies (0 for the first level), its narrative as safe HTML."""

    heading: str
    depth: int
    html: str


@dataclass(frozen=True, slots=True)
class Document:
    """A clinical document as a page shows it, in the words of its author; empty text: not said."""

    title: str
    patient_name: str
    birth_date: str
    author: str
    organisation: str
    on: str
    parts: tuple[Part, ...]
    is_cut: bool  # there was more than a page is for


def tell(content: bytes) -> Told:
    """`wrong`: xml_broken, xml_with_entities, two_patients."""
    try:
        root = root_of(content)
    except Refused as refusal:
        return Told(wrong=refusal.objection)
    if local(root) != "ClinicalDocument" or root.find("v:recordTarget", V3) is None:
        return Told(wrong=BROKEN)
    sent = [_person(each) for each in root.findall("v:recordTarget/v:patientRole", V3)]
    people = tuple(each for each in sent if each.is_named)
    numbers = [_number(each) for name in ("v:id", "v:setId") for each in root.findall(name, V3)]
    facts = {
        "title": text_of(root.find("v:title", V3))[:200],
        "on": _day(_value(root, "v:effectiveTime")),
        "sections": sum(1 for _section in root.iter(f"{{{V3['v']}}}section")),
    }
    return Told(people[:1], frozenset(filter(None, numbers)), facts, why_two(people))


def tell_any_xml(content: bytes) -> Told:
    """Of other XML only whether it can be read at all. `wrong`: xml_broken, xml_with_entities."""
    try:
        root_of(content)
    except Refused as refusal:
        return Told(wrong=refusal.objection)
    return Told()


def tell_fhir_xml(content: bytes) -> Told:
    """Whom FHIR in XML is about; nothing more of it is read. `wrong`: xml_broken, xml_with_entities, not_fhir."""
    try:
        root = root_of(content)
    except Refused as refusal:
        return Told(wrong=refusal.objection)
    if not root.tag.startswith(f"{{{FHIR['f']}}}"):
        return Told(wrong=NOT_FHIR)
    patient = next(root.iter(f"{{{FHIR['f']}}}Patient"), None)
    if patient is None:
        return Told()
    names = [
        " ".join(each.get("value", "") for each in [*name.findall("f:given", FHIR), *name.findall("f:family", FHIR)])
        for name in patient.findall("f:name", FHIR)
    ]
    born = patient.find("f:birthDate", FHIR)
    return Told((Person(real_names(names), born.get("value", "")[:10] if born is not None else ""),))


def read(content: bytes) -> Document | None:
    """The document for a page; None when it cannot be read."""
    try:
        root = root_of(content)
    except Refused:
        return None
    role = root.find("v:recordTarget/v:patientRole", V3)
    person = _person(role) if role is not None else Person()
    author = root.find("v:author/v:assignedAuthor", V3)
    parts: list[Part] = []
    room = MOST_NARRATIVE
    for section, depth in _sections(root):
        html = _html(section.find("v:text", V3))
        room -= len(html)
        if room < 0:
            break
        parts.append(Part(text_of(section.find("v:title", V3))[:200], depth, html))
    return Document(
        title=text_of(root.find("v:title", V3))[:200],
        patient_name=next(iter(person.names), ""),
        birth_date=person.born,
        author=_name(author.find("v:assignedPerson/v:name", V3)) if author is not None else "",
        organisation=_organisation(root, author),
        on=_day(_value(root, "v:effectiveTime")),
        parts=tuple(parts),
        is_cut=room < 0,
    )


def _organisation(root: Any, author: Any) -> str:
    own = author.find("v:representedOrganization/v:name", V3) if author is not None else None
    kept = root.find("v:custodian/v:assignedCustodian/v:representedCustodianOrganization/v:name", V3)
    return text_of(own) or text_of(kept)


def _sections(root: Any) -> Iterator[tuple[Any, int]]:
    waiting = [(each, 0) for each in root.findall("v:component/v:structuredBody/v:component/v:section", V3)[::-1]]
    while waiting:
        section, depth = waiting.pop()
        yield section, depth
        waiting += [(each, depth + 1) for each in section.findall("v:component/v:section", V3)[::-1]]


def _html(narrative: Any) -> str:
    """The narrative block as HTML: lists, tables and paragraphs are kept; what could act, load or hide is not."""
    if narrative is None:
        return ""
    return nh3.clean(
        "".join(_inside(narrative, 0)), tags=TAGS, attributes={"td": SPANS, "th": SPANS}, strip_comments=True
    )


def _inside(element: Any, depth: int) -> Iterator[str]:
    yield escape(element.text or "")
    for each in element:
        yield from _drawn(each, depth)
        yield escape(each.tail or "")


def _drawn(element: Any, depth: int) -> Iterator[str]:
    name = local(element)
    tag = SHOWN.get(name, "")
    if name == "list" and element.get("listType") == "ordered":
        tag = "ol"
    if name == "caption" and local(element.getparent()) == "table":
        tag = "caption"
    if not tag or depth > DEEPEST:
        yield escape("".join(element.itertext())) if depth > DEEPEST else "".join(_inside(element, depth + 1))
        return
    spans = "".join(f' {each}="{int(value)}"' for each in SPANS if (value := element.get(each, "")).isdecimal())
    yield f"<{tag}{spans}>"
    yield from _inside(element, depth + 1)
    yield f"</{tag}>" if tag != "br" else ""


def _person(role: Any) -> Person:
    names = [_name(each) for each in role.findall("v:patient/v:name", V3)]
    numbers = [_number(each) for each in role.findall("v:id", V3)]
    return Person(real_names(names), _day(_value(role, "v:patient/v:birthTime")), frozenset(filter(None, numbers)))


def _name(name: Any) -> str:
    """Given and family names in that order, else the text as it stands."""
    if name is None:
        return ""
    parts = [text_of(each) for part in ("v:given", "v:family") for each in name.findall(part, V3)]
    return " ".join(filter(None, parts)) or text_of(name)


def _number(given: Any) -> Identifier | None:
    """An instance identifier: its root alone is a number where it is unique by itself, as a UUID is."""
    root, extension = given.get("root", ""), given.get("extension", "")
    if not root:
        return None
    return (f"urn:oid:{root}", extension) if extension else ("urn:ietf:rfc:3986", root.lower())


def _value(element: Any, path: str) -> str:
    found = element.find(path, V3)
    return found.get("value", "") if found is not None else ""


def _day(time: str) -> str:
    """YYYYMMDD... as YYYY-MM-DD, as far as it is said."""
    digits = time[:8] if time[:4].isdecimal() else ""
    return "-".join(filter(None, [digits[:4], digits[4:6], digits[6:8]]))
