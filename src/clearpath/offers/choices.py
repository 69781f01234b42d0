"""What the patient has seen of the offers, and when each can be accepted."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.offers.cooling_off import possible_from
from clearpath.offers.models import ComparisonSeen, Offer
from clearpath.turns.subject import Subject


def note_comparison_seen(journey: Subject, offers: Iterable[Any], by: Actor) -> None:
    """Note that the patient now sees these offers (rows or keys) side by side; the first time counts.

    Whoever else looks leaves nothing, and so does an offer that waits for no answer.
    """
    if by.role != "patient" or journey.about_id != by.stands_for:
        return
    keys = {key if isinstance(key, UUID) else key.id for key in offers}
    new = Offer.objects.filter(journey_id=journey.pk, pk__in=keys, state=Offer.State.SENT, seen=None)
    seen = [
        ComparisonSeen(offer_id=key, journey_id=journey.pk, seen_at=by.now, seen_by_id=by.somebody)
        for key in new.values_list("pk", flat=True)
    ]
    if seen:  # two tabs may see it at once: the first is kept
        ComparisonSeen.objects.bulk_create(seen, ignore_conflicts=True)


def seen_at(offer: Offer) -> datetime | None:
    """When the patient first saw this offer beside the others."""
    return ComparisonSeen.objects.filter(offer_id=offer.pk).values_list("seen_at", flat=True).first()


def choosable_from(offers: Iterable[Offer]) -> dict[UUID, datetime]:
    """From when each offer can be accepted; those that were not compared yet are left out."""
    seen = ComparisonSeen.objects.filter(offer__in=list(offers)).values_list("offer_id", "seen_at")
    return {key: possible_from(at) for key, at in seen}
