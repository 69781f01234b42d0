"""Scenarios: a story in a file, played through the real steps on a database of its own.

`document.read` reads one with every mistake at once, `play.play` plays it, `database.own_database` is where.
The format is in docs/reference/scenarios.md; those that ship with Clearpath are in `shipped/`.
"""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "shipped"


def shipped() -> dict[str, Path]:
    """The scenarios that ship with Clearpath, by name."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}
