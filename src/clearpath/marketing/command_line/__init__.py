"""What `clearpath marketing` can do: one module for each act, named as it is typed.

A module has HELP, `add_arguments(parser)` and `run(options, write, tell) -> int`: `write` is standard output, `tell`
standard error, the result is the exit code.
"""

import importlib
import pkgutil
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast

Write = Callable[[str], object]


class Act(Protocol):
    HELP: str
    __doc__: str | None

    def add_arguments(self, parser: ArgumentParser) -> None: ...

    def run(self, options: Mapping[str, Any], write: Write, tell: Write) -> int: ...


def acts() -> dict[str, Act]:
    """Every act by its name."""
    names = sorted(each.name for each in pkgutil.iter_modules(__path__))
    return {
        name.rstrip("_").replace("_", "-"): cast(Act, importlib.import_module(f"{__name__}.{name}")) for name in names
    }
