"""Adds files to a journey, each by the step `records.add`, which decides as it does on a page.

Every file is answered: added, another version of one that is there, there already, or refused and why. What is good
stays when another file is refused. Exit 1 when any was refused.
"""

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from clearpath.charter.actor import Actor
from clearpath.core.acts import Write
from clearpath.core.outcomes import Refused
from clearpath.journeys import queries as journeys
from clearpath.records import steps
from clearpath.records.models import Record
from clearpath.records.received import NAMES, examine
from clearpath.turns.subject import Subject

HELP = "add files to a journey; exit 1 when any was refused"
ADDED, VERSION, THERE, REFUSED = "added", "another_version", "already_there", "refused"
WORDS = {ADDED: "added", VERSION: "added as another version", THERE: "already there", REFUSED: "refused"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one file. `code` and `says` are those of a refusal."""

    file: str
    outcome: str
    record: str = ""
    kind: str = ""
    parts: int = 0  # records made of the files in an archive
    defects: int | None = None
    code: str = ""
    says: str = ""


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("journey", metavar="JOURNEY", help="its reference or its key")
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help="a file, or a folder of them")
    parser.add_argument(
        "--as",
        dest="role",
        choices=["patient", "facilitator"],
        required=True,
        help="on whose behalf; a facilitator only where the patient appointed them",
    )
    parser.add_argument("--from", dest="received_from", default="", metavar="WHO", help="who made the files")
    parser.add_argument(
        "--confirmed", action="store_true", help="you looked: where a name is spelled otherwise, it is the patient's"
    )


def run(options: Mapping[str, Any], write: Write, tell: Write) -> int:
    journey = journeys.journey_called(options["journey"])
    if journey is None:
        raise CommandError(f"No journey is called {options['journey']!r}.", returncode=2)
    by = _actor(journey, options["role"])
    answers: list[Answer] = []
    files = list(_files(options["files"]))
    for answer in _taken(journey, by, files, options):
        answers.append(answer)
        tell(f"{len(answers)} of {len(files)}: {answer.file}\n")
    if options["json"]:
        write(json.dumps([asdict(each) for each in answers], ensure_ascii=False, indent=2))
    else:
        for each in answers:
            write(_line(each))
    return int(any(each.outcome == REFUSED for each in answers))


def _actor(journey: Subject, role: str) -> Actor:
    """Who acts: the patient, or somebody who works for the facilitator of the journey."""
    now = timezone.now()
    if role == "patient":
        return Actor(role="patient", now=now, person_id=journey.about_id)
    found = journeys.facilitator_of(journey)
    if found is None:
        raise CommandError("This journey has no facilitator.", returncode=2)
    organisation, person = found
    return Actor(role="facilitator", now=now, person_id=person, organisation_id=organisation)


def _files(given: Iterable[Path]) -> Iterator[Path]:
    """The files given, and in place of a folder every file in it, as on a CD of X-rays."""
    for path in given:
        yield from sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]


def _taken(journey: Subject, by: Actor, files: Iterable[Path], options: Mapping[str, Any]) -> Iterator[Answer]:
    for path in files:
        try:
            record = steps.add(
                journey,
                content=examine(path.read_bytes()),
                title=path.stem,
                received_from=options["received_from"],
                confirmed=options["confirmed"],
                by=by,
            )
            yield _added(path, record)
        except OSError as error:
            yield Answer(str(path), REFUSED, code="unreadable", says=f"It cannot be read: {error.strerror or error}.")
        except Refused as refusal:
            outcome = THERE if refusal.code == "record_already_there" else REFUSED
            yield Answer(str(path), outcome, code=refusal.code, says=str(refusal.objection.message))


def _added(path: Path, record: Record) -> Answer:
    return Answer(
        str(path),
        VERSION if record.version_of_id else ADDED,
        str(record.pk),
        str(NAMES[record.media_type]),
        record.parts.count(),
        record.defects,
    )


def _line(each: Answer) -> str:
    told = [each.kind] if each.kind else []
    if each.parts:
        told.append(f"{each.parts} records in it")
    if each.defects:
        told.append(f"{each.defects} defects")
    if each.says:
        told.append(each.says)
    return f"{WORDS[each.outcome]:<24}  {each.file}" + (f"  ({'; '.join(told)})" if told else "")
