"""`clearpath charter`: check, show, diff and explain the charter."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from clearpath.charter import command_line


class Command(BaseCommand):
    help = "Checks, shows, compares and explains charters. Exit 0 yes, 1 the answer is no, 2 used wrongly."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        command_line.add_arguments(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        code = command_line.run(options, self.stdout, _Plain(self.stderr))
        if code:
            raise SystemExit(code)


class _Plain:
    """Django writes to standard error in red; progress is no alarm."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def write(self, text: str, /) -> None:
        self.stream.write(text, str)
