"""How whole a provider's entry is: what a patient asks for first, and whether it is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clearpath.offers.models import Capacity, Practitioner, Service, Site, TreatmentPackage

PRICED_WITHIN = timedelta(days=365)
ROOM_WITHIN = timedelta(weeks=8)

PARTS: Mapping[str, Any] = {
    "site": _("A place where patients are treated"),
    "doctor": _("A doctor with a licence"),
    "service": _("What is done, with a price"),
    "priced_lately": _("A price of the last twelve months"),
    "includes": _("What the price includes"),
    "package": _("A package"),
    "capacity": _("Room in the next eight weeks"),
}


@dataclass(frozen=True, slots=True)
class Wholeness:
    """`lacks` holds keys of PARTS."""

    lacks: tuple[str, ...]

    @property
    def completeness(self) -> float:
        return 1 - len(self.lacks) / len(PARTS)


def missing_parts(keys: set[UUID], *, today: date) -> dict[UUID, Wholeness]:
    """What the entry of each provider lacks. One query a part."""
    service = Service.objects.filter(provider_id__in=keys, retired_at=None)
    doctors = Practitioner.objects.filter(provider_id__in=keys, retired_at=None)
    room = Capacity.objects.filter(
        site__provider_id__in=keys, places__gt=0, week__gte=today - timedelta(days=6), week__lte=today + ROOM_WITHIN
    )
    packages = TreatmentPackage.objects.filter(service__provider_id__in=keys, retired_at=None)
    there = {
        "site": _who(Site.objects.filter(provider_id__in=keys, retired_at=None)),
        "doctor": _who(doctors.exclude(licence="")),
        "service": _who(service),
        "priced_lately": _who(service.filter(priced_on__gte=today - PRICED_WITHIN)),
        "includes": _who(service.exclude(includes="")),
        "package": _who(packages, "service__provider_id"),
        "capacity": _who(room, "site__provider_id"),
    }
    return {key: Wholeness(tuple(part for part in PARTS if key not in there[part])) for key in keys}


def _who(found: QuerySet[Any], path: str = "provider_id") -> set[UUID]:
    return set(found.order_by().values_list(path, flat=True).distinct())
