"""One resource as one line for people: its name as sent, and what else is said of it, in the reader's language.

Names of problems, medicines and tests are never translated; the few words that FHIR itself defines are.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearpath.records.going_home.received import Json

Follow = Callable[[Any, Json], Json]  # the resource that a reference in a resource names, or {}

WORDS: dict[str, str | Promise] = {  # codes that FHIR R4 defines, where they say more than that all is as usual
    "inactive": gettext_lazy("inactive"),
    "remission": gettext_lazy("in remission"),
    "resolved": gettext_lazy("resolved"),
    "recurrence": gettext_lazy("has come back"),
    "relapse": gettext_lazy("has come back"),
    "unconfirmed": gettext_lazy("not confirmed"),
    "provisional": gettext_lazy("provisional"),
    "differential": gettext_lazy("one of several possible"),
    "refuted": gettext_lazy("refuted"),
    "stopped": gettext_lazy("stopped"),
    "on-hold": gettext_lazy("paused"),
    "not-taken": gettext_lazy("not taken"),
    "not-done": gettext_lazy("not done"),
    "cancelled": gettext_lazy("cancelled"),
    "draft": gettext_lazy("draft"),
    "intended": gettext_lazy("intended"),
    "preliminary": gettext_lazy("preliminary"),
    "in-progress": gettext_lazy("in progress"),
    "high": gettext_lazy("high risk"),
    "low": gettext_lazy("low risk"),
    "unable-to-assess": gettext_lazy("risk cannot be assessed"),
    "mild": gettext_lazy("mild"),
    "moderate": gettext_lazy("moderate"),
    "severe": gettext_lazy("severe"),
    "no-problem-info": gettext_lazy("No information about problems"),
    "no-known-problems": gettext_lazy("No known problems"),
    "no-allergy-info": gettext_lazy("No information about allergies"),
    "no-known-allergies": gettext_lazy("No known allergies"),
    "no-medication-info": gettext_lazy("No information about medicines"),
    "no-known-medications": gettext_lazy("No known medicines"),
    "no-known-medication-allergies": gettext_lazy("No known allergies to medicines"),
    "no-known-environmental-allergies": gettext_lazy("No known allergies to the environment"),
    "no-known-food-allergies": gettext_lazy("No known allergies to food"),
    "no-device-info": gettext_lazy("No information about devices"),
    "no-known-devices": gettext_lazy("No known devices"),
    "no-procedure-info": gettext_lazy("No information about procedures"),
    "no-known-procedures": gettext_lazy("No known procedures"),
    "no-immunization-info": gettext_lazy("No information about immunisations"),
    "no-known-immunizations": gettext_lazy("No known immunisations"),
}
NAMES = ("code", "vaccineCode", "medicationCodeableConcept")
POINTERS = ("medicationReference", "device")
OTHER_NAMES = ("type", "category", "class", "scope", "modality")
STATES = ("status", "clinicalStatus", "verificationStatus", "criticality", "severity")
DAYS = (
    "performedDateTime", "occurrenceDateTime", "effectiveDateTime", "onsetDateTime", "timingDateTime",
    "effectiveInstant", "occurrenceString", "onsetString", "performedString", "authoredOn",
    "recordedDate", "date", "dateTime", "created", "started", "issued",
)  # fmt: skip
PERIODS = ("performedPeriod", "effectivePeriod", "onsetPeriod", "timingPeriod", "period")
LONGEST = 2_000  # letters of one text


@dataclass(frozen=True, slots=True)
class Line:
    """What a reader sees of one fact."""

    name: str
    details: tuple[str, ...] = ()
    when: str = ""
    source: str = ""


def line_of(resource: Json, follow: Follow) -> Line:
    """The line of a resource; where it names nothing, its kind stands for it."""
    name = _name(resource, follow) or resource["resourceType"]
    details = [each for each in dict.fromkeys(_details(resource, follow)) if each and each != name]
    return Line(name, tuple(details), _when(resource))


def _name(resource: Json, follow: Follow) -> str:
    if said := _first(resource, NAMES):
        return said
    for element in POINTERS:
        if isinstance(reference := resource.get(element), dict):
            other = follow(reference, resource)
            if called := (_name(other, follow) if other else "") or text(reference.get("display")):
                return called
    if said := _first(resource, OTHER_NAMES):
        return said
    named = [text(each.get("name")) for each in _dicts(resource.get("deviceName")) + _dicts(resource.get("name"))]
    described = (text(resource.get(each)) for each in ("title", "description", "name", "summary"))
    return next(filter(None, [*named, *_titles(resource), *described]), "")


def _titles(resource: Json) -> Iterator[str]:
    """Of the files that a document holds."""
    for content in _dicts(resource.get("content")):
        if isinstance(attachment := content.get("attachment"), dict):
            yield text(attachment.get("title"))


def _first(resource: Json, elements: tuple[str, ...]) -> str:
    for element in elements:
        value = resource.get(element)
        for each in value if isinstance(value, list) else [value]:
            if said := concept_text(each):
                return said
    return ""


def _details(resource: Json, follow: Follow) -> Iterator[str]:
    if resource.get("doNotPerform") is True:
        yield _("NOT to be given")
    yield from _values(resource)
    for component in _dicts(resource.get("component")):
        said = " ".join(filter(None, _values(component)))
        yield f"{concept_text(component.get('code'))}: {said}" if said else ""
    for dose in _dicts(resource.get("dosage")) + _dicts(resource.get("dosageInstruction")):
        yield text(dose.get("text")) or _dose(dose)
    for reaction in _dicts(resource.get("reaction")):
        said = ", ".join(filter(None, map(concept_text, _dicts(reaction.get("manifestation")))))
        yield " ".join(filter(None, [said, _word(reaction.get("severity"))]))
    for state in STATES:
        value = resource.get(state)
        yield _word(value) or (concept_text(value) if state == "severity" and isinstance(value, dict) else "")
    for element in ("conclusion", "summary", "description", "lotNumber", "serialNumber"):
        yield text(resource.get(element))
    if isinstance(device := resource.get("device"), dict):
        yield from _device(follow(device, resource))
    for element in ("interpretation", "bodySite", "reasonCode"):
        value = resource.get(element)
        for each in value if isinstance(value, list) else [value]:
            yield concept_text(each)
    for activity in _dicts(resource.get("activity")):
        detail = activity.get("detail")
        if isinstance(detail, dict):
            yield text(detail.get("description")) or concept_text(detail.get("code"))
    for note in _dicts(resource.get("note")):
        yield text(note.get("text"))
    yield from _titles(resource)


def _device(device: Json) -> Iterator[str]:
    for carrier in _dicts(device.get("udiCarrier")):
        yield text(carrier.get("carrierHRF")) or text(carrier.get("deviceIdentifier"))
    for label, element in (
        (_("maker"), "manufacturer"),
        (_("model"), "modelNumber"),
        (_("lot"), "lotNumber"),
        (_("serial number"), "serialNumber"),
    ):
        if said := text(device.get(element)):
            yield f"{label} {said}"


def _values(resource: Json) -> Iterator[str]:
    for key, value in resource.items():
        if key.startswith("value") or key == "dataAbsentReason":
            yield _value(value)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if not isinstance(value, dict):
        return text(value) if isinstance(value, str) else str(value)
    if "numerator" in value:
        return f"{_quantity(value['numerator'])} / {_quantity(value.get('denominator'))}"
    if "low" in value or "high" in value:
        return f"{_quantity(value.get('low'))} – {_quantity(value.get('high'))}"
    if "value" in value:
        return _quantity(value)
    if "start" in value or "end" in value:
        return _period(value)
    return concept_text(value)


def _quantity(value: Any) -> str:
    if not isinstance(value, dict) or "value" not in value:
        return ""
    unit = text(value.get("unit")) or text(value.get("code"))
    return " ".join(filter(None, [f"{text(value.get('comparator'))}{value['value']}", unit]))


def _dose(dose: Json) -> str:
    """A dose that was sent in parts, when it has no text."""
    parts = [
        _value(each.get("doseQuantity") or each.get("doseRange") or {}) for each in _dicts(dose.get("doseAndRate"))
    ]
    timing = dose.get("timing") if isinstance(dose.get("timing"), dict) else {}
    repeat = (timing or {}).get("repeat")
    if isinstance(repeat, dict) and "frequency" in repeat and "period" in repeat:
        parts.append(f"{repeat['frequency']} × / {repeat['period']} {text(repeat.get('periodUnit'))}")
    parts += [concept_text((timing or {}).get("code")), concept_text(dose.get("route"))]
    return " ".join(filter(None, parts))


def _when(resource: Json) -> str:
    for element in DAYS:
        if said := text(resource.get(element)):
            return said[:10] if said[:4].isdigit() else said
    for element in PERIODS:
        if isinstance(period := resource.get(element), dict) and (said := _period(period)):
            return said
    return ""


def _period(period: Json) -> str:
    start, end = text(period.get("start"))[:10], text(period.get("end"))[:10]
    return f"{start} – {end}" if start != end and (start or end) else start


def _word(value: Any) -> str:
    """What a code of FHIR says, where it says more than usual; "" where it does not, or means nothing here."""
    codes = [value] if isinstance(value, str) else [text(each.get("code")) for each in _codings(value)]
    return next((str(WORDS[code]) for code in codes if code in WORDS), "")


def concept_text(value: Any) -> str:
    """A CodeableConcept or Coding in the sender's words: its text, else a display, else the bare code."""
    if not isinstance(value, dict):
        return ""
    absent = next((text(each.get("code")) for each in _codings(value) if _is_absent(each)), "")
    if absent in WORDS:
        return str(WORDS[absent])
    codings = _codings(value) or [value]
    displays = [text(each.get("display")) for each in codings]
    codes = [text(each.get("code")) for each in codings]
    return next(filter(None, [text(value.get("text")), *displays, *codes]), "")


def _is_absent(coding: Json) -> bool:
    return "absent-unknown-uv-ips" in text(coding.get("system"))


def _codings(value: Any) -> list[Json]:
    return _dicts(value.get("coding")) if isinstance(value, dict) else []


def text(value: Any) -> str:
    return " ".join(value.split())[:LONGEST] if isinstance(value, str) else ""


def _dicts(value: Any) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
