"""What offers learn from the treatment: who was treated is in the denominator from that day on."""

from datetime import date
from typing import Any
from uuid import UUID

from django.dispatch import receiver
from django.utils import timezone

from clearpath.offers.models import Outcome
from clearpath.offers.outcomes import note_outcome
from clearpath.records import signals
from clearpath.turns.queries import any_subject


@receiver(signals.treated)
def count_treated(*, journey_id: UUID, treated_on: date, **_more: Any) -> None:
    journey = any_subject("journey", journey_id)
    note_outcome(journey, Outcome.State.WAITING, at=timezone.now(), treated_on=treated_on)


@receiver(signals.readmitted)
def count_readmitted(*, journey_id: UUID, **_more: Any) -> None:
    note_outcome(any_subject("journey", journey_id), Outcome.State.COMPLICATION, at=timezone.now())
