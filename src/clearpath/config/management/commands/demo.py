"""`clearpath demo load`: the invented network, once."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from clearpath.config.demo.load import load
from clearpath.parties.queries import steward_ids


class Command(BaseCommand):
    """Load the demo network, once; a network that has begun is left as it is."""

    help = "Load the demo network: 14 invented organisations and 60 journeys, made by taking the real steps."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["load"])

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only with CLEARPATH_DEMO=1: the demo lets anybody sign in as anybody.", returncode=2)
        if steward_ids():
            self.stderr.write("The demo network is there already; nothing was changed.")
            return
        load(timezone.now(), tell=self.progress)
        self.stderr.write("")

    def progress(self, done: int, of: int) -> None:
        bar = "#" * (30 * done // of)
        sys.stderr.write(f"\rMaking the demo network [{bar:30}] {done} of {of} journeys")
        sys.stderr.flush()
