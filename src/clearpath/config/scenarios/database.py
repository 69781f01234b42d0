"""A database for one scenario: a copy of an empty one with all migrations run, which is kept between plays."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader

NAME = "scenario.sqlite3"
OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # Nothing on it needs to survive a power cut.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA recursive_triggers=ON;"
    " PRAGMA temp_store=MEMORY;",
}


@contextmanager
def own_database(*, keep: bool = False) -> Iterator[Path]:
    """Everything inside runs on a new SQLite database. It is deleted afterwards, unless it is to be kept.

    What ends with an error is not kept.
    """
    folder = Path(tempfile.mkdtemp(prefix="clearpath-scenario-"))
    kept = False
    try:
        path = folder / NAME
        shutil.copyfile(template(), path)
        with connected_to(path):
            yield path
        kept = keep
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


def template() -> Path:
    """An empty database with every migration of this installation run; made when it is first needed."""
    folder = settings.HOME / "scenarios"
    path: Path = folder / f"empty-{migrations_digest()}.sqlite3"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = Path(tempfile.mkdtemp(dir=folder)) / NAME
        with connected_to(made):
            call_command("migrate", verbosity=0, interactive=False)
        for old in folder.glob("empty-*.sqlite3"):
            old.unlink(missing_ok=True)
        os.replace(made, path)  # in one stroke: two may be making it
        shutil.rmtree(made.parent)
    return path


def migrations_digest() -> str:
    """Changes whenever a migration does."""
    digest = hashlib.sha256()
    for config in sorted(apps.get_app_configs(), key=lambda each: each.label):
        module, _explicit = MigrationLoader.migrations_module(config.label)
        folder = Path(config.path) / "migrations" if module else Path()
        for file in sorted(folder.glob("[0-9]*.py")) if module else []:
            digest.update(f"{config.label}/{file.name}\n".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def connected_to(path: Path) -> Iterator[None]:
    """Point the default connection of this thread to a SQLite file."""
    before: dict[str, Any] = connections.settings["default"]
    connection = connections["default"]
    there = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": OPTIONS}
    connections.settings["default"] = connections.configure_settings({"default": there})["default"]
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()  # the last one to close writes everything into the one file
        connections.settings["default"] = before
        connections["default"] = connection
