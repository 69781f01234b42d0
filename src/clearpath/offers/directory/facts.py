"""What is known of how providers work: outcomes, reviews, answer times, evidence, how whole their entry is.

These are the only facts that ranking may use. What a party pays or owns is not among them. The number of queries is
the same for one provider and for a thousand.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from uuid import UUID

from django.db.models import Avg, Count, Min
from django.utils import timezone

from clearpath.offers.directory.wholeness import missing_parts
from clearpath.offers.models import Offer, Outcome, Practitioner, RequestDeclined, Review, Service
from clearpath.parties import queries as parties
from clearpath.parties.queries import EvidenceRow
from clearpath.turns.models import Seat

RECENT = timedelta(days=730)  # treatments: two years, so that a small clinic has some
RECENT_ANSWERS = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Results:
    """What became of everybody treated; who was lost to follow-up, and who is not heard of yet, is in `treated`."""

    treated: int = 0
    waiting: int = 0
    well: int = 0
    not_better: int = 0
    complication: int = 0
    lost: int = 0
    died: int = 0

    @property
    def known(self) -> int:
        return self.well + self.not_better + self.complication + self.died


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """Of one provider. `outcomes` by procedure key, "" for all together; `missing`: parts that its entry lacks."""

    provider_id: UUID
    outcomes: Mapping[str, Results] = field(default_factory=dict)
    reviews: int = 0
    stars: float | None = None  # mean, 1 to 5
    answers: int = 0  # requests of the last year, answered or not
    answer_hours: float | None = None  # median, from being asked to an offer or a no
    evidence: tuple[EvidenceRow, ...] = ()  # checked, what ends first on top
    languages: frozenset[str] = frozenset()  # BCP 47
    missing: tuple[str, ...] = ()
    completeness: float = 0.0  # 0 to 1

    @property
    def results(self) -> Results:
        return self.outcomes.get("", Results())

    @property
    def evidence_ends_on(self) -> date | None:
        """When the first piece of evidence ends."""
        return min((each.valid_to for each in self.evidence), default=None)


def facts_of(provider_ids: Collection[UUID], *, at: datetime | None = None) -> dict[UUID, ProviderFacts]:
    """The facts of each of these providers, those of whom nothing is known too."""
    at = at or timezone.now()
    keys = set(provider_ids)
    outcomes = _outcomes(keys, since=(at - RECENT).date())
    reviews = _reviews(keys)
    hours = _answer_hours(keys, at)
    evidence = parties.checked_evidence(keys, "provider", today=at.date())
    languages = _languages(keys)
    missing = missing_parts(keys, today=at.date())
    return {
        key: ProviderFacts(
            key,
            outcomes=outcomes.get(key, {}),
            reviews=reviews.get(key, (0, None))[0],
            stars=reviews.get(key, (0, None))[1],
            answers=len(hours[key]),
            answer_hours=round(median(hours[key]), 1) if hours[key] else None,
            evidence=evidence.get(key, ()),
            languages=languages[key],
            missing=missing[key].lacks,
            completeness=missing[key].completeness,
        )
        for key in keys
    }


def procedures_shown(provider_ids: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """The procedures that each of these providers shows in the directory."""
    found: dict[UUID, set[str]] = defaultdict(set)
    services = Service.objects.filter(provider_id__in=provider_ids, retired_at=None)
    for key, procedure in services.values_list("provider_id", "procedure").order_by().distinct():
        found[key].add(procedure)
    return {key: frozenset(each) for key, each in found.items()}


def _outcomes(keys: set[UUID], since: date) -> dict[UUID, dict[str, Results]]:
    rows = (
        Outcome.objects.filter(provider_id__in=keys, treated_on__gte=since)
        .values_list("provider_id", "procedure", "state")
        .annotate(count=Count("pk"))
    )
    counts: dict[UUID, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for key, procedure, state, count in rows:
        for group in {procedure, ""}:
            counts[key][group][state] += count
    return {
        key: {procedure: Results(treated=states.total(), **states) for procedure, states in groups.items()}
        for key, groups in counts.items()
    }


def _reviews(keys: set[UUID]) -> dict[UUID, tuple[int, float | None]]:
    rows = (
        Review.objects.filter(provider_id__in=keys)
        .values_list("provider_id")
        .annotate(count=Count("pk"), stars=Avg("stars"))
    )
    return {key: (count, stars) for key, count, stars in rows}


def _answer_hours(keys: set[UUID], at: datetime) -> dict[UUID, list[float]]:
    """Hours until each request was answered; one without an answer counts the hours that it waited."""
    seats = Seat.objects.filter(
        organisation_id__in=keys, role="provider", lane__opened_at__gte=at - RECENT_ANSWERS, lane__opened_at__lte=at
    ).values_list("organisation_id", "lane_id", "lane__opened_at", "lane__ended_at", "lane__facts")
    offered = dict(
        Offer.objects.filter(provider_id__in=keys).values_list("lane_id").annotate(first=Min("made_at")).order_by()
    )
    declined = dict(RequestDeclined.objects.filter(provider_id__in=keys).values_list("lane_id", "declined_at"))
    hours: dict[UUID, list[float]] = defaultdict(list)
    for key, lane, opened, ended, facts in seats:
        answered = offered.get(lane) or declined.get(lane)
        if answered is None and "advised_against" in (facts or ()):
            continue  # the doctor's no leaves the provider nothing to answer
        hours[key].append(((answered or ended or at) - opened).total_seconds() / 3600)
    return hours


def _languages(keys: set[UUID]) -> dict[UUID, frozenset[str]]:
    spoken: dict[UUID, set[str]] = defaultdict(set)
    for model in (Service, Practitioner):
        found = model.objects.filter(provider_id__in=keys, retired_at=None)
        for key, languages in found.values_list("provider_id", "languages").order_by().distinct():
            spoken[key].update(languages)
    return defaultdict(frozenset, {key: frozenset(languages) for key, languages in spoken.items()})
