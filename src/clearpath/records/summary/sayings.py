"""FHIR data types in words, as the sender wrote them. Nothing raises for a wrong type: what is not understood is "".

Source: FHIR R4 4.0.1, Data Types.
"""

from collections.abc import Callable, Mapping
from typing import Any

from clearpath.records.summary.resources import Json, dict_of, dicts, first, text_of

LONGEST = 1_000  # characters of one text in a line; its source shows the whole

SYSTEMS = {
    "http://snomed.info/sct": "SNOMED CT",
    "http://loinc.org": "LOINC",
    "http://hl7.org/fhir/sid/icd-10": "ICD-10",
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD-10-CM",
    "http://hl7.org/fhir/sid/icd-9-cm": "ICD-9-CM",
    "http://id.who.int/icd/release/11/mms": "ICD-11",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
    "http://www.whocc.no/atc": "ATC",
    "http://hl7.org/fhir/sid/cvx": "CVX",
    "http://hl7.org/fhir/sid/ndc": "NDC",
    "http://unitsofmeasure.org": "UCUM",
    "http://fdasis.nlm.nih.gov": "UNII",
    "http://standardterms.edqm.eu": "EDQM",
    "http://www.ama-assn.org/go/cpt": "CPT",
    "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips": "IPS",
}
# Which code stands for a thing when it has several: the one that most senders share.
PREFERRED = ("http://snomed.info/sct", "http://loinc.org", "http://hl7.org/fhir/sid/cvx")
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def system_name(system: str) -> str:
    """A short name of a code system; the end of its address where we know none."""
    return SYSTEMS.get(system) or system.rstrip("/").rpartition("/")[2].rpartition(":")[2][:40]


def codings(value: Any) -> list[Json]:
    """The codings of a CodeableConcept, or the Coding itself."""
    concept = first(value)
    found = dicts(concept.get("coding"))
    return found or ([concept] if isinstance(concept.get("code"), str) else [])


def coded(value: Any) -> tuple[str, str]:
    """System and code that stand for a concept; both empty when it has none."""
    found = [(text_of(each.get("system")), text_of(each.get("code"))) for each in codings(value)]
    found = [each for each in found if each[1]]
    return min(found, key=lambda each: PREFERRED.index(each[0]) if each[0] in PREFERRED else 9, default=("", ""))


def concept(value: Any) -> str:
    """A CodeableConcept or Coding in the sender's words: its text, else a display, else the bare code."""
    if isinstance(value, str):
        return clipped(text_of(value))
    text = text_of(first(value).get("text"))
    if text:
        return clipped(text)
    found = codings(value)
    return clipped(
        next((text for each in found if (text := text_of(each.get("display")))), "")
        or next((code for each in found if (code := text_of(each.get("code")))), "")
    )


def concepts(value: Any) -> str:
    """Each of a list of concepts, one after another."""
    return ", ".join(dict.fromkeys(filter(None, map(concept, dicts(value)))))


def code_of(value: Any) -> str:
    """The bare code of a concept, or of a plain code."""
    return text_of(value) if isinstance(value, str) else coded(value)[1] or text_of(first(value).get("text"))


def clipped(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def quantity(value: Any) -> str:
    """Number with comparator and unit, such as `<1.50 mmol/L`."""
    found = dict_of(value)
    number = plain(found.get("value"))
    if not number:
        return absent_reason(found)
    return f"{text_of(found.get('comparator'))}{number} {unit(found)}".rstrip()


def unit(value: Json) -> str:
    """The unit of a quantity; "" for UCUM's `1`, which says that there is none."""
    found = text_of(value.get("unit")) or text_of(value.get("code"))
    return "" if found == "1" else found


def plain(value: Any) -> str:
    """A number, truth value or text as it was sent."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return clipped(text_of(value))


def absent_reason(value: Json) -> str:
    """The code by which a sender says why something is not there; "" when nothing is said."""
    for each in dicts(value.get("extension")):
        if each.get("url") == ABSENT:
            return text_of(each.get("valueCode")) or "unknown"
    return ""


def span(value: Any) -> str:
    """A Range: `3.5 - 5.1 mmol/L`, `< 5 mmol/L`, `> 3.5 mmol/L`."""
    low, high = dict_of(dict_of(value).get("low")), dict_of(dict_of(value).get("high"))
    ends = [plain(each.get("value")) for each in (low, high)]
    shared = unit(high) or unit(low)
    if all(ends):
        return f"{ends[0]} - {ends[1]} {shared}".rstrip()
    if any(ends):
        return f"{'≥' if ends[0] else '≤'} {ends[0] or ends[1]} {shared}".rstrip()
    return ""


def period(value: Any) -> str:
    found = dict_of(value)
    ends = [text_of(found.get("start")), text_of(found.get("end"))]
    return " - ".join(filter(None, ends))


def ratio(value: Any) -> str:
    found = dict_of(value)
    ends = [quantity(found.get("numerator")), quantity(found.get("denominator"))]
    return " / ".join(ends) if all(ends) else ends[0]


def human_name(value: Any) -> str:
    found = dict_of(value)
    given = [text_of(each) for each in found.get("given") or []] if isinstance(found.get("given"), list) else []
    return text_of(found.get("text")) or " ".join(filter(None, [*given, text_of(found.get("family"))]))


def reference(value: Any) -> str:
    found = dict_of(value)
    return text_of(found.get("display")) or text_of(dict_of(found.get("identifier")).get("value"))


def annotation(value: Any) -> str:
    return " ".join(filter(None, (text_of(each.get("text")) for each in dicts(value)))) or text_of(value)


def money(value: Any) -> str:
    found = dict_of(value)
    return " ".join(filter(None, [plain(found.get("value")), text_of(found.get("currency"))]))


def attachment(value: Any) -> str:
    found = dict_of(value)
    return " ".join(filter(None, [text_of(found.get("title")), text_of(found.get("contentType"))]))


def sampled(value: Any) -> str:
    found = dict_of(value)
    return " ".join(filter(None, [text_of(found.get("data"))[:200], unit(dict_of(found.get("origin")))]))


# How each ending of a choice such as value[x] is said.
CHOICES: Mapping[str, Callable[[Any], str]] = {
    "Quantity": quantity,
    "CodeableConcept": concept,
    "String": plain,
    "Boolean": plain,
    "Integer": plain,
    "Decimal": plain,
    "DateTime": plain,
    "Date": plain,
    "Time": plain,
    "Instant": plain,
    "Code": plain,
    "Uri": plain,
    "Range": span,
    "Ratio": ratio,
    "Period": period,
    "Age": quantity,
    "Duration": quantity,
    "SampledData": sampled,
    "Reference": reference,
    "Attachment": attachment,
    "Money": money,
    "Annotation": annotation,
}


def choice(resource: Json, name: str) -> tuple[str, Any]:
    """Ending and value of `name[x]`, whichever was sent; both empty when none was."""
    for ending in CHOICES:
        found = resource.get(name + ending)
        if found is not None and found != "":
            return ending, found
    return "", None


def said(resource: Json, name: str) -> str:
    """`name[x]` in words."""
    ending, value = choice(resource, name)
    return CHOICES[ending](value) if ending else ""


def dose(value: Any) -> str:
    """A Dosage: the sender's sentence, else amount, how often and by which route."""
    found = first(value)
    if text := text_of(found.get("text")) or text_of(found.get("patientInstruction")):
        return clipped(text)
    rate = first(found.get("doseAndRate")) or found
    parts = [said(rate, "dose"), said(rate, "rate"), _timing(found.get("timing")), concept(found.get("route"))]
    if found.get("asNeededBoolean") is True:
        parts.append("p.r.n.")  # as needed, in the abbreviation that prescribers share
    parts.append(concepts(found.get("additionalInstruction")))
    return " · ".join(filter(None, parts))


def _timing(value: Any) -> str:
    timing = dict_of(value)
    if text := concept(timing.get("code")):
        return text
    repeat = dict_of(timing.get("repeat"))
    often, every, unit_of = (
        plain(repeat.get("frequency")),
        plain(repeat.get("period")),
        text_of(repeat.get("periodUnit")),
    )
    when = ", ".join(text_of(each) for each in repeat.get("when") or []) if isinstance(repeat.get("when"), list) else ""
    rhythm = f"{often or 1} x / {every} {unit_of}" if every and unit_of else ""
    return " ".join(filter(None, [rhythm, when]))
