"""Which table of fee rules a command was asked about, and how its answers are written."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from clearpath.agreements import fee_table
from clearpath.agreements.fee_table import FeeTableError, Rule

HELP_NOT_ADVICE = "This is help, not legal advice: read the source, and ask somebody who knows the law of the place."


def add_rules(parser: ArgumentParser) -> None:
    """The option that every act has."""
    parser.add_argument(
        "--rules", type=Path, metavar="FILE", help="another table of the same form (default: the network's)"
    )


def table(options: Mapping[str, Any]) -> tuple[Rule, ...]:
    """The table that was asked for. Raises OSError, CommandError."""
    path: Path | None = options["rules"]
    if path is None:
        return fee_table.rules()
    try:
        return fee_table.read(path.read_bytes(), name=str(path))
    except FeeTableError as error:
        raise CommandError(str(error), returncode=2) from None


def share(bps: int) -> str:
    """Hundredths of a percent for people: 1250 is 12.5 %."""
    return f"{bps / 100:g} %"
