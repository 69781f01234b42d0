"""Files of leads that an agency sent: kept sealed until they are taken in or a day has passed, for the agency alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clearpath import jobs
from clearpath.charter.actor import Actor
from clearpath.core.identifiers import new_id
from clearpath.core.outcomes import NotFound, Objection, refuse_if
from clearpath.core.sheets import read_sheet
from clearpath.marketing import policies, queries
from clearpath.marketing.incoming.judging import Defaults, Judged, judge
from clearpath.marketing.incoming.taking import TAKEN, THERE, take_in
from clearpath.marketing.models import LeadFile
from clearpath.trust import vault

KEPT = timedelta(days=1)
MOST_FAULTS = 1_000  # told of one file; whoever corrects these sends it again
SAYS = 300  # characters
NO_SUCH_FILE = Objection("no_such_file", _("There is no such file."))


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody says of a file besides its content."""

    title: str
    country: str = ""
    language: str = ""
    channel: str = ""
    consent_wording: str = ""
    consent_language: str = ""
    time_zone: str = "UTC"

    def defaults(self) -> Defaults:
        return Defaults(
            zone=ZoneInfo(self.time_zone),
            country=self.country,
            language=self.language,
            channel=self.channel,
            consent_wording=self.consent_wording,
            consent_language=self.consent_language,
        )

    def kept(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "title"}


def file_for(actor: Actor, file_id: UUID) -> LeadFile:
    """Of the actor's own agency. Raises NotFound alike for a missing file and for one of others."""
    own = LeadFile.objects.filter(agency_id=actor.organisation_id).select_related("campaign")
    found = own.filter(pk=file_id).first() if actor.role == "agency" else None
    if found is None:
        raise NotFound(NO_SUCH_FILE)
    return found


def look_at(campaign_id: UUID, content: bytes, given: Given, *, by: Actor) -> LeadFile:
    """Read and judge a file, and keep it sealed until its sender says what becomes of it.

    Raises NotFound, Refused (campaign_not_running), UnreadableSheet.
    """
    campaign = queries.campaign_for(by, campaign_id)
    refuse_if(policies.why_not_send_leads(campaign.stage, is_theirs=campaign.agency_id == by.organisation_id))
    judged = judge(read_sheet(content), given.defaults(), now=by.now)
    key = new_id()
    with transaction.atomic():
        return LeadFile.objects.create(
            id=key,
            campaign=campaign,
            agency_id=by.party,
            title=given.title[:120],
            kind=judged.kind,
            sealed=vault.seal(content, about=key),
            defaults=given.kept(),
            good_lines=len(judged.people),
            bad_lines=judged.bad_lines,
            faults=told(judged),
            sent_at=by.now,
            sent_by_id=by.somebody,
        )


def told(judged: Judged) -> list[list[Any]]:
    """Line, column, code and sentence of the first faults, by line; never what stood in a cell."""
    return [
        [each.line, each.column[:SAYS], each.code, str(each.says)]
        for each in sorted(judged.faults, key=lambda each: each.line)[:MOST_FAULTS]
    ]


def ask_to_take_in(file: LeadFile, *, by: Actor) -> None:
    """Have the good lines taken in by the worker; asked twice is asked once."""
    refuse_if(policies.why_not_take_in(is_empty=file.sealed is None, good_lines=file.good_lines))
    with transaction.atomic():
        LeadFile.objects.filter(pk=file.pk, asked_at=None).update(asked_at=by.now)
        jobs.later("marketing.take_in_leads", {"file": str(file.pk)}, key=f"lead file {file.pk}")


def take_in_file(file_id: UUID, *, by: Actor) -> None:
    """Take in every good line and forget the content. Called again after a crash, it takes no line twice."""
    file = LeadFile.objects.get(pk=file_id)
    if file.sealed is None:
        return
    content = vault.open_sealed(bytes(file.sealed), about=file.pk)
    judged = judge(read_sheet(content), Given(file.title, **file.defaults).defaults(), now=file.sent_at)
    answers = list(take_in(judged.people, campaign_id=file.campaign_id, by=by))
    refused = [[each.line, "", each.code, str(each.says)] for each in answers if each.outcome not in {TAKEN, THERE}]
    file.taken = sum(each.outcome == TAKEN for each in answers)
    file.there = sum(each.outcome == THERE for each in answers)
    file.faults = sorted(file.faults + refused)[:MOST_FAULTS]
    file.bad_lines, file.done_at = file.bad_lines + len(refused), by.now
    _forget(file)
    file.save()


def discard(file: LeadFile) -> None:
    """Forget a file that is not to be taken in."""
    with transaction.atomic():
        vault.erase(file.pk)
        file.delete()


def sweep(*, now: datetime) -> int:
    """Forget the content of files that nobody took in within a day; return of how many."""
    old = list(LeadFile.objects.filter(sealed__isnull=False, asked_at=None, sent_at__lte=now - KEPT))
    for file in old:
        _forget(file)
        file.save(update_fields=["sealed"])
    return len(old)


def _forget(file: LeadFile) -> None:
    file.sealed = None
    vault.erase(file.pk)
