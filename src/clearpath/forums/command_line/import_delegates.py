"""Brings delegates of a forum in from a file: Excel (.xlsx) or CSV, in the name of its organizer.

Columns: organisation, trade, person, email, and where they are known registration, offers, wants, languages,
countries, least, most, booth, arrives, leaves, wishes, not. Good lines are taken, the others told with what to do.
`--preview` only looks. Exit 1 when any line was left out, or the file cannot be read.
"""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from clearpath.charter.actor import Actor
from clearpath.core.acts import Write
from clearpath.core.faults import Fault, UnreadableSheet
from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.forums import queries, steps
from clearpath.forums.delegate_forms import judged_for
from clearpath.forums.models import Forum
from clearpath.forums.steps import Imported
from clearpath.parties import queries as parties
from clearpath.parties.hats import Hat, actor_of

HELP = "bring delegates in from a file; exit 1 when any line was left out"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="CSV or Excel (.xlsx)")
    parser.add_argument("forum", metavar="FORUM", help="its name or its key")
    parser.add_argument("--preview", action="store_true", help="say what is wrong and take nobody in")


def run(options: Mapping[str, Any], write: Write, tell: Write) -> int:
    forum = forum_called(options["forum"])
    by = organizer_of(forum)
    try:
        judged = judged_for(forum, options["file"].read_bytes())
    except UnreadableSheet as unreadable:
        tell(f"{options['file']}: {unreadable.says}\n")
        return 1
    imported = Imported()
    if judged.delegates and not options["preview"]:
        try:
            imported = steps.import_delegates(forum, judged.delegates, by=by)
        except (Refused, NotYourPart) as refusal:
            tell(f"{refusal}\n")
            return 1
    faults = sorted([*judged.faults, *imported.faults], key=lambda each: each.line)
    shape = _as_json if options["json"] else _as_text
    write(shape(len(judged.delegates), imported, faults))
    return int(bool(faults))


def forum_called(text: str) -> Forum:
    """By its name or key. Raises CommandError."""
    found = queries.forums_called(text)
    if len(found) != 1:
        says = "No forum is" if not found else "Several forums are"
        raise CommandError(f"{says} called {text!r}. Give its key.", returncode=2)
    return found[0]


def organizer_of(forum: Forum) -> Actor:
    """The first by name who works for the organizer. Raises CommandError."""
    people = parties.members_of(forum.organizer_id, "organizer")
    if not people:
        raise CommandError("Nobody works for the organizer of this forum.", returncode=2)
    return actor_of(people[0], Hat("organizer", forum.organizer_id), now=timezone.now())


def _as_json(good: int, imported: Imported, faults: list[Fault]) -> str:
    told = [{"line": each.line, "column": each.column, "code": each.code, "says": str(each.says)} for each in faults]
    counts = {"good": good, "taken": imported.taken, "there": imported.there, "guests": imported.guests}
    return json.dumps(counts | {"faults": told}, ensure_ascii=False, indent=2)


def _as_text(good: int, imported: Imported, faults: list[Fault]) -> str:
    told = [f"line {each.line}  {each.column or '-'}  {each.says}" for each in faults]
    counts = f"{imported.taken} taken ({imported.guests} guests), {imported.there} there before"
    return "\n".join([*told, f"{good} good lines: {counts}"])
