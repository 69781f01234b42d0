"""`clearpath marketing`: bring leads in, and say which channel brought what."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clearpath.marketing.command_line import acts


class Command(BaseCommand):
    help = "Brings leads in from files, divides what was brought. Exit 0 done, 1 the answer is no, 2 used wrongly."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        choices = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        for name, act in acts().items():
            one = choices.add_parser(name, help=act.HELP, description=act.__doc__)
            act.add_arguments(one)
            one.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *_args: Any, act: str, **options: Any) -> None:
        try:
            code = acts()[act].run(options, self.stdout.write, lambda text: self.stderr.write(text, str))
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.", returncode=2) from None
        if code:
            raise SystemExit(code)
