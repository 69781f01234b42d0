"""The one patient of a document: as the journey knows them, with what received files say of them besides."""

from typing import Any

from clearpath.records.fhir.elements import Resource, absent
from clearpath.records.going_home.received import Json

NEVER = ("resourceType", "id", "meta", "text", "link", "implicitRules")
OURS = ("birthDate", "_birthDate")
CHOICES = ("deceased", "multipleBirth")  # elements of which one kind of value may stand


def patient_of(ours: Resource, received: list[Json]) -> Resource:
    """Lists are joined, the same thing once; of single values the newest file that says one is believed.

    The journey's own name and day of birth stand, for by them the files were recognised as this patient's.
    """
    found = dict(ours)
    for patient in reversed(received):  # newest first
        for element, value in patient.items():
            if element in NEVER or (element in OURS and "birthDate" in found) or _is_chosen(element, found):
                continue
            if isinstance(value, list) and isinstance(found.get(element, []), list):
                found[element] = _joined(found.get(element, []), value)
            else:
                found.setdefault(element, value)
    if "birthDate" in found:
        found.pop("_birthDate", None)
    names = [each for each in found["name"] if isinstance(each, dict) and {"text", "family", "given"} & set(each)]
    return found | {"name": names or [absent()]}


def _is_chosen(element: str, found: Resource) -> bool:
    """Whether another file or the journey has said it already, perhaps as another kind of value."""
    choice = next((each for each in CHOICES if element.lstrip("_").startswith(each)), "")
    return bool(choice) and any(each.lstrip("_").startswith(choice) for each in found)


def _joined(first: list[Any], second: list[Any]) -> list[Any]:
    return [*first, *(each for each in second if each not in first)]
