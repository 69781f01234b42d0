"""One record, opened; and everything that doctors wrote on a journey."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clearpath.core.outcomes import NotFound, Objection
from clearpath.journeys import queries as journeys
from clearpath.records import queries
from clearpath.records.defects import grouped, letter
from clearpath.records.pages.summary import maker_for, number_of, picture, whole_section
from clearpath.records.received import EXTENSIONS, FHIR, LARGEST, LARGEST_ARCHIVE, NAMES, scanner
from clearpath.records.summary import Source, summary_of
from clearpath.records.summary.fields import opened as entry_of
from clearpath.records.summary.resources import Json, Resources, parsed, text_of
from clearpath.records.summary.rows import cleaned
from clearpath.records.summary.sayings import concept
from clearpath.web.request import PageRequest

PAGE = 100  # entries


@login_required
def record(request: PageRequest, record_id: UUID) -> HttpResponse:
    """A record as a summary, or one entry of it, or as a file to download where nothing in it can be read here."""
    opened = queries.record_for(request.actor, record_id)
    context: dict[str, Any] = {"row": opened.row, "opened": opened, "showing": opened.showing}
    root = parsed(opened.content) if opened.media_type == FHIR else None
    if root is not None:
        context |= {"is_fhir": True}
        wanted = number_of(request, "entry")
        if wanted is not None:
            context |= _one(opened.content, root, wanted)
        else:
            found = summary_of([_source(opened)])
            address = reverse("records:record", args=[record_id])
            if section := whole_section(request, found, address):
                return section
            context |= picture(found, maker_for(address, is_one=True)) | _entries(
                root, start=number_of(request, "from") or 0
            )
    return render(request, "records/record.html", context | _defects(opened))


def _one(content: bytes, root: Json, number: int) -> dict[str, Any]:
    found = entry_of(root, content, number)
    if found is None:
        raise NotFound(Objection("no_such_entry", _("This record has no such entry.")))
    count = len(Resources(root).entries)
    return {
        "entry": found,
        "told": cleaned(found.html) if found.html else "",
        "entry_place": number + 1,
        "entry_count": count,
    }


def _source(opened: queries.OpenedRecord) -> Source:
    row = opened.row
    return Source(row.id, row.title, opened.content, row.received_at, row.received_from)


def _entries(root: Json, *, start: int) -> dict[str, Any]:
    """One page of the names of all entries."""
    entries = Resources(root).entries
    kept = [
        (each.number, text_of(each.resource.get("resourceType")), concept(each.resource.get("code")))
        for each in entries[start : start + PAGE]
    ]
    return {
        "entries": kept,
        "entry_count": len(entries),
        "first_shown": start + 1,
        "before": max(0, start - PAGE) if start else None,
        "after": start + PAGE if start + PAGE < len(entries) else None,
    }


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
    context = {"journey_id": journey.pk, "written": queries.file_for(request.actor, journey)}
    return render(request, "records/medical_file.html", context)
