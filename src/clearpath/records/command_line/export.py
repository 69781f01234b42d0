"""Hands the records of a journey out, for who keeps the machine: the patient summary, or every file as received.

Each is noted in the journey's log, as done by the network, and the patient sees it.
"""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError
from django.utils import timezone

from clearpath.charter.actor import Actor
from clearpath.core.acts import Write
from clearpath.journeys import queries as journeys
from clearpath.records import taking_home
from clearpath.records.going_home import document_of_journey
from clearpath.records.models import Record
from clearpath.records.reads import note_read

if TYPE_CHECKING:
    from clearpath.journeys.models import Journey

HELP = "write the patient summary of a journey, or its files as they were received"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("journey", metavar="JOURNEY", help="its reference or its key")
    parser.add_argument("--ips", type=Path, metavar="OUT", help="write an International Patient Summary to this file")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="write every file as it was received to this folder")
    parser.add_argument("--language", metavar="CODE", default="", help="of the summary (default: the patient's)")


def run(options: Mapping[str, Any], write: Write, tell: Write) -> int:
    if not options["ips"] and not options["all"]:
        raise CommandError("Say what to write: --ips OUT, --all FOLDER, or both.", returncode=2)
    journey = journeys.journey_called(options["journey"])
    if journey is None:
        raise CommandError(f"No journey is called {options['journey']!r}.", returncode=2)
    told: dict[str, Any] = {"journey": journey.reference}
    if options["ips"]:
        told |= _summary(journey, options["ips"], options["language"] or journey.language)
    if options["all"]:
        told["files"] = _files(journey, options["all"], tell)
    write(json.dumps(told, ensure_ascii=False, indent=2) if options["json"] else _table(told))
    return 0


def _summary(journey: "Journey", out: Path, language: str) -> dict[str, Any]:
    by = Actor(role="network", now=timezone.now())
    document = document_of_journey(journey, language=language, at=by.now)
    note_read(by, journey.pk, "records.take_summary", ("journeys.journey", journey.pk))
    out.write_bytes(document.content)
    left_out = [{"what": each.what, "why": each.why} for each in document.left_out]
    return {"ips": str(out), "language": document.language, "left_out": left_out}


def _files(journey: "Journey", folder: Path, tell: Write) -> list[str]:
    by = Actor(role="network", now=timezone.now())
    note_read(by, journey.pk, "records.take_everything", ("journeys.journey", journey.pk))
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, _at, content in taking_home.files_of(Record.objects.filter(journey_id=journey.pk).order_by("pk")):
        (folder / name).write_bytes(content)
        written.append(str(folder / name))
        tell(f"{name}\n")
    return written


def _table(told: Mapping[str, Any]) -> str:
    lines = [f"Journey {told['journey']}"]
    if "ips" in told:
        lines.append(f"Summary in {told['language']}: {told['ips']}")
        lines += [f"  not carried over: {each['what']} ({each['why']})" for each in told["left_out"]]
    lines += [f"File: {each}" for each in told.get("files", ())]
    return "\n".join(lines)
