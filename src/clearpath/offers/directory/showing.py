"""A provider as everybody on the network may see it: what it does, who treats, evidence, outcomes, reviews."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.offers.directory.facts import ProviderFacts, Results, facts_of
from clearpath.offers.directory.procedures import procedure_name
from clearpath.offers.directory.wholeness import PARTS
from clearpath.offers.models import Capacity, Practitioner, Review, Service, Site, TreatmentPackage
from clearpath.parties import queries as parties
from clearpath.parties.queries import Party
from clearpath.turns import charters

SERVICES_A_PAGE, REVIEWS_SHOWN, WEEKS = 25, 20, 8
ALL_TOGETHER = _("All treatments together")


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service as a patient reads it. Prices in minor units of `currency`."""

    reference: str
    title: str
    procedure: str
    site: str
    includes: str
    stay_nights: int
    recovery_days: int
    languages: str
    price_from_minor: int
    price_to_minor: int
    currency: str
    priced_on: date
    packages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DoctorRow:
    """A doctor; `licence_until` is the last day."""

    name: str
    specialities: str
    languages: str
    licence: str
    licence_until: date | None
    has_ended: bool


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What became of everybody treated for one thing. `is_few`: too few for this reader, who sees figures alone."""

    name: Any
    results: Results
    is_few: bool


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A review, whole, and what the provider answered."""

    journey_id: UUID
    stars: int
    text: str
    language: str
    written_at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class WeekRow:
    """How many can begin in one week at each site, in the order of the sites."""

    monday: date
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ProviderPage:
    """Everything of one provider."""

    id: UUID
    party: Party
    facts: ProviderFacts
    services: Page[Any]
    sites: tuple[Site, ...]
    doctors: tuple[DoctorRow, ...]
    outcomes: tuple[OutcomeRow, ...]
    reviews: tuple[ReviewRow, ...]
    weeks: tuple[WeekRow, ...]
    missing: tuple[Any, ...]

    @property
    def hours(self) -> int | None:
        """The usual time to an answer, in whole hours."""
        return None if self.facts.answer_hours is None else round(self.facts.answer_hours)


def provider_page(actor: Actor, provider_id: UUID, *, page: str = "1") -> ProviderPage:
    """What the actor may see of a provider. Raises NotFound for whom the steward has not verified, but to itself."""
    own = actor.organisation_id == provider_id
    party = parties.parties_named([provider_id]).get(provider_id)
    if party is None or not (own or parties.is_verified(provider_id, "provider")):
        raise NotFound(Objection("no_such_provider", _("There is no such hospital or clinic here.")))
    today = actor.now.date()
    facts = facts_of([provider_id], at=actor.now)[provider_id]
    sites = tuple(Site.objects.filter(provider_id=provider_id, retired_at=None).order_by("name", "pk"))
    return ProviderPage(
        provider_id,
        party,
        facts,
        _services(provider_id, page),
        sites,
        tuple(_doctors(provider_id, today)),
        tuple(_outcomes(actor, facts)),
        tuple(_reviews(provider_id)),
        tuple(weeks_of(sites, today)),
        tuple(PARTS[part] for part in facts.missing),
    )


def _services(provider_id: UUID, page: str) -> Page[Any]:
    found = Service.objects.filter(provider_id=provider_id, retired_at=None)
    shown = Paginator(found.order_by("procedure", "title", "pk").select_related("site"), SERVICES_A_PAGE).get_page(page)
    services = list(shown.object_list)
    packages: dict[UUID, list[str]] = {service.pk: [] for service in services}
    for each in TreatmentPackage.objects.filter(service__in=services, retired_at=None).order_by("title", "pk"):
        packages[each.service_id].append(each.title)
    language = get_language() or "en"
    rows: Any = [
        ServiceRow(
            each.reference,
            each.title,
            procedure_name(each.procedure, language),
            each.site.name,
            each.includes,
            each.stay_nights,
            each.recovery_days,
            language_names(each.languages),
            each.price_from_minor,
            each.price_to_minor,
            each.currency,
            each.priced_on,
            tuple(packages[each.pk]),
        )
        for each in services
    ]
    shown.object_list = rows
    return shown


def _doctors(provider_id: UUID, today: date) -> Iterable[DoctorRow]:
    for each in Practitioner.objects.filter(provider_id=provider_id, retired_at=None).order_by("name", "pk"):
        last = each.licence_ends_on - timedelta(days=1) if each.licence_ends_on else None
        yield DoctorRow(
            each.name,
            ", ".join(each.specialities),
            language_names(each.languages),
            each.licence,
            last,
            last is not None and last < today,
        )


def _outcomes(actor: Actor, facts: ProviderFacts) -> Iterable[OutcomeRow]:
    """All together first, then what was done most. A role that may only count sees no group that is too small."""
    charter = charters.charter(charters.in_force())
    only_counts = charter.data.get("outcome", {}).get(actor.role) == "count"
    language = get_language() or "en"
    for procedure, results in sorted(facts.outcomes.items(), key=lambda item: (item[0] != "", -item[1].treated)):
        few = only_counts and results.treated < charter.smallest_group
        if procedure or len(facts.outcomes) > 1:
            name = procedure_name(procedure, language) if procedure else ALL_TOGETHER
            yield OutcomeRow(name, results, few)


def _reviews(provider_id: UUID) -> Iterable[ReviewRow]:
    for each in Review.objects.filter(provider_id=provider_id).order_by("-written_at", "-pk")[:REVIEWS_SHOWN]:
        yield ReviewRow(
            each.journey_id, each.stars, each.text, each.language, each.written_at, each.answer, each.answered_at
        )


def weeks_of(sites: Iterable[Site], today: date) -> Iterable[WeekRow]:
    """The coming weeks with the places of each site; a week that nobody spoke of has none."""
    monday = today - timedelta(days=today.weekday())
    mondays = [monday + timedelta(weeks=number) for number in range(WEEKS)]
    sites = list(sites)
    places = {
        (each.site_id, each.week): each.places for each in Capacity.objects.filter(site__in=sites, week__in=mondays)
    }
    for each in mondays:
        yield WeekRow(each, tuple(places.get((site.pk, each), 0) for site in sites))


def language_names(codes: Iterable[str]) -> str:
    """Languages by name, in the reader's language."""
    return ", ".join(_language_name(code) for code in codes)


def _language_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
