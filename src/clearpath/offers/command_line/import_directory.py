"""Brings a file of sites, doctors, services, packages and capacity into a provider's directory, by one step.

Good rows are taken, wrong ones are listed with row, column and what to do. Exit 1 when any row was left out.
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.utils import timezone

from clearpath.charter.actor import Actor
from clearpath.core.acts import Write
from clearpath.core.outcomes import Refused
from clearpath.offers import steps
from clearpath.offers.directory.bringing_in import read_any
from clearpath.offers.directory.kinds import KINDS
from clearpath.offers.directory.plan import Plan, plan_of, to_retire
from clearpath.offers.directory.reading import Reading
from clearpath.offers.directory.sheets import Unreadable
from clearpath.offers.progress import Progress
from clearpath.parties import queries as parties
from clearpath.turns.queries import any_subject

HELP = "bring a file into a provider's directory; exit 1 when any row was left out"
SHOWN = 50  # wrong rows in the table; --json has all


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE", type=Path, help="Excel (.xlsx), CSV of one kind, or a FHIR bundle (.json)"
    )
    parser.add_argument("--organisation", required=True, metavar="NAME", help="its name or its key")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    parser.add_argument(
        "--retire-absent", action="store_true", help="what a sheet does not name is no longer shown; nothing is deleted"
    )


def run(options: Mapping[str, Any], write: Write, tell: Write) -> int:
    provider_id, by = _provider(options["organisation"])
    progress = Progress(tell, sys.stderr.isatty())
    try:
        reading = read_any(options["file"].read_bytes(), provider_id, tell=progress)
    except Unreadable as error:
        progress.end()
        raise CommandError(f"{options['file']}: {error}", returncode=1) from None
    plan, refused = _taken(reading, provider_id, by, options, progress)
    progress.end()
    document = _document(reading, plan, options, refused)
    write(json.dumps(document, ensure_ascii=False, indent=2) if options["json"] else _table(document))
    return int(bool(reading.wrong) or (refused is not None and refused.code != "nothing_to_change"))


def _provider(called: str) -> tuple[UUID, Actor]:
    found = parties.called(called)
    if len(found) != 1:
        says = "Nothing" if not found else f"{len(found)} organisations"
        raise CommandError(f"{says} on this network is called {called!r}: give its key.", returncode=2)
    key = found[0][0]
    people = parties.members_of(key, "provider")
    if not people:
        raise CommandError(f"{found[0][1]} is no hospital or clinic of this network.", returncode=2)
    return key, Actor(role="provider", now=timezone.now(), person_id=people[0].pk, organisation_id=key)


def _taken(
    reading: Reading, provider_id: UUID, by: Actor, options: Mapping[str, Any], progress: Progress
) -> tuple[Plan, Refused | None]:
    if options["dry_run"]:
        return plan_of(provider_id, reading, retire_absent=options["retire_absent"], tell=progress), None
    retire = to_retire(reading, retire_absent=options["retire_absent"])
    organisation = any_subject("organisation", provider_id)
    try:
        return steps.update_directory(organisation, changes=reading.entries, retire=retire, tell=progress, by=by), None
    except Refused as refusal:
        return Plan(unchanged={kind: len(each) for kind, each in reading.entries.items()}), refusal


def _document(reading: Reading, plan: Plan, options: Mapping[str, Any], refused: Refused | None) -> dict[str, Any]:
    return {
        "file": str(options["file"]),
        "organisation": options["organisation"],
        "written": refused is None and not options["dry_run"],
        "says": str(refused.objection.message) if refused else "",
        "counts": plan.counts(),
        "wrong": [
            {
                "sheet": str(KINDS[row.kind].title),
                "row": row.row,
                "column": str(KINDS[row.kind].by_key[wrong.column].heading) if wrong.column else "",
                "found": row.cells.get(wrong.column, ""),
                "says": wrong.says,
            }
            for row in reading.wrong
            for wrong in row.wrong
        ],
        "notes": reading.notes,
    }


def _table(document: Mapping[str, Any]) -> str:
    lines = ["Written." if document["written"] else document["says"] or "Nothing was written: this is a dry run."]
    lines += [f"{'':<16}{'new':>10}{'changed':>10}{'retired':>10}{'unchanged':>12}"]
    for kind, counts in document["counts"].items():
        numbers = f"{counts['new']:>10,}{counts['changed']:>10,}{counts['retired']:>10,}{counts['unchanged']:>12,}"
        lines.append(f"{KINDS[kind].title!s:<16}{numbers}")
    lines += document["notes"]
    wrong = document["wrong"]
    if wrong:
        lines.append(f"Left out, {len(wrong)} to repair:")
    for each in wrong[:SHOWN]:
        where = f"{each['sheet']}, row {each['row']}" + (f", {each['column']}" if each["column"] else "")
        lines.append(f"  {where}: {each['says']}" + (f" (It says: {each['found']})" if each["found"] else ""))
    if len(wrong) > SHOWN:
        lines.append(f"  and {len(wrong) - SHOWN} more; --json lists all")
    return "\n".join(lines)
