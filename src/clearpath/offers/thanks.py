"""What a hospital reads whose offer was not chosen: in its own language, and without the patient's reasons."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.offers.models import Offer
from clearpath.turns.sight import shown, visible

THANKS = _(
    "Thank you for your offer and your time. The patient chose another hospital. This says nothing about your work."
)
LATEST = 50


@dataclass(frozen=True, slots=True)
class NotChosen:
    """An offer that ended because the patient chose another."""

    made_at: datetime
    ended_at: datetime
    total_minor: int
    currency: str
    thanks: Any


def thanks_of(state: str) -> Any:
    """The words for an offer that ended because another was chosen; empty for any other."""
    return THANKS if state == Offer.State.DECLINED else ""


def not_chosen_for(actor: Actor) -> list[NotChosen]:
    """The actor's own offers that were not chosen, newest first."""
    found = visible(Offer, to=actor).filter(provider_id=actor.organisation_id, state=Offer.State.DECLINED)
    rows = [shown(offer, to=actor) for offer in found.order_by("-ended_at", "pk")[:LATEST]]
    return [NotChosen(row.made_at, row.ended_at, row.total_minor, row.currency, THANKS) for row in rows]
