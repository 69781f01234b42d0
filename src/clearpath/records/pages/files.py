"""One record, opened; and everything that doctors wrote on a journey."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from clearpath.journeys import queries as journeys
from clearpath.records import queries
from clearpath.records.received import EXTENSIONS
from clearpath.records.written import side_by_side
from clearpath.web.request import PageRequest


@login_required
def record(request: PageRequest, record_id: UUID) -> HttpResponse:
    """A record as a summary, or as a file to download where nothing in it can be read here."""
    opened = queries.record_for(request.actor, record_id)
    return render(request, "records/record.html", {"row": opened.row, "opened": opened, "reading": opened.reading})


@login_required
def download(request: PageRequest, record_id: UUID) -> HttpResponse:
    """The very bytes that were received: always downloaded, never shown by the browser."""
    opened = queries.record_for(request.actor, record_id)
    response = HttpResponse(opened.content, content_type="application/octet-stream")
    name = f"record-{str(record_id)[-6:]}{EXTENSIONS.get(opened.media_type, '')}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
def medical_file(request: PageRequest, journey_id: UUID) -> HttpResponse:
    """Everything that was written on a journey, as far as the reader may see it."""
    journey = journeys.journey_for(request.actor, journey_id)
    written = queries.file_for(request.actor, journey)
    context = {"journey_id": journey.pk, "written": written, "beside": side_by_side(written)}
    return render(request, "records/medical_file.html", context)
