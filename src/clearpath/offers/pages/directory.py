"""What a provider shows of itself: its own page, the page that everybody sees, files in and out."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound
from clearpath.offers import steps
from clearpath.offers.directory import fhir_bundle, files, handing_out
from clearpath.offers.directory.kinds import KINDS, LINE
from clearpath.offers.directory.plan import Entries
from clearpath.offers.directory.showing import provider_page
from clearpath.turns.pages import as_card
from clearpath.turns.queries import NO_SUCH_THING, any_subject
from clearpath.web.request import PageRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_PLACES = 9999


@login_required
def provider(request: PageRequest, provider_id: UUID) -> HttpResponse:
    """One hospital or clinic, for everybody on the network."""
    shown = provider_page(request.actor, provider_id, page=request.GET.get("page", "1"))
    return render(request, "offers/provider.html", {"provider": shown, "is_own": is_own(request.actor, provider_id)})


@login_required
def what_we_do(request: PageRequest) -> HttpResponse:
    """The provider's own page: what others see, what is missing, and how it is changed."""
    provider_id = own_provider(request.actor)
    context = {
        "provider": provider_page(request.actor, provider_id, page=request.GET.get("page", "1")),
        "is_own": True,
        "waiting": files.waiting_for(request.actor),
        "kinds": [kind for kind in KINDS.values() if kind is not LINE],
    }
    return render(request, "offers/what_we_do.html", context)


def own_provider(actor: Actor) -> UUID:
    """The provider for which the actor works. Raises NotFound for everybody else."""
    if actor.role != "provider" or actor.organisation_id is None:
        raise NotFound(NO_SUCH_THING)
    return actor.organisation_id


def is_own(actor: Actor, provider_id: UUID) -> bool:
    return actor.role == "provider" and actor.organisation_id == provider_id


@require_POST
@login_required
def capacity(request: PageRequest) -> HttpResponse:
    """How many can begin in each of the coming weeks, as typed on the page."""
    provider_id = own_provider(request.actor)
    entries: Entries = {"capacity": {}}
    for site in provider_page(request.actor, provider_id).sites:
        for name, typed in request.POST.items():
            key, _colon, week = name.partition(":")
            monday = _monday(week)
            if key != str(site.pk) or monday is None or not str(typed).strip():
                continue
            places = _places(typed)
            if places is None:
                messages.error(request, _("Places in a week are a whole number from 0 to %d.") % MOST_PLACES)
                return redirect("offers:what_we_do")
            entry = {"site": site.reference, "week": monday, "places": places}
            entries["capacity"][site.reference, monday] = entry
    organisation = any_subject("organisation", provider_id)
    with as_card(organisation, request.actor):
        steps.update_directory(organisation, changes=entries, by=request.actor)
    messages.success(request, _("Your places by week are changed."))
    return redirect("offers:what_we_do")


def _places(typed: Any) -> int | None:
    text = str(typed).strip()
    return int(text) if text.isdecimal() and int(text) <= MOST_PLACES else None


def _monday(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.weekday() == 0 else None


@login_required
def export(request: PageRequest) -> HttpResponse:
    """Everything of one's own as an Excel workbook or a FHIR bundle, one kind as CSV, or the headings to begin with."""
    provider_id = own_provider(request.actor)
    kind = KINDS.get(request.GET.get("kind", ""))
    if request.GET.get("as") == "csv" and kind is not None:
        return _download(handing_out.comma_separated(provider_id, kind), "text/csv; charset=utf-8", f"{kind.key}.csv")
    if request.GET.get("as") == "empty":
        return _download(handing_out.workbook(None), XLSX, "empty-directory.xlsx")
    if request.GET.get("as") == "fhir":
        return _download(fhir_bundle.bundle(provider_id), "application/fhir+json", "directory.json")
    return _download(handing_out.workbook(provider_id), XLSX, "directory.xlsx")


def _download(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
