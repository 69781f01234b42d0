"""What a FHIR R4 resource or bundle in JSON tells of itself. Real bundles are dirty: nothing here raises for that."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection
from clearpath.records.check import Parsed
from clearpath.records.received.told import Identifier, Person, Told, real_names, why_two

Json = dict[str, Any]

NOT_FHIR = Objection(
    "not_fhir",
    _("This file is marked as FHIR data, but is none. Ask the sender for one FHIR R4 resource or Bundle in JSON."),
)
UNREADABLE = Objection(
    "fhir_unreadable",
    _("This file is marked as FHIR data, but is built so that nothing in it can be read. Ask the sender for another."),
)
TOO_MANY_PARTS = Objection(
    "too_many_parts", _("This file holds more than a million parts. Ask the sender for the ones that matter.")
)
MOST_PARTS = 1_000_000  # objects and lists; of real bundles, the densest have one in 40 bytes
OF_SOMEBODY = ("subject", "patient", "beneficiary", "individual")  # how resources name whose they are
COUNTED = ("Condition", "AllergyIntolerance", "MedicationStatement", "MedicationRequest", "Procedure", "Observation",
           "Immunization", "DiagnosticReport", "DocumentReference")  # fmt: skip


def tell(content: bytes) -> Told:
    """`wrong`: not_fhir, two_patients, too_many_parts."""
    return read(content)[0]


def read(content: bytes) -> tuple[Told, Parsed | None]:
    """What it tells, with what was read, so that others need not parse it again."""
    if content.count(b"{") + content.count(b"[") > MOST_PARTS:
        return Told(wrong=TOO_MANY_PARTS), None
    try:
        parsed = Parsed(content)
    except orjson.JSONDecodeError as error:
        says = _("This file is marked as FHIR data, but breaks off or is damaged (line {line}, character {column}).")
        return Told(wrong=Objection("not_fhir", format_lazy(says, line=error.lineno, column=error.colno))), None
    return _told(parsed.root), parsed


def _told(root: Any) -> Told:
    if not isinstance(root, dict) or not _is_a_type(root.get("resourceType")):
        return Told(wrong=NOT_FHIR)
    resources = list(_resources(root))
    people = tuple(_person(each) for each in _whose(root, resources))
    counts = Counter(kind for each in resources if (kind := _text(each.get("resourceType"))) in COUNTED)
    composition = next((each for each in resources if each.get("resourceType") == "Composition"), {})
    facts = {
        "title": _text(composition.get("title"))[:200],
        "on": (_text(composition.get("date")) or _text(root.get("timestamp")))[:10],
        "counts": dict(counts),
    }
    named = tuple(each for each in people if each.is_named)
    return Told(named[:1], _numbers(root, composition), facts, why_two(named))


def _is_a_type(name: Any) -> bool:
    """Whether it could name a resource type; which types there are is for the gates to say."""
    return isinstance(name, str) and name.isascii() and name.isalpha() and name[0].isupper()


def _resources(root: Json) -> Iterator[Json]:
    """Every resource: of a bundle, of bundles in it, or the one given."""
    waiting = [root]
    while waiting:
        each = waiting.pop()
        if each.get("resourceType") != "Bundle":
            yield each
        waiting += [found for entry in _dicts(each.get("entry"))[::-1] if (found := _dict(entry.get("resource")))]


def _whose(root: Json, resources: list[Json]) -> list[Json]:
    """The patients whom something in the file is about, the document's own first.

    Who is only named, as a newborn's mother is, has nothing here that could be taken for the patient's; as soon as
    she has findings of her own, the file is about two people.
    """
    by_address: dict[str, Json] = {}
    for entry in _dicts(root.get("entry")):
        if (found := _dict(entry.get("resource"))).get("resourceType") == "Patient":
            by_address.setdefault(_text(entry.get("fullUrl")), found)
    patients = [each for each in resources if each.get("resourceType") == "Patient"]
    for each in patients:
        by_address.setdefault(f"Patient/{_text(each.get('id'))}", each)
    subjects: list[Json] = []
    for each in sorted(resources, key=lambda each: each.get("resourceType") != "Composition"):
        contained = {f"#{_text(one.get('id'))}": one for one in _dicts(each.get("contained"))}
        for reference in [_dict(each.get(name)).get("reference") for name in OF_SOMEBODY]:
            address = _text(reference).split("/_history/")[0]
            named = contained.get(address) or by_address.get(address) or by_address.get(_tail(address))
            if named and named.get("resourceType") == "Patient" and named not in subjects:
                subjects.append(named)
    subjects = subjects or patients
    return [each for each in subjects if not _replaces(each, subjects[0], by_address)] or subjects


def _replaces(patient: Json, first: Json, by_address: dict[str, Json]) -> bool:
    """Whether the bundle says itself that two entries are one person (Patient.link)."""
    if patient is first:
        return False
    for one, other in ((patient, first), (first, patient)):
        for link in _dicts(one.get("link")):
            address = _text(_dict(link.get("other")).get("reference"))
            if (by_address.get(address) or by_address.get(_tail(address))) is other:
                return True
    return False


def _tail(address: str) -> str:
    return "/".join(address.split("/")[-2:])


def _person(patient: Json) -> Person:
    """A number without its giver says nothing of who it is: every hospital has a patient 17."""
    names = [
        text
        for name in _dicts(patient.get("name"))
        for text in (
            _text(name.get("text")),
            " ".join([*(_text(each) for each in _list(name.get("given"))), _text(name.get("family"))]),
        )
        if text.strip()
    ]
    given = [_identifier(each) for each in _dicts(patient.get("identifier"))]
    return Person(
        real_names(names),
        _text(patient.get("birthDate"))[:10],
        frozenset(each for each in given if each is not None and each[0]),
    )


def _numbers(root: Json, composition: Json) -> frozenset[Identifier]:
    """Bundle.identifier, Composition.identifier, DocumentReference.masterIdentifier: the same in every version."""
    found = [root.get("identifier") if root.get("resourceType") == "Bundle" else None, composition.get("identifier")]
    if root.get("resourceType") == "DocumentReference":
        found.append(root.get("masterIdentifier"))
    return frozenset(each for one in found if (each := _identifier(_dict(one))) is not None)


def _identifier(given: Json) -> Identifier | None:
    value = _text(given.get("value"))
    return (_text(given.get("system")), value) if value else None


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: Any) -> list[Json]:
    return [each for each in _list(value) if isinstance(each, dict)]
