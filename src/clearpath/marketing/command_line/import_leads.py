"""Brings leads in from a file: CSV as Meta and Google write it, or CSV and Excel with our own columns.

Every good line becomes a lead that is handed over at once; every other line is told with its column and what to do.
`--preview` only looks. Exit 1 when any line was refused, or the file cannot be read.
"""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import CommandError
from django.utils import timezone

from clearpath.charter.actor import Actor
from clearpath.core.acts import Write
from clearpath.core.faults import UnreadableSheet
from clearpath.core.sheets import read_sheet
from clearpath.marketing import queries
from clearpath.marketing.incoming.judging import Defaults, Judged, judge
from clearpath.marketing.incoming.taking import REFUSED, Answer, take_in
from clearpath.marketing.models import Campaign
from clearpath.parties import queries as parties
from clearpath.parties.hats import Hat, actor_of

HELP = "bring leads in from a file; exit 1 when any line was refused"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="CSV or Excel (.xlsx)")
    parser.add_argument("campaign", metavar="CAMPAIGN", help="its name or its key")
    parser.add_argument("--preview", action="store_true", help="say what is wrong and take nothing in")
    parser.add_argument("--consent-wording", default="", metavar="TEXT", help="the words that everybody here agreed to")
    parser.add_argument("--consent-language", default="", metavar="CODE", help="in which language these words were")
    parser.add_argument("--country", default="", metavar="CODE", help="where those live whose line does not say it")
    parser.add_argument("--language", default="", metavar="CODE", help="of those whose line does not say it")
    parser.add_argument("--channel", default="", metavar="WORD", help="of those whose line does not say it")
    parser.add_argument("--time-zone", default="UTC", metavar="ZONE", help="of times that do not say theirs")


def run(options: Mapping[str, Any], write: Write, tell: Write) -> int:
    campaign = campaign_called(options["campaign"])
    by = actor_for(campaign)
    try:
        judged = judge(read_sheet(options["file"].read_bytes()), _defaults(options), now=by.now)
    except UnreadableSheet as unreadable:
        tell(f"{options['file']}: {unreadable.says}\n")
        return 1
    answers = []
    if not options["preview"]:
        for answer in take_in(judged.people, campaign_id=campaign.pk, by=by):
            answers.append(answer)
            tell(f"{len(answers)} of {len(judged.people)}\n")
    write(_as_json(judged, answers) if options["json"] else _as_text(judged, answers))
    return int(bool(judged.faults) or any(each.outcome == REFUSED for each in answers))


def campaign_called(text: str) -> Campaign:
    """By its name or key. Raises CommandError."""
    found = queries.campaign_called(text)
    if len(found) != 1:
        says = "No campaign is" if not found else "Several campaigns are"
        raise CommandError(f"{says} called {text!r}. Give its key.", returncode=2)
    return found[0]


def actor_for(campaign: Campaign) -> Actor:
    """The first by name who works for the agency of the campaign. Raises CommandError."""
    people = parties.members_of(campaign.agency_id, "agency") if campaign.agency_id else []
    if not people:
        raise CommandError("Nobody works for an agency of this campaign.", returncode=2)
    return actor_of(people[0], Hat("agency", campaign.agency_id), now=timezone.now())


def _defaults(options: Mapping[str, Any]) -> Defaults:
    try:
        zone = ZoneInfo(options["time_zone"])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CommandError(f"There is no time zone {options['time_zone']!r}.", returncode=2) from None
    names = ("country", "language", "channel", "consent_wording", "consent_language")
    return Defaults(zone=zone, **{name: options[name] for name in names})


def _as_json(judged: Judged, answers: list[Answer]) -> str:
    faults = [
        {"line": each.line, "column": each.column, "code": each.code, "says": str(each.says)} for each in judged.faults
    ]
    lines = [
        {"line": each.line, "outcome": each.outcome, "token": each.token, "code": each.code, "says": str(each.says)}
        for each in answers
    ]
    document = {"kind": judged.kind, "good": len(judged.people), "bad": judged.bad_lines, "faults": faults}
    return json.dumps(document | {"lines": lines}, ensure_ascii=False, indent=2)


def _as_text(judged: Judged, answers: list[Answer]) -> str:
    told = [f"line {each.line}  {each.column or '-'}  {each.says}" for each in judged.faults]
    told += [f"line {each.line}  {each.outcome.replace('_', ' ')}  {each.token or each.says}" for each in answers]
    return "\n".join([*told, f"{len(judged.people)} good lines, {judged.bad_lines} bad ones"])
