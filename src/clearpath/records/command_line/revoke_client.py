"""End what a program may do over FHIR, at once: its secret and its tokens are worth nothing any more."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.utils import timezone

from clearpath.core.outcomes import NotFound
from clearpath.records import clients

HELP = "shut a program out"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("client", metavar="CLIENT_ID")


def run(options: Mapping[str, Any], write: Callable[[str], object], tell: Callable[[str], object]) -> int:
    try:
        client = clients.revoke(UUID(options["client"]), at=timezone.now())
    except ValueError:
        raise CommandError(f"{options['client']!r} is no client_id.", returncode=2) from None
    except NotFound as missing:
        tell(str(missing.objection.message))
        return 1
    write(json.dumps({"client_id": str(client.pk)}) if options["json"] else f"{client.name} is shut out.")
    return 0
