"""How an offer ends; what several steps share."""

from django.db.models import QuerySet

from clearpath.charter.actor import Actor
from clearpath.offers.models import Offer


def end(offers: QuerySet[Offer], state: Offer.State, by: Actor, *, why: str = "") -> None:
    """End these offers. Called inside a step."""
    for offer in offers:
        offer.state, offer.ended_at, offer.why_ended = state, by.now, why
        offer.save(update_fields=["state", "ended_at", "why_ended"])
