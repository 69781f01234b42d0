"""Every program that was let in over FHIR, the newest first."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from clearpath.records import clients

HELP = "list the programs that were let in over FHIR"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="also those that were revoked")


def run(options: Mapping[str, Any], write: Callable[[str], object], tell: Callable[[str], object]) -> int:
    rows = [each for each in clients.rows() if options["all"] or each.revoked_at is None]
    if options["json"]:
        write(json.dumps([asdict(each) for each in rows], default=str))
        return 0
    for each in rows:
        ended = f"  revoked {each.revoked_at:%Y-%m-%d}" if each.revoked_at else ""
        write(f"{each.id}  {each.name}  {each.role}  {each.scopes}  answers: {each.person}{ended}")
    if not rows:
        tell("No program was let in.")
    return 0
