"""Keeps what search reads in step with the directory: rows are made anew, for some providers or for all.

The directory's steps call `refresh` for the provider whose entry changed; what changes by itself (evidence ends,
answers and outcomes come in, weeks pass, rates move) the nightly `refresh_all` takes up.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Avg, Count, Q

from clearpath.offers.directory.facts import RECENT, ProviderFacts, facts_of
from clearpath.offers.finding import bits, costs
from clearpath.offers.finding.asking import plain
from clearpath.offers.models import Capacity, Listing, Outcome, Practitioner, Review, Service, Standing
from clearpath.offers.ranking.rule import Rule, rule
from clearpath.offers.ranking.score import Judged, Known, as_json, judged
from clearpath.parties import queries as parties

AT_ONCE = 200  # providers
ROWS = 2_000  # written at once
ALL = ""  # the key under which the usual figures of every procedure together stand
Usual = Mapping[str, Mapping[str, float]]  # by procedure, by criterion


def refresh(provider_ids: Collection[UUID], *, at: datetime) -> int:
    """Make the listings of these providers anew; how many there are now."""
    keys, usual = sorted(set(provider_ids)), usual_figures(at)
    return sum(
        _refresh_some(keys[start : start + AT_ONCE], usual, rule(), at) for start in range(0, len(keys), AT_ONCE)
    )


def refresh_all(*, at: datetime) -> int:
    """Make every listing anew."""
    shown = Listing.objects.order_by().values_list("provider_id", flat=True)
    kept = Service.objects.filter(retired_at=None).order_by().values_list("provider_id", flat=True)
    return refresh(set(shown.distinct()).union(kept.distinct()), at=at)


def usual_figures(at: datetime) -> Usual:
    """The network's own means, of each procedure and of all, where enough patients are known."""
    enough = rule().enough
    found: dict[str, dict[str, float]] = defaultdict(dict)
    due = Count("pk", filter=~Q(state=Outcome.State.WAITING))
    well = Count("pk", filter=Q(state=Outcome.State.WELL))
    rows = Outcome.objects.filter(treated_on__gte=(at - RECENT).date()).values_list("procedure").order_by()
    counts = list(rows.annotate(due=due, well=well))
    for key, count, good in [*counts, (ALL, sum(row[1] for row in counts), sum(row[2] for row in counts))]:
        if count >= enough:
            found[key]["outcomes"] = good / count
    reviews = Review.objects.aggregate(count=Count("pk"), stars=Avg("stars"))
    if reviews["count"] >= enough:
        found[ALL]["reviews"] = reviews["stars"]
    return found


def known_of(facts: ProviderFacts, procedure: str, ends: Mapping[str, date]) -> Known:
    """All that ranking may know of a provider for a procedure."""
    outcomes = facts.outcomes.get(procedure)
    return Known(
        treated=outcomes.treated if outcomes else 0,
        waiting=outcomes.waiting if outcomes else 0,
        well=outcomes.well if outcomes else 0,
        lost=outcomes.lost if outcomes else 0,
        reviews=facts.reviews,
        stars=facts.stars or 0.0,
        answers=facts.answers,
        answer_hours=facts.answer_hours or 0.0,
        ends=ends,
        entry=facts.completeness,
        lacks=facts.missing,
    )


def judge(known: Known, usual: Mapping[str, float], on: date, *, provider_id: UUID) -> Judged:  # noqa: ARG001
    """How a provider stands. Who it is must not matter: a test puts a ranking here that asks, and has to catch it."""
    return judged(known, rule(), usual, on=on)


def _refresh_some(keys: list[UUID], usual: Usual, by: Rule, at: datetime) -> int:
    today = at.date()
    shown = parties.verified_among(keys, "provider")
    services = list(
        Service.objects.filter(provider_id__in=shown, retired_at=None, site__retired_at=None).select_related("site")
    )
    standings = {(each.provider_id, each.procedure): each for each in _standings(services, shown, usual, by, at)}
    weeks = _open_weeks({each.site_id for each in services}, today)
    listings = [_listing(each, standings[each.provider_id, each.procedure], weeks) for each in services]
    with transaction.atomic():
        Listing.objects.filter(provider_id__in=keys).delete()
        Standing.objects.filter(provider_id__in=keys).delete()
        Standing.objects.bulk_create(standings.values(), batch_size=ROWS)
        Listing.objects.bulk_create(listings, batch_size=ROWS)
    return len(listings)


def _standings(services: list[Service], shown: set[UUID], usual: Usual, by: Rule, at: datetime) -> Iterator[Standing]:
    facts = facts_of(shown, at=at)
    ends = parties.evidence_ends(shown, "provider", today=at.date())
    languages = _doctors_languages(shown)
    for provider, procedure in {(each.provider_id, each.procedure): None for each in services}:
        known = known_of(facts[provider], procedure, ends.get(provider, {}))
        middle = {**usual.get(ALL, {}), **usual.get(procedure, {})}
        stands = judge(known, middle, at.date(), provider_id=provider)
        yield Standing(
            provider_id=provider,
            procedure=procedure,
            rule=by.version,
            on=at.date(),
            score=stands.score,
            known=as_json(known),
            usual=middle,
            languages=languages[provider],
        )


def _listing(service: Service, standing: Standing, weeks: Mapping[UUID, int]) -> Listing:
    site, ends = service.site, standing.known["ends"]
    treatment = costs.in_euro(service.price_to_minor, service.currency)
    nights = costs.nights_nearby(service.stay_nights, service.recovery_days)
    stay = costs.stay_minor(site.country, nights)
    return Listing(
        service=service,
        provider_id=service.provider_id,
        standing=standing,
        procedure=service.procedure,
        country=site.country,
        city=plain(site.city),
        languages=bits.language_bits(service.languages),
        open_weeks=weeks.get(site.pk, 0),
        accredited_until=date.fromisoformat(ends["accreditation"]) if "accreditation" in ends else None,
        treatment_minor=treatment,
        there_minor=None if treatment is None or stay is None else treatment + stay,
        score=standing.score,
    )


def _open_weeks(sites: set[UUID], today: date) -> dict[UUID, int]:
    """The weeks in which each site has room, this one in."""
    monday = today - timedelta(days=today.weekday())
    ahead = (monday, monday + timedelta(weeks=bits.WEEKS - 1))
    found: dict[UUID, int] = defaultdict(int)
    rooms = Capacity.objects.filter(site_id__in=sites, places__gt=0, week__range=ahead)
    for site, week in rooms.values_list("site_id", "week"):
        found[site] |= bits.week_bit(week)
    return found


def _doctors_languages(providers: set[UUID]) -> dict[UUID, list[str]]:
    spoken: dict[UUID, set[str]] = defaultdict(set)
    doctors = Practitioner.objects.filter(provider_id__in=providers, retired_at=None)
    for provider, languages in doctors.values_list("provider_id", "languages"):
        spoken[provider].update(languages)
    return defaultdict(list, {key: sorted(languages) for key, languages in spoken.items()})
