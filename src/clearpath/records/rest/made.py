"""Resources made for the reader from what the network keeps itself: Patient, Consent, AuditEvent."""

import base64
import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound
from clearpath.journeys import queries as journeys
from clearpath.parties import queries as parties
from clearpath.records import fhir
from clearpath.records.fhir.facts import Traveller
from clearpath.records.index.made_of import ROLES, instant
from clearpath.records.rest.call import Served, dumped
from clearpath.records.rest.queries import as_key, no_such
from clearpath.trust import log
from clearpath.turns.history import timeline_of
from clearpath.turns.sight import shown

if TYPE_CHECKING:
    from clearpath.journeys.models import Consent, Journey

Json = dict[str, Any]

JOURNEY, PARTY, STEP, DATA_CLASS = (f"urn:clearpath:{name}" for name in ("journey", "party", "step", "data-class"))
SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
AUDIT_TYPE = "http://terminology.hl7.org/CodeSystem/audit-event-type"
PURPOSES = {"care": "TREAT", "coordination": "COC", "aftercare": "TREAT"}
MOST_ENTRIES = 1000  # of one journey's log, newest first


def made(actor: Actor, type_name: str, *, journey_id: UUID | None) -> Iterator[Served]:
    """Every resource of a type that the actor may see, of one journey or of all."""
    return MAKERS[type_name](actor, journey_id)


def made_one(actor: Actor, type_name: str, key: str) -> Served:
    """Raises NotFound."""
    journey_id = journey_in(type_name, key)
    if type_name != "Consent" and journey_id is None:
        raise NotFound(no_such())
    found = next((each for each in made(actor, type_name, journey_id=journey_id) if each.key == key), None)
    if found is None:
        raise NotFound(no_such())
    return found


def journey_in(type_name: str, key: str) -> UUID | None:
    """The journey that the key of a patient, or of an entry of the log, tells."""
    if type_name == "AuditEvent":
        return as_key(key.rpartition("-")[0])
    return as_key(key) if type_name == "Patient" else None


def _patients(actor: Actor, journey_id: UUID | None) -> Iterator[Served]:
    found = journeys.journeys_for(actor)
    for journey in found.filter(pk=journey_id) if journey_id else found:
        seen = shown(journey, to=actor)
        if seen.patient_name:
            yield served_now(patient_to_fhir(journey, seen), journey.opened_at, journey.pk)


def _consents(actor: Actor, journey_id: UUID | None) -> Iterator[Served]:
    found = journeys.consents_for(actor)
    found = found.filter(journey_id=journey_id) if journey_id else found
    rows = [each for each in found if shown(each, to=actor).given_at]
    names = parties.names_of({each.recipient_key for each in rows})
    for consent in rows:
        name = names.get(consent.recipient_key, "")
        at = consent.withdrawn_at or consent.given_at
        yield served_now(consent_to_fhir(consent, name), at, consent.journey_id, is_clinical=False)


def _audit_events(actor: Actor, journey_id: UUID | None) -> Iterator[Served]:
    """What concerns the actor's role, and everything that their own organisation did, read or was refused."""
    if journey_id is None:
        return
    try:
        journey = journeys.journey_for(actor, journey_id)
    except NotFound:
        return
    concerned = {each.number for each in timeline_of(actor, journey, limit=MOST_ENTRIES)}
    entries = log.entries_of(journey.pk).order_by("-number")[:MOST_ENTRIES]
    mine = [each for each in entries if each.number in concerned or each.organisation_id == actor.organisation_id]
    names = parties.names_of({each.organisation_id for each in mine})
    for entry in mine:
        organisation = names.get(entry.organisation_id, "") if entry.organisation_id else ""
        yield served_now(entry_to_fhir(entry, organisation), entry.at, journey.pk, is_clinical=False)


MAKERS: dict[str, Callable[[Actor, UUID | None], Iterator[Served]]] = {
    "Patient": _patients,
    "Consent": _consents,
    "AuditEvent": _audit_events,
}


def patient_to_fhir(journey: "Journey", seen: Any) -> Json:
    """The patient of one journey, as far as `seen` shows them."""
    traveller = Traveller(
        journey.pk,
        str(seen.patient_name),
        born_on=seen.born_on or None,
        country=str(seen.country),
        language=str(seen.language),
        email=str(seen.email),
        phone=str(seen.phone),
    )
    return fhir.patient_to_fhir(traveller) | {"identifier": [{"system": JOURNEY, "value": str(seen.reference)}]}


def consent_to_fhir(consent: "Consent", recipient: str) -> Json:
    """The patient's yes to one recipient; the charter is the policy that it is given under."""
    period = {"start": instant(consent.given_at)}
    if consent.withdrawn_at:
        period["end"] = instant(consent.withdrawn_at)
    who = {"identifier": {"system": PARTY, "value": str(consent.recipient_key)}, "display": recipient or "-"}
    attachment = {
        "contentType": "text/plain; charset=utf-8",
        "language": consent.language,
        "data": base64.b64encode(consent.wording.encode()).decode(),
    }
    return {
        "resourceType": "Consent",
        "id": str(consent.pk),
        "status": "inactive" if consent.withdrawn_at else "active",
        "scope": {"coding": [{"system": SCOPE, "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0", "display": "Consent Document"}]}],
        "patient": {"reference": f"Patient/{consent.journey_id}"},
        "dateTime": instant(consent.given_at),
        "sourceAttachment": attachment,
        "policyRule": {"text": "The charter of the network: only who the patient agreed to sees this class of data."},
        "provision": {
            "type": "permit",
            "period": period,
            "actor": [{"role": {"coding": [{"system": PARTICIPATION, "code": "IRCP"}]}, "reference": who}],
            "purpose": [{"system": REASON, "code": PURPOSES.get(consent.purpose, "TREAT")}],
            "class": [{"system": DATA_CLASS, "code": consent.data_class}],
        },
    }


def entry_to_fhir(entry: log.Entry, organisation: str) -> Json:
    """One entry of the log: never content, as the log holds none."""
    action = "R" if entry.decision == "read" else "C" if entry.step == "records.add" else "E"
    agent: Json = {
        "requestor": True,
        "role": [{"coding": [{"system": ROLES, "code": entry.role}]}],
        "name": organisation or entry.role,
    }
    if entry.organisation_id:
        agent["who"] = {"identifier": {"system": PARTY, "value": str(entry.organisation_id)}, "display": organisation}
    return {
        "resourceType": "AuditEvent",
        "id": f"{entry.chain}-{entry.number}",
        "type": {"system": AUDIT_TYPE, "code": "rest", "display": "RESTful Operation"},
        "subtype": [{"system": STEP, "code": entry.step}],
        "action": action,
        "recorded": instant(entry.at),
        "outcome": "4" if entry.decision == "refused" else "0",
        **({"outcomeDesc": entry.reason} if entry.reason else {}),
        "agent": [agent],
        "source": {"observer": {"display": "Clearpath"}},
        "entity": [{"what": {"reference": f"Patient/{entry.chain}"}}],
    }


def served_now(resource: Json, at: datetime, journey_id: UUID, *, is_clinical: bool = True) -> Served:
    """Its version is the hash of what it says: it changes when that does, and is kept nowhere."""
    version = hashlib.sha256(dumped(resource)).hexdigest()[:16]
    head = {"resourceType": resource["resourceType"], "id": resource["id"]}
    meta = {"versionId": version, "lastUpdated": instant(at)}
    text = dumped({**head, "meta": meta, **resource}).decode()
    return Served(resource["resourceType"], resource["id"], version, at, text, journey_id, is_clinical=is_clinical)
