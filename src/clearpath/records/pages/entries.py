"""What the page of a record that is FHIR shows: its summary and its entries, or one entry field by field."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clearpath.core.outcomes import NotFound, Objection
from clearpath.records.pages.summary import maker_for, number_of, picture, whole_section
from clearpath.records.queries import OpenedRecord
from clearpath.records.received import FHIR
from clearpath.records.summary import Source, summary_of
from clearpath.records.summary.fields import opened as entry_of
from clearpath.records.summary.resources import Json, Resources, parsed, text_of
from clearpath.records.summary.rows import cleaned
from clearpath.records.summary.sayings import concept

PAGE = 100  # entries


def told(request: HttpRequest, opened: OpenedRecord) -> HttpResponse | dict[str, Any]:
    """The context for the page of a record, or the page itself where all of one section is asked for."""
    root = parsed(opened.content) if opened.media_type == FHIR else None
    if root is None:
        return {"is_fhir": False}
    wanted = number_of(request, "entry")
    if wanted is not None:
        return {"is_fhir": True} | _one(opened.content, root, wanted)
    row = opened.row
    found = summary_of([Source(row.id, row.title, opened.content, row.received_at, row.received_from)])
    address = reverse("records:record", args=[row.id])
    if section := whole_section(request, found, address):
        return section
    whole = _all(root, start=number_of(request, "from") or 0)
    return {"is_fhir": True} | picture(found, maker_for(address, is_one=True)) | whole


def _one(content: bytes, root: Json, number: int) -> dict[str, Any]:
    found = entry_of(root, content, number)
    if found is None:
        raise NotFound(Objection("no_such_entry", _("This record has no such entry.")))
    return {
        "entry": found,
        "told": cleaned(found.html) if found.html else "",
        "entry_place": number + 1,
        "entry_count": len(Resources(root).entries),
    }


def _all(root: Json, *, start: int) -> dict[str, Any]:
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
