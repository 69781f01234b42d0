"""A group of commands such as `clearpath offers`: a package `command_line` with one module for each act, as typed.

A module has HELP, `add_arguments(parser)` and `run(options, write, tell) -> int`: `write` is standard output, `tell`
standard error, the result is the exit code. Its own docstring is what `--help` says.
"""

import importlib
import pkgutil
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast

from django.core.management.base import BaseCommand, CommandError

Write = Callable[[str], object]


class Act(Protocol):
    """One thing that a group can do."""

    HELP: str
    __doc__: str | None

    def add_arguments(self, parser: ArgumentParser) -> None: ...

    def run(self, options: Mapping[str, Any], write: Write, tell: Write) -> int: ...


def acts_in(package: str) -> dict[str, Act]:
    """Every act by its name; a module `import_` is typed `import`, `add_client` is typed `add-client`."""
    names = sorted(each.name for each in pkgutil.iter_modules(importlib.import_module(package).__path__))
    return {
        name.rstrip("_").replace("_", "-"): cast(Act, importlib.import_module(f"{package}.{name}")) for name in names
    }


class Group(BaseCommand):
    """A group of commands: `acts` names its package. Exit 0 done, 1 the answer is no, 2 used wrongly."""

    acts: str
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        choices = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        for name, act in acts_in(self.acts).items():
            one = choices.add_parser(name, help=act.HELP, description=act.__doc__)
            act.add_arguments(one)
            one.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *_args: Any, act: str, **options: Any) -> None:
        try:
            code = acts_in(self.acts)[act].run(options, self.stdout.write, self._tell)
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.", returncode=2) from None
        if code:
            raise SystemExit(code)

    def _tell(self, text: str) -> None:
        """A line of its own, but for progress, which writes over the line before."""
        self.stderr.write(text, str, ending="" if "\r" in text else "\n")
