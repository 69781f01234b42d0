"""The contract as a file, and what hospitals read whose offer was not chosen."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from clearpath.journeys import queries as journeys
from clearpath.offers import thanks
from clearpath.offers.contract.queries import contract_for
from clearpath.web.request import PageRequest


@login_required
def contract(request: PageRequest, journey_id: UUID) -> HttpResponse:
    """The contract of the accepted offer as PDF; `language`: another one, for reading only."""
    journey = journeys.journey_for(request.actor, journey_id)
    wanted = request.GET.get("language", "")
    pdf = contract_for(request.actor, journey, language=wanted if wanted in dict(settings.LANGUAGES) else "")
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="contract-{journey.reference}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
def not_chosen(request: PageRequest) -> HttpResponse:
    """The offers of this hospital that were not chosen, each with thanks."""
    return render(request, "offers/not_chosen.html", {"rows": thanks.not_chosen_for(request.actor)})
