"""A provider's own packages and sites, from which its offers begin."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from clearpath.charter.actor import Actor
from clearpath.offers.models import Capacity, Site, TreatmentPackage


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A package to begin from."""

    id: UUID
    title: str
    procedure: str  # key
    site_id: UUID
    currency: str
    terms: dict[str, Any]


def packages_of(actor: Actor) -> list[PackageRow]:
    """The packages that the actor's own organisation offers now."""
    found = TreatmentPackage.objects.filter(
        service__provider_id=actor.organisation_id, retired_at=None, service__retired_at=None
    ).select_related("service")
    return [
        PackageRow(each.pk, each.title, each.service.procedure, each.service.site_id, each.currency, each.terms)
        for each in found.order_by("title", "pk")
    ]


def begin_address(journey_id: UUID, package_id: UUID, lane_id: UUID | None) -> str:
    """Where an offer begins from a package."""
    begun = {"package": package_id} | ({"lane": lane_id} if lane_id else {})
    return f"{reverse('turns:take', args=['journey', journey_id, 'offers.make'])}?{urlencode(begun)}"


def sites_of(actor: Actor) -> QuerySet[Site]:
    """Where the actor's own organisation treats now."""
    return Site.objects.filter(provider_id=actor.organisation_id, retired_at=None).order_by("name", "pk")


def weeks_of(actor: Actor, *, since: date, weeks: int) -> list[tuple[date, str, int]]:
    """Monday, site and places of the weeks to come, as the organisation keeps them."""
    found = Capacity.objects.filter(site__provider_id=actor.organisation_id, site__retired_at=None, week__gte=since)
    rows = found.order_by("week", "site__name", "pk").values_list("week", "site__name", "places")
    mondays = sorted({week for week, _site, _places in rows})[:weeks]
    return [row for row in rows if row[0] in mondays]
