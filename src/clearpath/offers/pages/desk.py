"""The desk of a hospital's international patients: requests, own offers, room in the weeks to come."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from clearpath.core.outcomes import NotFound
from clearpath.offers.desk import requests_for, weeks_for
from clearpath.turns.queries import NO_SUCH_THING
from clearpath.web.request import PageRequest


@login_required
def desk(request: PageRequest) -> HttpResponse:
    """Every request by clock, each with the packages that fit and the own offer; and the capacity."""
    if request.actor.role != "provider":
        raise NotFound(NO_SUCH_THING)
    context = {"requests": requests_for(request.actor), "weeks": weeks_for(request.actor)}
    return render(request, "offers/desk.html", context)
