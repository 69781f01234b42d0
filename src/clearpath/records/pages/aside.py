"""A file that was refused, for its sender alone: to look at, to take in after all, to delete."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.journeys import queries as journeys
from clearpath.records import aside, steps
from clearpath.records.pages.files import as_download
from clearpath.records.received import examine
from clearpath.turns.sight import shown
from clearpath.web.request import PageRequest


@login_required
def set_aside(request: PageRequest, set_aside_id: UUID) -> HttpResponse:
    """Why it was refused, whom it says that it is about, and what can be done."""
    found, content = aside.one_for(request.actor, set_aside_id)
    journey = journeys.journey_for(request.actor, found.journey_id)
    context = {
        "row": aside.row_of(found),
        "journey": shown(journey, to=request.actor),
        "people": aside.people_in(content, found.media_type),
    }
    return render(request, "records/set_aside.html", context)


@login_required
def download_set_aside(request: PageRequest, set_aside_id: UUID) -> HttpResponse:
    """The very bytes that were sent."""
    found, content = aside.one_for(request.actor, set_aside_id)
    return as_download(content, found.pk, found.media_type)


@require_POST
@login_required
def take_in(request: PageRequest, set_aside_id: UUID) -> HttpResponse:
    """Take the step once more with the same bytes; with the sender's word, where only that is missing."""
    found, content = aside.one_for(request.actor, set_aside_id)
    journey = journeys.journey_for(request.actor, found.journey_id)
    try:
        record = steps.add(
            journey,
            content=examine(content),
            title=found.title,
            received_from=found.received_from,
            confirmed=request.POST.get("confirmed") == "yes",
            by=request.actor,
        )
    except NotYourPart:
        raise
    except Refused as refusal:
        messages.warning(request, refusal.objection.message)
        return redirect("records:set_aside", found.pk)
    aside.discard(found, at=request.actor.now)
    messages.success(request, _("%(title)s is kept.") % {"title": record.title})
    return redirect("turns:subject", "journey", journey.pk)


@require_POST
@login_required
def discard(request: PageRequest, set_aside_id: UUID) -> HttpResponse:
    """Delete it for good."""
    found, _content = aside.one_for(request.actor, set_aside_id)
    aside.discard(found, at=request.actor.now)
    messages.success(request, _("Deleted."))
    return redirect("turns:subject", "journey", found.journey_id)
