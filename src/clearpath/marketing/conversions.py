"""What an agency's tools are told by token, so that they learn which advertisements work, and of nobody who came.

A token is told the average of its cell: the same for who was treated and for who was not, and for all who are in it.
It follows from figures that `results` has released and from what the agency knows, so that it tells nothing more.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from django.db.models import Count, F, QuerySet

from clearpath.agreements.queries import FeeRow, fees_touching
from clearpath.marketing import earnings, results
from clearpath.marketing.batches import Released
from clearpath.marketing.models import Campaign, Conversion, Lead, Result
from clearpath.marketing.results import Cell

Stage = Result.Stage
WHOLE = 10_000  # hundredths of a percent


@dataclass(frozen=True, slots=True)
class Told:
    """One conversion as it leaves: money in minor units of `currency`, None where no fee is known."""

    token: UUID
    stage: str
    share_bps: int
    value_minor: int | None
    currency: str
    told_on: date


def note_conversions(*, now: datetime) -> int:
    """Write down what can be told since the last time; how many are new."""
    keys = Lead.objects.exclude(measuring_wording="").values("came_by")
    campaigns = Campaign.objects.filter(pk__in=keys, agency__isnull=False).order_by("pk")
    new = [each for campaign in campaigns for each in _new(campaign, now)]
    Conversion.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def noted_on(day: date) -> dict[UUID, int]:
    """How many were noted on a day, by campaign."""
    found = Conversion.objects.filter(told_on=day).values_list("lead__came_by")
    return dict(found.annotate(count=Count("pk")).order_by("lead__came_by"))


def _new(campaign: Campaign, now: datetime) -> Iterator[Conversion]:
    shares = {cell: shares_of(told) for cell, told in results.released_by_cell(campaign).items()}
    fees = _fees_of(campaign, now) if shares else {}
    agreed = Result.objects.filter(stage=Stage.JOURNEY, lead__came_by=campaign).exclude(lead__measuring_wording="")
    told = set(Conversion.objects.filter(lead__came_by=campaign).values_list("lead_id", "stage"))
    for lead_id, path, country in agreed.order_by("pk").values_list("lead_id", "path", "country"):
        for stage, share in shares.get(Cell(path, country), {}).items():
            if (lead_id, stage) not in told:
                amount, currency = fees.get(stage, (None, ""))
                yield Conversion(
                    lead_id=lead_id, stage=stage, share_bps=round(share * WHOLE), currency=currency,
                    value_minor=None if amount is None else round(share * amount), told_on=now.date(),
                )  # fmt: skip


def shares_of(told: Mapping[str, Released]) -> dict[str, Fraction]:
    """Of the people of one cell, the part that reached each stage, as far as it was released. Pure."""
    shares, share = {}, Fraction(1)
    for stage in Stage.values:
        released = told.get(stage)
        if released is None:
            break
        share *= Fraction(released.yes, released.total)
        shares[stage] = share
    return shares


def _fees_of(campaign: Campaign, now: datetime) -> dict[str, tuple[int, str]]:
    """What the agency is paid each time, by stage, where that is one amount that may be paid."""
    fees = earnings.owed(campaign, fees_touching([campaign.agency_id], on=now.date()) if campaign.agency_id else [])
    return {stage: found[0] for per, stage in earnings.STAGES.items() if len(found := _amounts(fees, per)) == 1}


def _amounts(fees: Iterable[FeeRow], per: str) -> list[tuple[int, str]]:
    payable = (fee for fee in fees if fee.per == per and fee.may_be_paid and fee.amount_minor is not None)
    return [(fee.amount_minor or 0, fee.currency) for fee in payable]


def told_of(campaign: Campaign, *, since: date | None = None, on: date | None = None) -> list[Told]:
    """The conversions of a campaign in order, from a day on or of one day."""
    found: QuerySet[Conversion] = Conversion.objects.filter(lead__came_by=campaign).order_by("told_on", "pk")
    found = found.filter(told_on__gte=since) if since else found
    found = found.filter(told_on=on) if on else found
    rows = found.annotate(token=F("lead__token"))
    return [
        Told(each.token, each.stage, each.share_bps, each.value_minor, each.currency, each.told_on) for each in rows
    ]


def days_of(campaign: Campaign) -> list[tuple[date, str, int]]:
    """Day, stage in words, how many tokens; newest first."""
    found = Conversion.objects.filter(lead__came_by=campaign).values_list("told_on", "stage")
    words = dict(Stage.choices)
    counted = found.annotate(count=Count("pk")).order_by("-told_on", "stage")
    return [(day, str(words[stage]), count) for day, stage, count in counted]
