"""Offers side by side, and the same on paper."""

from importlib import import_module
from importlib.util import find_spec
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from clearpath.charter.actor import Actor
from clearpath.journeys import queries as journeys
from clearpath.offers.comparing.wording import headings, how_it_was_made, sections
from clearpath.offers.side_by_side import SideBySide, side_by_side_for
from clearpath.turns.subject import Subject
from clearpath.web.request import PageRequest

PRINTED = ("en", "tr", "ar")


@login_required
def compare(request: PageRequest, journey_id: UUID) -> HttpResponse:
    """What each offer costs to the door, who treats, what holds when something changes, who earns."""
    journey = journeys.journey_for(request.actor, journey_id)
    found = side_by_side_for(request.actor, journey, currency=request.GET.get("currency", ""))
    _note_seen(journey, found, request.actor)
    context = {
        "journey": journey,
        "found": found,
        "names": headings(found.comparison),
        "sections": sections(found.comparison),
        "notes": how_it_was_made(found.comparison),
        "language": _language(request),
    }
    return render(request, "offers/compare.html", context)


@login_required
def paper(request: PageRequest, journey_id: UUID) -> HttpResponse:
    """The same as PDF, in the language of the page or the one that was asked for."""
    from clearpath.offers.comparing.printed import printed  # typst is slow to load

    journey = journeys.journey_for(request.actor, journey_id)
    found = side_by_side_for(request.actor, journey, currency=request.GET.get("currency", ""))
    pdf = printed(found.comparison, language=_language(request), title=found.patient)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="offers-{journey.reference}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _language(request: PageRequest) -> str:
    wanted = request.GET.get("language", "") or get_language() or "en"
    return wanted if wanted in PRINTED else "en"


def _note_seen(journey: Subject, found: SideBySide, by: Actor) -> None:
    """From when the patient has seen them the time to think runs."""
    if found.rows and find_spec("clearpath.offers.choices"):
        import_module("clearpath.offers.choices").note_comparison_seen(journey, found.rows, by=by)
