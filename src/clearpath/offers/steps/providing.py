"""What a provider does: offer, change, withdraw, decline, cancel, admit."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Objection, Refused, refuse_if
from clearpath.offers import policies
from clearpath.offers.models import Admission, Offer, OfferItem, RequestDeclined
from clearpath.offers.policies import Item
from clearpath.offers.steps.ending import end
from clearpath.turns.models import Lane
from clearpath.turns.step import remember, step
from clearpath.turns.subject import Subject


@step("offers.make")
def make(
    journey: Subject,
    *,
    items: Sequence[tuple[str, int]],
    currency: str,
    stay_nights: int,
    valid_until: datetime,
    includes: str = "",
    excludes: str = "",
    lane: Lane | None = None,
    by: Actor,
) -> Offer:
    """Offer the treatment at an itemised price; an open offer of the same provider is replaced by it.

    `items`: what for, and how much in minor units of `currency`; their sum is the price.
    Refused: items_needed, price_not_positive, no_such_currency, stay_out_of_range, validity_too_short.
    """
    assert lane is not None  # noqa: S101 - a provider's step is about a lane
    end(Offer.objects.filter(lane=lane, state=Offer.State.SENT), Offer.State.SUPERSEDED, by)
    return _send(journey, lane, items, currency, stay_nights, valid_until, includes, excludes, by)


@step("offers.revise")
def revise(
    journey: Subject,
    *,
    items: Sequence[tuple[str, int]],
    stay_nights: int,
    valid_until: datetime,
    why: str,
    includes: str = "",
    excludes: str = "",
    lane: Lane | None = None,
    by: Actor,
) -> Offer:
    """Change the accepted price or plan, in the same currency: a new offer, which needs a new yes.

    Refused: reason_needed, no_accepted_offer, and as `make`.
    """
    assert lane is not None  # noqa: S101 - a provider's step is about a lane
    refuse_if(policies.why_not_without_reason(why))
    old = Offer.objects.filter(lane=lane, state=Offer.State.ACCEPTED).first()
    if old is None:
        raise Refused(Objection("no_accepted_offer", _("The patient has accepted no offer of yours.")))
    end(Offer.objects.filter(pk=old.pk), Offer.State.SUPERSEDED, by, why=why)
    terms = (items, old.currency, stay_nights, valid_until, includes, excludes)
    return _send(journey, lane, *terms, by, revises=old, why=why)


def _send(
    journey: Subject,
    lane: Lane,
    items: Sequence[tuple[str, int]],
    currency: str,
    stay_nights: int,
    valid_until: datetime,
    includes: str,
    excludes: str,
    by: Actor,
    *,
    revises: Offer | None = None,
    why: str = "",
) -> Offer:
    lines = [Item(label.strip(), amount) for label, amount in items]
    refuse_if(policies.why_not_price(lines, currency, stay_nights, valid_until, at=by.now))
    total = sum(line.amount_minor for line in lines)
    remember(
        items=[list(line) for line in lines],
        total_minor=total,
        currency=currency,
        stay_nights=stay_nights,
        valid_until=valid_until,
        includes=includes,
        excludes=excludes,
    )
    offer = Offer.objects.create(
        journey_id=journey.pk,
        lane=lane,
        provider_id=cast(UUID, by.organisation_id),
        revises=revises,
        total_minor=total,
        currency=currency,
        stay_nights=stay_nights,
        includes=includes,
        excludes=excludes,
        why_changed=why,
        valid_until=valid_until,
        made_at=by.now,
        made_by_id=cast(UUID, by.person_id),
    )
    OfferItem.objects.bulk_create(
        OfferItem(offer=offer, number=number, label=line.label, amount_minor=line.amount_minor)
        for number, line in enumerate(lines, start=1)
    )
    return offer


@step("offers.withdraw")
def withdraw(journey: Subject, offer: Offer, *, reason: str, by: Actor) -> Offer:
    """Take an offer back before it is accepted. Refused: not_your_offer, offer_not_open, reason_needed."""
    refuse_if(policies.why_not_withdraw(offer, by.organisation_id))
    refuse_if(policies.why_not_without_reason(reason))
    end(Offer.objects.filter(journey_id=journey.pk, pk=offer.pk), Offer.State.WITHDRAWN, by, why=reason)
    remember(offer=offer.pk, reason=reason)
    offer.refresh_from_db()
    return offer


@step("offers.decline_request")
def decline_request(journey: Subject, *, reason: str, lane: Lane | None = None, by: Actor) -> RequestDeclined:
    """Say that there will be no offer. Refused: reason_needed."""
    refuse_if(policies.why_not_without_reason(reason))
    assert lane is not None  # noqa: S101 - a provider's step is about a lane
    remember(reason=reason)
    return RequestDeclined.objects.create(
        journey_id=journey.pk, lane=lane, provider_id=cast(UUID, by.organisation_id), reason=reason, declined_at=by.now
    )


@step("offers.cancel")
def cancel(journey: Subject, *, reason: str, lane: Lane | None = None, by: Actor) -> list[Offer]:
    """Cancel the treatment that was accepted; what is owed is then put in order. Refused: reason_needed."""
    refuse_if(policies.why_not_without_reason(reason))
    remember(reason=reason)
    mine = Offer.objects.filter(lane=lane, provider_id=cast(UUID, by.organisation_id), ended_at=None)
    cancelled = list(mine.order_by("pk").values_list("pk", flat=True))
    end(mine, Offer.State.WITHDRAWN, by, why=reason)
    return list(Offer.objects.filter(pk__in=cancelled).order_by("pk"))


@step("offers.admit")
def admit(journey: Subject, *, hospital_number: str = "", lane: Lane | None = None, by: Actor) -> Admission:
    """Take the patient into the hospital."""
    assert lane is not None  # noqa: S101 - a provider's step is about a lane
    remember(hospital_number=hospital_number)
    return Admission.objects.create(
        journey_id=journey.pk, lane=lane, admitted_at=by.now, hospital_number=hospital_number
    )
