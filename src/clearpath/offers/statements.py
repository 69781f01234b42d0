"""Everything that is told to a patient about who earns what, as one plain text: what is confirmed is kept."""

import hashlib
from datetime import datetime

from django.utils import translation

from clearpath.offers import queries
from clearpath.offers.earnings.queries import earnings_on
from clearpath.offers.models import Offer
from clearpath.turns.subject import Subject


def statement_on(journey: Subject, *, language: str, at: datetime) -> str:
    """The register of ties and fees, then each offer with its amounts, as they stand now."""
    offers = list(Offer.objects.filter(journey_id=journey.pk, ended_at=None).order_by("valid_until", "pk"))
    with translation.override(language):
        told = queries.lines_told(journey) or (str(queries.NOTHING_KNOWN),)
        earnings = earnings_on(journey, offers, at=at)
        each = ["\n".join([one.provider, *(line.whole for line in one.lines)]) for one in earnings]
    return "\n\n".join(["\n".join(told), *each])


def digest_of(text: str) -> str:
    """By which two statements are told apart."""
    return hashlib.sha256(text.encode()).hexdigest()
