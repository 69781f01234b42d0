"""Checks a plan against its forum, with nothing of what planned it, and adds up the prices that prove its bound.

FILE is a forum as JSON, PLAN what `clearpath forums solve FILE --json` wrote, --certificate what it wrote there. Exit 1
when a rule is broken or the bound is not proved by the certificate.
"""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from clearpath.core.acts import Write
from clearpath.forums.command_line.solve import problem_in
from clearpath.forums.planning.checker import bound_by, faults_of

HELP = "whether a plan keeps every rule of its forum, and its bound is proved; exit 1 when not"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="a forum as .json")
    parser.add_argument("plan", metavar="PLAN", type=Path, help="a plan as JSON")
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="the prices that prove the bound")


def run(options: Mapping[str, Any], write: Write, _tell: Write) -> int:
    if options["file"].suffix == ".dzn":
        raise CommandError("Only forums as .json are checked.", returncode=2)
    problem_in(options["file"])  # a file with faults is told first
    forum, plan = document_in(options["file"]), _object_in(options["plan"])
    try:
        faults = faults_of(forum, plan)
        if options["certificate"]:
            faults += _of_bound(forum, plan, _object_in(options["certificate"]))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise CommandError(f"The plan or the certificate cannot be read: {error!r}.", returncode=2) from None
    if options["json"]:
        write(json.dumps({"valid": not faults, "faults": faults}, ensure_ascii=False))
    else:
        write("\n".join(faults or ["The plan keeps every rule, and what it says of itself is true."]))
    return int(bool(faults))


def _of_bound(forum: Any, plan: Any, certificate: Any) -> list[str]:
    bound = bound_by(forum, certificate)
    if bound <= plan["bound"]:
        return []
    return [f"the certificate proves {bound}, not {plan['bound']}: a search through all plans may have proved more"]


def _object_in(file: Path) -> dict[str, Any]:
    """A plan or a certificate. Raises CommandError for anything else that is JSON."""
    found = document_in(file)
    meetings = found.get("meetings") or [] if isinstance(found, dict) else None
    if not isinstance(meetings, list) or not all(isinstance(each, dict) for each in meetings):
        raise CommandError(f"{file.name}: this is no plan or certificate of `clearpath forums solve`.", returncode=2)
    return dict(found)


def document_in(file: Path) -> Any:
    """The JSON of a file. Raises CommandError."""
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.", returncode=2) from None
    except (ValueError, RecursionError):
        raise CommandError(f"{file.name}: this is no JSON.", returncode=2) from None
