"""Who has no tie to the first doctor, and may give a second opinion."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection
from clearpath.parties import queries as parties
from clearpath.turns.models import Seat
from clearpath.turns.subject import Subject


def tied_to_the_first(journey: Subject, organisation_id: UUID | None, person_id: UUID | None = None) -> bool:
    """Whether somebody is, works for, or has a tie to a doctor or provider who was ever asked on the journey."""
    seats = Seat.objects.filter(subject_id=journey.pk, role__in=["doctor", "provider"])
    asked = {key for key in seats.values_list("organisation_id", flat=True) if key}
    own = ({organisation_id} if organisation_id else set()) | parties.workplaces_of(person_id)
    return any(key in asked or asked & _tied_to(key) for key in own)


def _tied_to(organisation_id: UUID) -> set[UUID]:
    pairs = parties.ties_of(organisation_id).values_list("first_id", "second_id")
    return {key for pair in pairs for key in pair} - {organisation_id}


def why_not_sit(organisation_id: UUID | None, person_id: UUID | None, role: str, subject: Subject) -> Objection | None:
    """Answers the hook `also_why_not_seat`: a second doctor has no tie to the first."""
    if role != "second_doctor" or subject.kind != "journey":
        return None
    if tied_to_the_first(subject, organisation_id, person_id):
        return Objection(
            "second_doctor_is_tied",
            _("A second opinion comes from somebody without a tie to a doctor or hospital here."),
        )
    return None
