"""What a provider does: offer, change, withdraw, decline, cancel, admit."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import NamedTuple, cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clearpath.agreements import queries as agreements
from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Objection, Refused, refuse_if
from clearpath.offers import policies, pricing
from clearpath.offers.earnings.queries import fees_beneath
from clearpath.offers.lines import NO_PLAN, Line, Plan, line_of, rows_of, total_of
from clearpath.offers.models import Admission, Offer, OfferItem, RequestDeclined, Site, TreatmentPackage
from clearpath.offers.steps.ending import end
from clearpath.turns.models import Lane
from clearpath.turns.step import remember, step
from clearpath.turns.subject import Subject

Given = Sequence[tuple[str, int] | Line]  # a pair is a line that is included, of no kind of its own


@step("offers.make")
def make(
    journey: Subject,
    *,
    items: Given,
    currency: str,
    stay_nights: int,
    valid_until: datetime,
    includes: str = "",
    excludes: str = "",
    plan: Plan = NO_PLAN,
    lane: Lane | None = None,
    by: Actor,
) -> Offer:
    """Offer the treatment at an itemised price; an open offer of the same provider is replaced by it.

    `items`: the lines, in minor units of `currency`; the sum of those that are included is the price.
    Refused: items_needed, price_not_positive, no_such_kind, no_such_standing, tax_out_of_range, maker_needed,
    no_such_currency, stay_out_of_range, validity_too_short, deposit_above_price, nobody_pays, starts_in_the_past,
    flies_too_early, refund_out_of_range, refund_said_twice, refund_falls_with_notice, refund_table_needed,
    aftercare_out_of_range, not_your_site, not_your_package, fee_forbidden, fee_over_cap, fee_of_unknown_law.
    """
    assert lane is not None  # noqa: S101 - a provider's step is about a lane
    end(Offer.objects.filter(lane=lane, state=Offer.State.SENT), Offer.State.SUPERSEDED, by)
    return _send(Priced(items, currency, stay_nights, valid_until, includes, excludes), plan, journey, lane, by)


@step("offers.revise")
def revise(
    journey: Subject,
    *,
    items: Given,
    stay_nights: int,
    valid_until: datetime,
    why: str,
    includes: str = "",
    excludes: str = "",
    plan: Plan = NO_PLAN,
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
    priced = Priced(items, old.currency, stay_nights, valid_until, includes, excludes)
    return _send(priced, plan, journey, lane, by, revises=old, why=why)


class Priced(NamedTuple):
    """What an offer costs and covers, as it was given."""

    items: Given
    currency: str
    stay_nights: int
    valid_until: datetime
    includes: str
    excludes: str


def _send(
    priced: Priced,
    plan: Plan,
    journey: Subject,
    lane: Lane,
    by: Actor,
    *,
    revises: Offer | None = None,
    why: str = "",
) -> Offer:
    lines = [line_of(given) for given in priced.items]
    total = total_of(lines)
    refuse_if(pricing.why_not_price(lines, priced.currency, priced.stay_nights, priced.valid_until, at=by.now))
    refuse_if(pricing.why_not_plan(plan, total_minor=total, stay_nights=priced.stay_nights, at=by.now))
    refuse_if(_why_not_own(plan, by))
    fees = fees_beneath(journey, lane.pk, cast(UUID, by.organisation_id), at=by.now)
    refuse_if(agreements.why_not_pay(fees, price_minor=total, currency=priced.currency))
    told = asdict(plan) | {"refunds": rows_of(plan.refunds), "aftercare": rows_of(plan.aftercare)}
    terms = {name: value for name, value in priced._asdict().items() if name != "items"} | {"total_minor": total}
    remember(items=[asdict(line) for line in lines], **terms, **told)
    offer = Offer.objects.create(
        journey_id=journey.pk,
        lane=lane,
        provider_id=cast(UUID, by.organisation_id),
        revises=revises,
        why_changed=why,
        made_at=by.now,
        made_by_id=cast(UUID, by.person_id),
        **terms,
        **told,
    )
    OfferItem.objects.bulk_create(
        OfferItem(offer=offer, number=number, **asdict(line)) for number, line in enumerate(lines, start=1)
    )
    return offer


def _why_not_own(plan: Plan, by: Actor) -> Objection | None:
    """A hospital offers at its own sites, from its own packages."""
    provider = by.organisation_id
    if plan.site_id and not Site.objects.filter(pk=plan.site_id, provider_id=provider, retired_at=None).exists():
        return Objection("not_your_site", _("This is no place where you treat."))
    own = TreatmentPackage.objects.filter(service__provider_id=provider)
    if plan.package_id and not own.filter(pk=plan.package_id).exists():
        return Objection("not_your_package", _("This is no package of yours."))
    return None


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
