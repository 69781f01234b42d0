"""How fast leads are answered, and how good they are: shared facts between those who work together."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from uuid import UUID

from django.db.models import Count, F, Q

from clearpath.charter.actor import Actor
from clearpath.marketing.answering import LIMIT, TARGET
from clearpath.marketing.batches import Released, released
from clearpath.marketing.models import Campaign, Lead
from clearpath.parties.queries import names_of
from clearpath.turns import charters
from clearpath.turns.models import Seat

TAKEN = Q(rejected_because="")


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast one facilitator answered; times are from the hand-over, by the clock on the wall. None: too few."""

    name: str
    answered: int
    median_minutes: int | None
    in_target_percent: int | None
    in_limit_percent: int | None


@dataclass(frozen=True, slots=True)
class Quality:
    """What became of the leads of one campaign at one facilitator, who knows each of them."""

    campaign: str
    agency: str
    leads: int
    taken: int
    rejected: int
    flagged: int


def speeds_for(actor: Actor) -> list[Speed]:
    """For a facilitator its own, for an agency those of whoever answers its leads, for a client those of its campaigns.

    In groups no smaller than the charter's smallest; nobody sees more.
    """
    seats = Seat.objects.filter(role="facilitator", subject__kind="lead", held_since__isnull=False)
    leads = Lead.objects.filter(stage="ended", handed_over_at__isnull=False, closed_at__isnull=False)
    if actor.role == "facilitator":
        seats = seats.filter(organisation_id=actor.party)
    elif actor.role == "agency":
        leads = leads.filter(agency_id=actor.organisation_id)
    else:
        leads = leads.filter(came_by__client_id=actor.organisation_id, came_by__client_role=actor.role)
    times = {
        key: closed - over
        for key, over, closed in leads.values_list("pk", "handed_over_at", "closed_at")
        if closed and over
    }
    by_facilitator: dict[UUID, list[timedelta]] = defaultdict(list)
    for key, organisation_id in seats.filter(subject__in=leads.values("pk")).values_list(
        "subject_id", "organisation_id"
    ):
        if organisation_id:
            by_facilitator[organisation_id].append(times[key])
    names = names_of(by_facilitator)
    smallest = charters.charter(charters.in_force()).smallest_group
    rows = [speed_of(names[key], took, smallest_group=smallest) for key, took in by_facilitator.items()]
    return sorted(rows, key=lambda row: row.name)


def speed_of(name: str, took: list[timedelta], *, smallest_group: int) -> Speed:
    if len(took) < smallest_group:
        return Speed(name, len(took), None, None, None)
    return Speed(
        name,
        len(took),
        round(median(each.total_seconds() for each in took) / 60),
        _percent(took, TARGET),
        _percent(took, LIMIT),
    )


def _percent(took: Iterable[timedelta], within: timedelta) -> int:
    times = list(took)
    return round(100 * sum(each <= within for each in times) / len(times))


def quality_for(actor: Actor) -> list[Quality]:
    """For a facilitator, of the leads that it got: by campaign, most leads first."""
    if actor.role != "facilitator" or actor.organisation_id is None:
        return []
    mine = Seat.objects.filter(role="facilitator", subject__kind="lead", organisation_id=actor.organisation_id)
    rows = (
        Lead.objects.filter(pk__in=mine.values("subject_id"), came_by__isnull=False)
        .values(called=F("came_by__name"), brought_by=F("came_by__agency__name"), campaign=F("came_by_id"))
        .annotate(
            leads=Count("pk"),
            taken=Count("pk", filter=TAKEN & Q(stage="ended")),
            rejected=Count("pk", filter=~TAKEN & Q(stage="ended")),
            flagged=Count("pk", filter=~Q(signs=[])),
        )
        .order_by("-leads", "campaign")
    )
    return [
        Quality(row["called"], row["brought_by"] or "", row["leads"], row["taken"], row["rejected"], row["flagged"])
        for row in rows
    ]


def known_elsewhere(campaign: Campaign) -> Released:
    """How many leads of a campaign another agency had brought within 180 days, in complete batches."""
    found = Lead.objects.filter(came_by=campaign).order_by("opened_at", "pk")
    pairs = found.values_list("known_by__agency_id", "agency_id", "known_by_id")
    known = (known_by is not None and earlier != own for earlier, own, known_by in pairs)
    return released(known, smallest_group=_smallest(campaign))


def _smallest(campaign: Campaign) -> int:
    return charters.charter(campaign.charter).smallest_group
