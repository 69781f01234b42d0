"""Downloads of what goes home: the summary, on paper, and everything."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.utils.translation import get_language

from clearpath.journeys import queries as journeys
from clearpath.records import taking_home
from clearpath.web.request import PageRequest


@login_required
def summary(request: PageRequest, journey_id: UUID) -> HttpResponse:
    """The International Patient Summary, in the language of the page or the one that was asked for."""
    journey = journeys.journey_for(request.actor, journey_id)
    document = taking_home.summary_for(request.actor, journey, language=_language(request))
    return _download(document.content, "application/fhir+json", f"summary-{journey.reference}.json")


@login_required
def paper(request: PageRequest, journey_id: UUID) -> HttpResponse:
    """The same as PDF."""
    journey = journeys.journey_for(request.actor, journey_id)
    pdf = taking_home.paper_for(request.actor, journey, language=_language(request))
    return _download(pdf, "application/pdf", f"summary-{journey.reference}.pdf")


@login_required
def everything(request: PageRequest, journey_id: UUID) -> FileResponse:
    """Every file as it was received, with the summary, as one ZIP archive."""
    journey = journeys.journey_for(request.actor, journey_id)
    archive = taking_home.everything_for(request.actor, journey, language=_language(request))
    name = f"records-{journey.reference}.zip"
    response = FileResponse(archive, as_attachment=True, filename=name, content_type="application/zip")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _language(request: PageRequest) -> str:
    return request.GET.get("language", "") or get_language() or "en"


def _download(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
