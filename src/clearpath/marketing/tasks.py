"""Work for later: files of leads are taken in, and forgotten when nobody asks for them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from clearpath import jobs
from clearpath.marketing import lead_files, once, results
from clearpath.marketing.models import LeadFile
from clearpath.parties.hats import Hat, actor_of


@jobs.handler("marketing.take_in_leads")
def take_in_leads(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Take in the good lines of a file, in the name of who sent it."""
    file = LeadFile.objects.select_related("sent_by").get(pk=UUID(payload["file"]))
    by = actor_of(file.sent_by, Hat("agency", file.agency_id), now=now)
    lead_files.take_in_file(file.pk, by=by)


@jobs.handler("marketing.sweep_lead_files")
def sweep_lead_files(_payload: Mapping[str, Any], *, now: datetime) -> None:
    """Forget files of leads that nobody took in."""
    lead_files.sweep(now=now)


@jobs.handler("marketing.forget_answers")
def forget_answers(_payload: Mapping[str, Any], *, now: datetime) -> None:
    """Forget what programs were answered a week ago."""
    once.forget(now=now)


@jobs.handler("marketing.note_results")
def note_results(_payload: Mapping[str, Any], *, now: datetime) -> None:
    """Note what became of leads since yesterday: once a day, so that no hour speaks of anybody."""
    results.note_results(now=now)


jobs.every(3_600, "marketing.sweep_lead_files")
jobs.every(86_400, "marketing.forget_answers")
jobs.every(86_400, "marketing.note_results")
