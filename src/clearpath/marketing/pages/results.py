"""What was brought: the funnel, its attribution to channels, what it earns; and for the steward, who drifts."""

import csv
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from clearpath.core.money import from_minor
from clearpath.marketing import drift as drifting
from clearpath.marketing import earnings as earned
from clearpath.marketing import funnel as funnels
from clearpath.marketing.models import Result
from clearpath.marketing.results import WINDOW
from clearpath.offers.directory.cells import harmless
from clearpath.turns import charters
from clearpath.web.request import PageRequest

REACHED = (Result.Stage.JOURNEY, Result.Stage.TREATED)


@login_required
def funnel(request: PageRequest, campaign_id: UUID) -> HttpResponse:
    """The funnel of a campaign, as a whole or by channel or country."""
    campaign = funnels.campaign_of_theirs(request.actor, campaign_id)
    by = request.GET.get("by", "")
    by = by if by in funnels.BY else ""
    context = {
        "campaign": campaign,
        "by": by,
        "is_agency": request.actor.role == "agency",
        "funnels": funnels.funnels_for(request.actor, campaign, by),
        "smallest": charters.charter(campaign.charter).smallest_group,
    }
    return render(request, "marketing/funnel.html", context)


@login_required
def attribution(request: PageRequest, campaign_id: UUID) -> HttpResponse:
    """What seven models give each channel, of journeys or of treated patients."""
    campaign = funnels.campaign_of_theirs(request.actor, campaign_id)
    stage = next((each for each in REACHED if each == request.GET.get("of")), REACHED[0])
    whole, models = funnels.divided_for(campaign, stage)
    context = {
        "campaign": campaign,
        "stage": stage,
        "stages": [(each.value, each.label) for each in REACHED],
        "whole": whole,
        "days": funnels.agreed_for(campaign).days or WINDOW.days,
        "models": models,
        "smallest": charters.charter(campaign.charter).smallest_group,
    }
    return render(request, "marketing/attribution.html", context)


@login_required
def drift(request: PageRequest) -> HttpResponse:
    """Agencies that drift into others' parts, for the steward."""
    context = {"rows": drifting.drifting_for(request.actor), "days": drifting.WINDOW.days}
    return render(request, "marketing/drift.html", context)


@login_required
def earnings(request: PageRequest) -> HttpResponse:
    """What an agency earns, or what agencies earn from a client, with the reason for each line."""
    lines = earned.lines_for(request.actor)
    context = {"lines": lines, "totals": earned.totals(lines), "is_agency": request.actor.role == "agency"}
    return render(request, "marketing/earnings.html", context)


@login_required
def earnings_file(request: PageRequest) -> HttpResponse:
    """The same lines as CSV."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="earnings.csv"'
    writer = csv.writer(response)
    writer.writerow(["campaign", "other_party", "agreement", "per", "count", "each", "amount", "currency", "rule"])
    for line in earned.lines_for(request.actor):
        each, total = (
            "" if minor is None else str(from_minor(minor, line.currency))
            for minor in (line.each_minor, line.total_minor if line.is_owed else None)
        )
        count = "" if line.count is None else line.count
        names = [harmless(line.campaign), harmless(line.other)]
        writer.writerow([*names, line.agreement_id, line.per, count, each, total, line.currency, harmless(line.rule)])
    return response
