"""One record, opened; and everything that doctors wrote on a journey."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from clearpath.core.outcomes import NotFound, Objection
from clearpath.journeys import queries as journeys
from clearpath.records import queries
from clearpath.records.pages.summary import maker_for, number_of, picture, whole_section
from clearpath.records.received import EXTENSIONS, FHIR
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
    context: dict[str, Any] = {"row": opened.row, "opened": opened}
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
    return render(request, "records/record.html", context)


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
    context = {"journey_id": journey.pk, "written": queries.file_for(request.actor, journey)}
    return render(request, "records/medical_file.html", context)
