"""Work for later: files of leads are taken in and forgotten, results are noted, agencies' tools are told of them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from clearpath import jobs
from clearpath.marketing import conversions, lead_files, once, results, webhooks
from clearpath.marketing.models import Campaign, LeadFile
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
    conversions.note_conversions(now=now)
    webhooks.queue(now=now)


@jobs.handler("marketing.tell_webhook")
def tell_webhook(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Tell an agency's tools what was noted on a day. Tried again when they do not take it."""
    campaign = Campaign.objects.get(pk=UUID(payload["campaign"]))
    webhooks.tell(campaign, date.fromisoformat(payload["day"]), int(payload["part"]), now=now)


jobs.every(3_600, "marketing.sweep_lead_files")
jobs.every(86_400, "marketing.forget_answers")
jobs.every(86_400, "marketing.note_results")
