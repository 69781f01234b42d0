"""Let a program of an organisation read and write over FHIR. Its secret is printed once and kept nowhere."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from clearpath.core.outcomes import Refused
from clearpath.parties import queries as parties
from clearpath.records import clients

HELP = "let a program of an organisation in over FHIR"
READS = ["system/*.rs"]


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("organisation", metavar="ORGANISATION", help="its name or its key")
    parser.add_argument("role", metavar="ROLE", help="the one role in which the program acts, such as provider")
    parser.add_argument(
        "--scope",
        action="append",
        metavar="SCOPE",
        help="the most that it may ask for, as SMART v2 writes it; several times (default: system/*.rs, reading)",
    )
    parser.add_argument("--name", default="", help="what the program is called (default: its organisation and role)")
    parser.add_argument("--person", default="", metavar="EMAIL", help="who answers for it (default: the first there)")


def run(options: Mapping[str, Any], write: Callable[[str], object], tell: Callable[[str], object]) -> int:
    organisation_id, organisation = the_one(options["organisation"])
    name = options["name"] or f"{organisation}, {options['role']}"
    scopes = options["scope"] or READS
    try:
        client, secret = clients.register(
            organisation_id, options["role"], name=name, email=options["person"], scopes=scopes, at=timezone.now()
        )
    except Refused as refused:
        tell(str(refused.objection.message))
        return 1
    if options["json"]:
        write(json.dumps({"client_id": str(client.pk), "client_secret": secret, "scope": client.scopes, "name": name}))
    else:
        write(f"client_id      {client.pk}\nclient_secret  {secret}\nscope          {client.scopes}")
        tell("The secret is shown this once. Keep it where the program reads it, and nowhere else.")
    return 0


def the_one(text: str) -> tuple[Any, str]:
    """The organisation of this name or key. Raises CommandError when there is none, or several."""
    found = parties.called(text)
    if len(found) != 1:
        says = "There is no organisation" if not found else "Several organisations are"
        raise CommandError(f"{says} called {text!r}. Give its key.", returncode=2)
    return found[0]
