"""The one patient of a document: as the journey knows them, with what received files say of them besides."""

from typing import Any

from clearpath.records.fhir.elements import Resource, absent
from clearpath.records.going_home.received import Json

NEVER = ("resourceType", "id", "meta", "text", "link", "implicitRules")
OURS = ("name", "birthDate", "_birthDate")


def patient_of(ours: Resource, received: list[Json]) -> Resource:
    """Lists are joined, the same thing once; of single values the newest file that says one is believed.

    The journey's own name and day of birth stand, for by them the files were recognised as this patient's.
    """
    found = dict(ours)
    for patient in reversed(received):  # newest first
        for element, value in patient.items():
            if element in NEVER or (element in OURS and element != "name" and "birthDate" in found):
                continue
            if isinstance(value, list) and isinstance(found.get(element, []), list):
                found[element] = _joined(found.get(element, []), value)
            else:
                found.setdefault(element, value)
    if "birthDate" in found:
        found.pop("_birthDate", None)
    names = [each for each in found["name"] if isinstance(each, dict) and {"text", "family", "given"} & set(each)]
    return found | {"name": names or [absent()]}


def _joined(first: list[Any], second: list[Any]) -> list[Any]:
    return [*first, *(each for each in second if each not in first)]
