"""What became of leads: noted once a day when it is certain, told in batches that speak of no one.

A *cell* is one path of channels in one country of one campaign. Every figure that an agency is told, of the funnel, of
attribution or of its earnings, is a sum of what cells have released, so that no figure can be subtracted from another
to find a smaller group than a cell releases at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Q

from clearpath.agreements.queries import attribution_agreed
from clearpath.journeys.queries import reached_by
from clearpath.marketing.batches import Released, released
from clearpath.marketing.models import Campaign, Lead, Result, Touch
from clearpath.offers.outcomes import recovered
from clearpath.turns import charters

Stage = Result.Stage
AT_ONCE = 500  # leads whose journeys are looked up together
STEP = ">"
LONGEST = 8  # channels of a path, the last ones
OTHER = "other"  # a lead that came by no channel
WINDOW = timedelta(days=90)  # touches before that have brought nobody, where no agreement says otherwise


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """The smallest part of a campaign of which anything is told."""

    path: str  # the channels that led to the lead, as attribution writes them: search>social
    country: str

    @property
    def channel(self) -> str:
        """The last one, by which the person asked."""
        return self.path.rpartition(STEP)[2]


def note_results(*, now: datetime) -> int:
    """Write down what became certain since the last time; how many results are new."""
    open_leads = Lead.objects.filter(stage="ended").exclude(results__stage=Stage.GOOD_OUTCOME)
    undecided = open_leads.exclude(Q(results__is_yes=False)).order_by("closed_at", "pk")
    keys = list(undecided.values_list("pk", flat=True))
    new = [result for start in range(0, len(keys), AT_ONCE) for result in _new(keys[start : start + AT_ONCE], now)]
    Result.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _new(keys: list[UUID], now: datetime) -> Iterator[Result]:
    leads = list(Lead.objects.filter(pk__in=keys).order_by("closed_at", "pk"))
    known = set(Result.objects.filter(lead__in=leads).values_list("lead_id", "stage"))
    journeys = {each.token: each for each in reached_by(lead.token for lead in leads)}
    cells = cells_of(leads)
    well = recovered(each.journey_id for each in journeys.values())
    for lead in leads:
        cell = cells[lead.pk]
        journey = journeys.get(lead.token)
        answers: dict[Stage, bool] = {Stage.JOURNEY: not lead.rejected_because}
        if journey is not None and ("treated" in journey.facts or journey.is_closed):
            answers[Stage.TREATED] = "treated" in journey.facts
            if journey.is_closed and answers[Stage.TREATED]:
                answers[Stage.GOOD_OUTCOME] = journey.journey_id in well  # before it is closed it may still change
        for stage, is_yes in answers.items():
            if (lead.pk, stage) not in known:
                yield Result(
                    lead=lead, stage=stage, is_yes=is_yes, path=cell.path, country=cell.country, noted_on=now.date()
                )


def cells_of(leads: Iterable[Lead]) -> dict[UUID, Cell]:
    """The cell of each lead, by its key: from its touches of as many days as agreed, and its own channel at the end."""
    leads = list(leads)
    windows = _windows(leads)
    touches = Touch.objects.filter(token__in=[lead.token for lead in leads]).order_by("day", "pk")
    met: dict[UUID, list[tuple[date, str, str]]] = defaultdict(list)
    for token, day, channel, country in touches.values_list("token", "day", "channel", "country"):
        met[token].append((day, channel, country))
    return {lead.pk: _cell(lead, met[lead.token], windows.get(lead.came_by_id, WINDOW)) for lead in leads}


def _windows(leads: Iterable[Lead]) -> dict[UUID | None, timedelta]:
    """For how long touches count, by campaign, where its agreement says so."""
    found = Campaign.objects.filter(pk__in={lead.came_by_id for lead in leads}, under_agreement__isnull=False)
    under = dict(found.values_list("pk", "under_agreement_id"))
    agreed = attribution_agreed({key for key in under.values() if key})
    days = {campaign: agreed[key].days for campaign, key in under.items() if key in agreed}
    return {campaign: timedelta(days=count) for campaign, count in days.items() if count}


def _cell(lead: Lead, met: Iterable[tuple[date, str, str]], window: timedelta) -> Cell:
    asked_on = lead.opened_at.date()
    counted = [(channel, country) for day, channel, country in met if asked_on - window <= day <= asked_on]
    ways = [way for way, _same in groupby([*(channel for channel, _country in counted), lead.channel or OTHER])]
    country = next((country for _channel, country in reversed(counted) if country), "")
    return Cell(STEP.join(ways[-LONGEST:]), country)


def released_by_cell(campaign: Campaign) -> dict[Cell, dict[str, Released]]:
    """What each cell of a campaign has released of each stage; cells that have released nothing are left out."""
    found = Result.objects.filter(lead__came_by=campaign).order_by("pk")
    rows = found.values_list("path", "country", "stage", "is_yes")
    smallest = charters.charter(campaign.charter).smallest_group
    return told_of(((Cell(path, country), stage, yes) for path, country, stage, yes in rows), smallest_group=smallest)


def told_of(answers: Iterable[tuple[Cell, str, bool]], *, smallest_group: int) -> dict[Cell, dict[str, Released]]:
    """The same of answers in the order in which they became known. Pure."""
    by_cell: Mapping[tuple[Cell, str], list[bool]] = defaultdict(list)
    for cell, stage, is_yes in answers:
        by_cell[cell, stage].append(is_yes)
    told: dict[Cell, dict[str, Released]] = defaultdict(dict)
    for (cell, stage), each in by_cell.items():
        batches = released(each, smallest_group=smallest_group)
        if batches.total:
            told[cell][stage] = batches
    return dict(told)


def total(cells: Iterable[Mapping[str, Released]], stage: str) -> Released:
    """What several cells have released of a stage, together."""
    found = [cell[stage] for cell in cells if stage in cell]
    return Released(sum(each.yes for each in found), sum(each.no for each in found))


def released_of(campaign: Campaign, stage: str) -> Released:
    """What a whole campaign has released of a stage."""
    return total(released_by_cell(campaign).values(), stage)
