"""What became of each treated patient. Everybody treated counts: who is lost to follow-up stays in the denominator."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from clearpath.offers.directory.cells import folded
from clearpath.offers.directory.procedures import procedure_names
from clearpath.offers.models import Offer, Outcome
from clearpath.records.summary.papers import procedures_in
from clearpath.records.treated import last_treatment
from clearpath.turns.models import Seat
from clearpath.turns.subject import Subject

# What is known is never made better by what is told later: a complication stays one when the patient feels well again.
STRENGTH: Mapping[str, int] = {
    Outcome.State.WAITING: 0,
    Outcome.State.LOST: 0,
    Outcome.State.WELL: 1,
    Outcome.State.NOT_BETTER: 1,
    Outcome.State.COMPLICATION: 2,
    Outcome.State.DIED: 3,
}


def note_outcome(journey: Subject, state: str, *, at: datetime, treated_on: date | None = None) -> Outcome | None:
    """Note what is now known of the patient; None where nobody was treated yet. Said again, it changes nothing.

    `state`: waiting, well, not_better, complication, lost or died. Called by who learns it: treatment, aftercare.
    """
    if state not in STRENGTH:
        raise ValueError(f"{state!r} is no outcome: use one of {', '.join(STRENGTH)}")
    outcome = Outcome.objects.filter(journey_id=journey.pk).first() or _begun(journey, at, treated_on)
    if outcome is None:
        return None
    if state != outcome.state and STRENGTH[state] >= STRENGTH[outcome.state]:
        outcome.state, outcome.noted_at = state, at
        outcome.save(update_fields=["state", "noted_at"])
    return outcome


def recovered(journey_ids: Iterable[UUID]) -> set[UUID]:
    """Of these journeys those whose patient recovered as planned. Not scoped: the network counts by it."""
    found = Outcome.objects.filter(journey_id__in=list(journey_ids), state=Outcome.State.WELL)
    return set(found.values_list("journey_id", flat=True))


def after_treatment(journey_ids: Iterable[UUID]) -> dict[UUID, tuple[date, datetime | None]]:
    """Of these journeys those whose patient was treated: on which day, and since when known to have recovered.

    Not scoped: the network counts by it.
    """
    found = Outcome.objects.filter(journey_id__in=list(journey_ids))
    rows = found.values_list("journey_id", "treated_on", "state", "noted_at")
    return {key: (day, at if state == Outcome.State.WELL else None) for key, day, state, at in rows}


def _begun(journey: Subject, at: datetime, treated_on: date | None) -> Outcome | None:
    """The row of somebody who was treated: by whom, for what, and when."""
    if treated_on is None:
        treatment = last_treatment(journey.pk)
        treated_on = (treatment.happened_on or at.date()) if treatment is not None else None
    provider_id = _who_treats(journey.pk)
    if treated_on is None or provider_id is None:
        return None
    outcome, _new = Outcome.objects.get_or_create(
        journey_id=journey.pk,
        defaults={
            "provider_id": provider_id,
            "procedure": procedure_of(journey),
            "treated_on": treated_on,
            "noted_at": at,
        },
    )
    return outcome


def _chosen(journey_id: UUID) -> Offer | None:
    """The offer that was accepted last, whether or not a changed price has replaced it."""
    found = Offer.objects.filter(journey_id=journey_id, accepted_at__isnull=False)
    return found.order_by(F("accepted_at").desc(), "-pk").first()


def _who_treats(journey_id: UUID) -> UUID | None:
    offer = _chosen(journey_id)
    if offer is not None:
        return offer.provider_id
    seats = Seat.objects.filter(subject_id=journey_id, role="provider", held_since__isnull=False, ended_at=None)
    return seats.order_by("-pk").values_list("organisation_id", flat=True).first()


def procedure_of(journey: Any) -> str:
    """The procedure's key: that of the package from which the offer was built, else the one the patient named."""
    offer = _chosen(journey.pk)
    if offer is not None and offer.package is not None:
        return offer.package.service.procedure
    asked_for = str(getattr(journey, "procedure", "") or "")
    known = procedure_names().get(folded(asked_for))
    named = (known,) if known else procedures_in(asked_for)
    return named[0] if len(named) == 1 else ""
