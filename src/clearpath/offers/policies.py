"""Whether something may be done with an offer now, beyond the charter. Pure functions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection
from clearpath.offers.models import Offer

# No deadline under a day: pressure is a known harm of this trade (the field's notes, sections 3 and 4, stage 6).
SHORTEST_VALIDITY = timedelta(hours=24)
# Three capital letters is what ISO 4217 asks for; which of them are in use the payment will show.
CURRENCY_LETTERS = 3
LONGEST_STAY = 365  # nights


class Item(NamedTuple):
    """One line of a price; the amount in minor units of the offer's currency."""

    label: str
    amount_minor: int


def why_not_price(
    items: Sequence[Item], currency: str, stay_nights: int, valid_until: datetime, *, at: datetime
) -> Objection | None:
    """What any new price must keep to, of a first offer and of a changed one."""
    if not items or not all(item.label.strip() for item in items):
        return Objection("items_needed", _("Say line by line what the price is for."))
    if any(item.amount_minor < 0 for item in items) or sum(item.amount_minor for item in items) == 0:
        return Objection("price_not_positive", _("Every amount is zero or more, and the whole is more than zero."))
    if len(currency) != CURRENCY_LETTERS or not (currency.isascii() and currency.isalpha() and currency.isupper()):
        return Objection("no_such_currency", _("Write the currency as three capital letters, such as EUR."))
    if not 0 <= stay_nights <= LONGEST_STAY:
        return Objection("stay_out_of_range", _("Say how many nights in the hospital are included, from 0 to 365."))
    if valid_until < at + SHORTEST_VALIDITY:
        return Objection("validity_too_short", _("An offer is valid for at least 24 hours, so that nobody is pressed."))
    return None


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
