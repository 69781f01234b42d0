"""What `clearpath agreements` can do: one module for each act.

A module has HELP, `add_arguments(parser)` and `run(options, write) -> int`: `write` is standard output, the result is
the exit code. No act asks the database.
"""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from clearpath.agreements import fee_table
from clearpath.agreements.fee_table import Rule

Write = Callable[[str], object]
HELP_NOT_ADVICE = "This is help, not legal advice: read the source, and ask somebody who knows the law of the place."


class Act(Protocol):
    HELP: str
    __doc__: str | None

    def add_arguments(self, parser: ArgumentParser) -> None: ...

    def run(self, options: Mapping[str, Any], write: Write) -> int: ...


def acts() -> dict[str, Act]:
    """Every act by its name."""
    return {
        name: cast(Act, import_module(f"{__name__}.{name.replace('-', '_')}")) for name in ("check-fee", "fee-rules")
    }


def add_rules(parser: ArgumentParser) -> None:
    """The options that every act has."""
    parser.add_argument("--rules", type=Path, metavar="FILE", help="another table of the same form (default: ours)")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def table(options: Mapping[str, Any]) -> tuple[Rule, ...]:
    """The table that was asked for. Raises OSError, FeeTableError."""
    path: Path | None = options["rules"]
    return fee_table.rules() if path is None else fee_table.read(path.read_bytes(), name=str(path))


def share(bps: int) -> str:
    """Hundredths of a percent for people: 1250 is 12.5 %."""
    return f"{bps / 100:g} %"
