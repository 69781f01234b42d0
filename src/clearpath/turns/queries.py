"""Reads about tasks, seats, hand-offs, messages, notices and the timeline; always scoped to the actor."""

from dataclasses import dataclass
from uuid import UUID

from clearpath.turns.models import Appointment, Seat


@dataclass(frozen=True, slots=True)
class PersonalRole:
    """A role in which a person takes part without an organisation."""

    role: str
    for_person_id: UUID | None = None


def personal_roles(person_id: UUID) -> list[PersonalRole]:
    """Patient or home doctor by their own seat, or patient by appointment; the own ones first."""
    own = Seat.objects.filter(person_id=person_id, organisation=None, ended_at=None).values_list("role", flat=True)
    appointed = Appointment.objects.filter(person_id=person_id, revoked_at=None).values_list("by_person_id", flat=True)
    return [
        *(PersonalRole(role) for role in sorted(set(own))),
        *(PersonalRole("patient", patient) for patient in sorted(set(appointed))),
    ]
