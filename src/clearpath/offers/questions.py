"""What the network asks of a journey before it tells who earns what."""

from datetime import datetime
from typing import Any

from clearpath.offers import interests
from clearpath.offers.models import Disclosure, Offer
from clearpath.turns.hooks import question


@question("interests_are_known")
def interests_are_known(journey: Any, _at: datetime) -> bool:
    """Whether an offer stands of which it was not told yet who earns what from it."""
    return Offer.objects.filter(journey_id=journey.pk, ended_at=None, disclosure=None).exists()


@question("a_new_tie_is_found")
def a_new_tie_is_found(journey: Any, at: datetime) -> bool:
    """Whether a tie, a role or a fee holds now, new or changed, that the last disclosure did not tell."""
    if "interests_disclosed" not in journey.facts:
        return False
    last = Disclosure.objects.filter(journey_id=journey.pk).order_by("-pk").first()
    return last is not None and bool(interests.found_on(journey, at=at) - interests.told_in(last))
