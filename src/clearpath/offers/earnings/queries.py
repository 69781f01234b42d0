"""Who earns what from each offer of a journey; for who may read all that was told, which is the patient."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.html import SafeString
from django.utils.translation import get_language_bidi

from clearpath.agreements.queries import FeeRow
from clearpath.charter.actor import Actor
from clearpath.offers import interests
from clearpath.offers.earnings.flows import Earnings, earnings_of
from clearpath.offers.earnings.grounds import with_ground
from clearpath.offers.earnings.picture import picture
from clearpath.offers.earnings.telling import Line, lines_of
from clearpath.offers.models import Disclosure, Offer
from clearpath.offers.roles import Parties, parties_on
from clearpath.turns.sight import visible
from clearpath.turns.subject import Subject


@dataclass(frozen=True, slots=True)
class OfferEarnings:
    """What one offer brings to whom: the amounts, a sentence for each, and a picture."""

    offer_id: UUID
    provider_id: UUID
    provider: str
    lines: tuple[Line, ...]
    svg: SafeString
    earnings: Earnings


def earnings_for(actor: Actor, journey: Subject) -> list[OfferEarnings]:
    """For each offer that counts, in the order in which offers are shown; nothing for who may not read it all."""
    if actor.role != "patient" or not visible(Disclosure, to=actor).filter(journey_id=journey.pk).exists():
        return []
    offers = visible(Offer, to=actor).filter(journey_id=journey.pk, ended_at=None).order_by("valid_until", "pk")
    return earnings_on(journey, list(offers), at=actor.now)


def earnings_on(journey: Subject, offers: list[Offer], *, at: datetime) -> list[OfferEarnings]:
    """The same for given offers. Not scoped to an actor: the network tells the patient, and keeps what was told."""
    if not offers:
        return []
    known = parties_on(journey)
    fees = interests.fees_on(journey, set(known.roles), at=at)
    return [_of(offer, known, fees) for offer in offers]


def _of(offer: Offer, known: Parties, fees: list[FeeRow]) -> OfferEarnings:
    here = known.beside(offer.lane_id)
    country = known.countries.get(offer.provider_id, "")
    found = earnings_of(
        provider_id=offer.provider_id,
        total_minor=offer.total_minor,
        currency=offer.currency,
        fees=[with_ground(fee) for fee in fees if {fee.payer_id, fee.payee_id} <= here and fee.jurisdiction == country],
        expected=_expected(offer, known, here),
    )
    lines = lines_of(found, known.labels)
    says = " ".join(line.text for line in lines)
    svg = picture(found, known.names, says=says, rtl=get_language_bidi())
    return OfferEarnings(offer.pk, offer.provider_id, known.names.get(offer.provider_id, ""), lines, svg, found)


def _expected(offer: Offer, known: Parties, here: set[UUID]) -> list[tuple[UUID, UUID]]:
    """Who could be paid by whom: of these pairs silence is told as unknown."""
    guides = [key for key in sorted(here, key=str) if known.roles[key] == "facilitator"]
    pairs: list[tuple[UUID, UUID]] = [(offer.provider_id, guide) for guide in guides]
    pairs += [(offer.provider_id, key) for key in sorted(here, key=str) if known.roles[key] == "doctor"]
    pairs += [(guide, key) for guide in guides for key in sorted(here, key=str) if known.roles[key] == "agency"]
    return [(payer, payee) for payer, payee in pairs if payer != payee]

