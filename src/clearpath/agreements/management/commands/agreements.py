"""`clearpath agreements`: whether a fee is lawful there, and the table of rules that says so."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clearpath.agreements.command_line import acts
from clearpath.agreements.fee_table import FeeTableError


class Command(BaseCommand):
    help = "Says whether fees are lawful, by a table of rules. Exit 0 done, 1 the answer is no, 2 used wrongly."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        choices = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        for name, act in acts().items():
            one = choices.add_parser(name, help=act.HELP, description=act.__doc__)
            act.add_arguments(one)

    def handle(self, *_args: Any, act: str, **options: Any) -> None:
        try:
            code = acts()[act].run(options, self.stdout.write)
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.", returncode=2) from None
        except FeeTableError as error:
            raise CommandError(str(error), returncode=2) from None
        if code:
            raise SystemExit(code)
