"""Which hospitals are asked for a patient, why these, and what the guide has to do with each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.journeys import queries as journeys
from clearpath.offers import interests
from clearpath.offers.interests import Found
from clearpath.offers.wording import sentence
from clearpath.parties import queries as parties
from clearpath.turns.models import Seat
from clearpath.turns.subject import Subject

READERS = ("patient", "facilitator")


@dataclass(frozen=True, slots=True)
class AskedHospital:
    """One hospital with its doctor, and every tie and fee between them and the guide."""

    provider: str
    doctor: str
    ties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskedRow:
    """Whom the guide asked at one moment, and why."""

    hospitals: tuple[AskedHospital, ...]
    why: str
    why_fewer: str
    sent_at: datetime


def asked_rows_for(actor: Actor, journey: Subject) -> list[AskedRow]:
    """Every list that went out, newest first, as far as the actor may see it."""
    sent = journeys.sending_rows_for(actor, journey)
    if not sent:
        return []
    guides = _guides(journey)
    pairs = [pair for row in sent for pair in row.asked]
    roles = dict.fromkeys(guides, "facilitator")
    roles |= {doctor: "doctor" for _provider, doctor in pairs} | {provider: "provider" for provider, _doctor in pairs}
    names = parties.names_of({*guides, *(key for pair in pairs for key in pair)})
    found = interests.between(journey, set(names), at=actor.now)

    def hospital(provider: UUID, doctor: UUID) -> AskedHospital:
        here = {provider, doctor, *guides}
        about = [each for each in found if {each.first_id, each.second_id} <= here and each.touches(provider, doctor)]
        return AskedHospital(names.get(provider, ""), names.get(doctor, ""), _sentences(about, names, roles))

    return [AskedRow(tuple(hospital(*pair) for pair in row.asked), row.why, row.why_fewer, row.sent_at) for row in sent]


def ties_of_guide_for(actor: Actor, journey: Subject) -> tuple[str, ...] | None:
    """What the guide has to do with any hospital or doctor of the network; None for who is not to read it."""
    if actor.role not in READERS or not journeys.journeys_for(actor).filter(pk=journey.pk).exists():
        return None
    roles = {party.id: role for role in ("doctor", "provider") for party in parties.verified_with(role)}
    found = interests.of_guide(journey, set(roles), at=actor.now)
    roles |= dict.fromkeys(_guides(journey), "facilitator")
    names = parties.names_of(key for each in found for key in (each.first_id, each.second_id))
    return _sentences(found, names, roles)


def _guides(journey: Subject) -> set[UUID]:
    seats = Seat.objects.filter(subject_id=journey.pk, role="facilitator", held_since__isnull=False, ended_at=None)
    return {key for key in seats.values_list("organisation_id", flat=True) if key}


def _sentences(found: list[Found], names: Mapping[UUID, str], roles: Mapping[UUID, str]) -> tuple[str, ...]:
    return tuple(sentence(each, names, roles) for each in found)
