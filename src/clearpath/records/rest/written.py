"""What doctors wrote on a journey, and the patient's consent to treatment, as resources of their own.

They are made for the reader from what the reader may see, so that they have no past versions. Their keys begin with
that of the journey: by it one of them is found again.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound
from clearpath.journeys import queries as journeys
from clearpath.records.going_home.journey import parcel_of
from clearpath.records.going_home.written import own_resources
from clearpath.records.rest.call import Json, Served
from clearpath.records.rest.made import served_now
from clearpath.records.rest.queries import as_key

if TYPE_CHECKING:
    from clearpath.journeys.models import Journey

TYPES = frozenset(
    {
        "CarePlan",
        "ClinicalImpression",
        "Consent",
        "Device",
        "DeviceUseStatement",
        "DocumentReference",
        "MedicationRequest",
        "Procedure",
        "ServiceRequest",
    }
)
SAID_ON = ("date", "dateTime", "created", "authoredOn", "recordedOn", "effectiveDateTime")


def written(actor: Actor, type_name: str, journey_id: UUID) -> list[Served]:
    """Those of one type on one journey; none on one that the actor does not see."""
    if type_name not in TYPES:
        return []
    try:
        journey = journeys.journey_for(actor, journey_id)
    except NotFound:
        return []
    return [each for each in _all(actor, journey) if each.type == type_name]


def written_one(actor: Actor, type_name: str, key: str) -> Served | None:
    """The one of this key, if the actor sees it."""
    journey_id = as_key(key[:32]) if len(key) == 64 else None
    found = written(actor, type_name, journey_id) if journey_id else []
    return next((each for each in found if each.key == key), None)


def _all(actor: Actor, journey: "Journey") -> Iterator[Served]:
    parcel = parcel_of(journey, language=actor.language, at=actor.now, seen_by=actor)
    parcel = replace(parcel, files=(), patient=replace(parcel.patient, id=journey.pk))
    found = [placed.resource for placed in own_resources(parcel)]
    keys = {f"{each['resourceType']}/{each['id']}": _key(journey.pk, each["id"]) for each in found}
    patients = {f"Patient/{journey.pk}", f"Patient/{journey.about_id}"}
    for each in found:
        resource = _led(each, keys, patients, f"Patient/{journey.pk}")
        resource["id"] = keys[f"{each['resourceType']}/{each['id']}"]
        yield served_now(resource, _moment(each) or journey.stage_since, journey.pk)


def _key(journey_id: UUID, key: str) -> str:
    """As long as a key of FHIR can be: 64 characters."""
    return f"{journey_id.hex}{UUID(str(key)).hex}"


def _led(value: Any, keys: dict[str, str], patients: set[str], patient: str) -> Any:
    """References lead to what is here; people who are not offered as resources stay as names."""
    if isinstance(value, list):
        return [_led(each, keys, patients, patient) for each in value]
    if not isinstance(value, dict):
        return value
    led = {name: _led(each, keys, patients, patient) for name, each in value.items()}
    reference = led.get("reference")
    if reference in patients:
        led["reference"] = patient
    elif reference in keys:
        led["reference"] = f"{reference.partition('/')[0]}/{keys[reference]}"
    elif isinstance(reference, str):
        del led["reference"]
        led.setdefault("display", "-")
    return led


def _moment(resource: Json) -> datetime | None:
    """When it was said, for whoever asks what is new."""
    said = (resource.get(name) for name in SAID_ON)
    return next((datetime.fromisoformat(each) for each in said if isinstance(each, str) and "T" in each), None)
