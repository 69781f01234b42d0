"""One record, opened; and everything that doctors wrote on a journey."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from clearpath.journeys import queries as journeys
from clearpath.records import queries
from clearpath.records.defects import grouped, letter
from clearpath.records.pages import entries
from clearpath.records.received import EXTENSIONS, LARGEST, LARGEST_ARCHIVE, NAMES, scanner
from clearpath.records.written import side_by_side
from clearpath.web.request import PageRequest


@login_required
def record(request: PageRequest, record_id: UUID) -> HttpResponse:
    """A record as a summary, one entry of it, or as a file to download where nothing in it can be read here."""
    opened = queries.record_for(request.actor, record_id)
    told = entries.told(request, opened)
    if isinstance(told, HttpResponse):
        return told
    context = {"row": opened.row, "opened": opened, "showing": opened.showing}
    return render(request, "records/record.html", context | told | _defects(opened))


def _defects(opened: queries.OpenedRecord) -> dict[str, object]:
    """The defects by rule, and a letter about them in English and in the reader's language."""
    defects = grouped(opened.findings)
    languages = dict.fromkeys(["en", get_language() or "en"]) if defects else {}
    title, received_at = opened.row.title, opened.row.received_at
    letters = [
        (each, letter(defects, title=title, sha256=opened.sha256, received_at=received_at, language=each))
        for each in languages
    ]
    return {"defects": defects, "letters": letters}


@login_required
def preview(request: PageRequest, record_id: UUID) -> HttpResponse:
    """A picture of a record, drawn anew: what a browser may show of bytes that came from elsewhere."""
    found = queries.preview_for(request.actor, record_id)
    if found is None:
        raise Http404
    content, media_type = found
    response = HttpResponse(content, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
def download(request: PageRequest, record_id: UUID) -> HttpResponse:
    """The very bytes that were received: always downloaded, never shown by the browser."""
    opened = queries.record_for(request.actor, record_id)
    return as_download(opened.content, record_id, opened.media_type)


def as_download(content: bytes, key: UUID, media_type: str) -> HttpResponse:
    """Bytes of others: saved under a name of ours, as nothing that a browser would open by itself."""
    response = HttpResponse(content, content_type="application/octet-stream")
    name = f"record-{str(key)[-6:]}{EXTENSIONS.get(media_type, '')}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
def coming_in(request: PageRequest) -> HttpResponse:
    """How files are checked before they are kept, now. Holds nobody's data."""
    kinds = list(dict.fromkeys(NAMES.values()))
    context = {"is_scanned": scanner.is_configured(), "answers": scanner.answers(), "kinds": kinds}
    return render(request, "records/coming_in.html", context | {"largest": LARGEST, "largest_archive": LARGEST_ARCHIVE})


@login_required
def medical_file(request: PageRequest, journey_id: UUID) -> HttpResponse:
    """Everything that was written on a journey, as far as the reader may see it."""
    journey = journeys.journey_for(request.actor, journey_id)
    written = queries.file_for(request.actor, journey)
    context = {"journey_id": journey.pk, "written": written, "beside": side_by_side(written)}
    return render(request, "records/medical_file.html", context)
