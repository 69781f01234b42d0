"""Calling the stewards to a subject on which they may sit."""

from datetime import datetime

from clearpath.parties.queries import steward_ids
from clearpath.turns.models import Seat
from clearpath.turns.step import take_seats, tell_also
from clearpath.turns.subject import Subject


def steward_seats() -> list[Seat]:
    """A seat for each steward, not taken yet."""
    return [Seat(position="steward", role="steward", organisation_id=key) for key in steward_ids()]


def call_stewards(subject: Subject, *, at: datetime) -> None:
    """Within a step: the stewards take their seat where it is still empty, and are told."""
    seated = Seat.objects.filter(subject_id=subject.pk, role="steward", ended_at=None)
    there = set(seated.values_list("organisation_id", flat=True))
    take_seats(subject, [seat for seat in steward_seats() if seat.organisation_id not in there], at=at)
    tell_also("steward")
