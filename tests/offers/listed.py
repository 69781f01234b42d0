"""Services of providers, listed as search reads them."""

from datetime import date, timedelta
from itertools import count

from clearpath.offers.finding import index
from clearpath.offers.models import Capacity, Outcome, Review, Service, Site
from clearpath.parties.models import Evidence
from tests.factories import NOON, make_journey, make_organisation, steward
from tests.kept import kept

TODAY: date = NOON.date()
_numbers = count(1)


@kept
def make_service(provider=None, *, procedure="knee_replacement", country="TR", city="Istanbul", **details) -> Service:
    """A service of 5,000 to 6,000 euro at a site of its own; not listed yet."""
    provider = provider or make_organisation("provider")
    number = next(_numbers)
    site = Site.objects.create(provider=provider, reference=f"S{number}", name="Main", country=country, city=city)
    given = {
        "title": procedure, "stay_nights": 3, "recovery_days": 10, "languages": ["tr", "en"], "currency": "EUR",
        "price_from_minor": 500_000, "price_to_minor": 600_000, "priced_on": TODAY,
    }  # fmt: skip
    return Service.objects.create(
        provider=provider, site=site, reference=f"R{number}", procedure=procedure, **given | details
    )


@kept
def listed(provider=None, **details) -> Service:
    """The same, listed."""
    service = make_service(provider, **details)
    index.refresh([service.provider_id], at=NOON)
    return service


def outcomes(provider, *, procedure="knee_replacement", **counts: int) -> None:
    """What became of so many patients: `well=3, lost=1`."""
    for state, many in counts.items():
        for _number in range(many):
            Outcome.objects.create(
                journey=make_journey(), provider=provider, procedure=procedure, state=state, treated_on=TODAY,
                noted_at=NOON,
            )  # fmt: skip


def reviews(provider, *stars: int) -> None:
    for each in stars:
        Review.objects.create(
            journey=make_journey(), provider=provider, stars=each, text="So.", language="en", written_at=NOON
        )


def room(service: Service, *weeks: date, places: int = 2) -> None:
    for week in weeks:
        Capacity.objects.create(site=service.site, week=week - timedelta(days=week.weekday()), places=places)


def accredited(provider, until: date, *, checked: bool = True) -> None:
    Evidence.objects.create(
        organisation=provider, role="provider", kind="accreditation", body="A body", number="1", source="its register",
        valid_from=TODAY - timedelta(days=100), valid_to=until, added_at=NOON,
        checked_on=TODAY if checked else None, checked_by_id=steward().person_id if checked else None,
    )  # fmt: skip
