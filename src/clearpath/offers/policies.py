"""Whether something may be done with an offer now, beyond the charter. Pure functions."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection
from clearpath.offers.models import Offer


def why_not_withdraw(offer: Offer, provider_id: UUID | None) -> Objection | None:
    if offer.provider_id != provider_id:
        return Objection("not_your_offer", _("Only who made the offer can withdraw it."))
    return why_not_open(offer)


def why_not_open(offer: Offer) -> Objection | None:
    if offer.state != Offer.State.SENT:
        return Objection("offer_not_open", _("This offer is not waiting for an answer."))
    return None


def why_not_accept(offer: Offer, *, at: datetime) -> Objection | None:
    not_open = why_not_open(offer)
    if not_open is not None:
        return not_open
    if offer.valid_until <= at:
        return Objection("offer_expired", _("This offer has expired. Ask for a new one."))
    return None


def why_not_accept_revision(offer: Offer, *, at: datetime) -> Objection | None:
    if offer.revises_id is None:
        return Objection("not_a_changed_offer", _("This is not the changed offer."))
    return why_not_accept(offer, at=at)


def why_not_without_reason(reason: str) -> Objection | None:
    if not reason.strip():
        return Objection("reason_needed", _("Say why in a sentence."))
    return None


def why_not_acknowledge(*, is_told: bool) -> Objection | None:
    if not is_told:
        return Objection("nothing_told", _("Nothing was told yet."))
    return None
