"""`clearpath settings`: every variable that Clearpath reads, what it is for, and what it is now."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from clearpath.config.environment import KNOWN, Setting

PAGE = """# Settings

Written by `clearpath settings --markdown`; a test compares. Clearpath is configured by these variables of the
environment alone, and starts without any of them. `clearpath settings` shows what they are where you run it;
secrets are never printed.

| variable | default | what it is for |
|---|---|---|
{rows}
"""


class Command(BaseCommand):
    help = "Lists every CLEARPATH_* variable: its value here, its default, what it is for. Secrets are never printed."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="one JSON document on standard output")
        form.add_argument("--markdown", action="store_true", help="the reference page: defaults, not what is set here")

    def handle(self, *_args: Any, **options: Any) -> None:
        settings = sorted(KNOWN.values(), key=lambda setting: setting.name)
        if options["json"]:
            self.stdout.write(json.dumps([as_json(setting) for setting in settings], ensure_ascii=False, indent=2))
        elif options["markdown"]:
            self.stdout.write(PAGE.format(rows="\n".join(map(as_row, settings))), ending="")
        else:
            self.print_table(settings)

    def print_table(self, settings: list[Setting]) -> None:
        rows = [("variable", "value", "from", "what it is for")]
        rows += [(each.name, shown(each), source(each), each.says) for each in settings]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def shown(setting: Setting) -> str:
    """The value, or for a secret only that there is one."""
    return "(secret)" if setting.secret and setting.value else setting.value


def source(setting: Setting) -> str:
    return "environment" if setting.given else "default"


def as_json(setting: Setting) -> dict[str, Any]:
    return {
        "name": setting.name,
        "value": shown(setting),
        "given": setting.given,
        "default": setting.default,
        "secret": setting.secret,
        "says": setting.says,
    }


def as_row(setting: Setting) -> str:
    default = f"`{setting.default}`" if setting.default else ""
    return f"| `{setting.name}` | {default} | {setting.says} |"
