"""What must be in place before pages are served; each part is done only when something changed."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from clearpath.config.supervisor import end_with_parent
from clearpath.parties.queries import steward_ids

Tell = Callable[[str], None]


def prepare(tell: Tell) -> None:
    """Bring database and static files up to date and, in demo mode, load the demo network."""
    settings.HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    for secret in (settings.SECRET_KEY, settings.VAULT_KEY, settings.SIGNING_KEY):
        str(secret)  # made now, or whoever keeps copies would find one missing
    if settings.DEMO and is_missing(connection.settings_dict):
        make_demo_database(tell)
    prepare_database(tell)
    if settings.DEMO and not steward_ids():
        call_command("demo", "load")
    prepare_static_files(tell)


def is_missing(database: dict[str, Any]) -> bool:
    return database["ENGINE"].endswith("sqlite3") and not Path(database["NAME"]).exists()


def make_demo_database(tell: Tell) -> None:
    """Make the demo network in a file of its own that takes its place when it is whole.

    Its steps commit one by one; were it made in place, whoever stops in the middle would keep half a network.
    """
    place = Path(connection.settings_dict["NAME"])
    draft = place.with_name(f"{place.name}.draft")
    for leftover in place.parent.glob(f"{draft.name}*"):
        leftover.unlink()
    tell("Making the database and the demo network; this is done once and takes a minute or two.")
    for command in (["migrate", "--verbosity", "0"], ["demo", "load"]):
        run_on(draft, command)
    with closing(sqlite3.connect(draft)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # everything into the one file that is moved
    draft.replace(place)


def run_on(file: Path, command: list[str]) -> None:
    """Run a command of ours on another database. Raises CommandError when it fails."""
    process = subprocess.Popen(  # noqa: S603 - our own command line
        [sys.executable, "-m", "clearpath.config.manage", *command],
        env={**os.environ, "CLEARPATH_DATABASE": f"sqlite:///{file}"},
        start_new_session=True,
        preexec_fn=end_with_parent,
    )
    try:
        status = process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
    if status:
        raise CommandError(f"`clearpath {' '.join(command)}` failed with status {status}.")


def prepare_database(tell: Tell) -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        tell("Preparing the database.")
        call_command("migrate", interactive=False, verbosity=0)


def prepare_static_files(tell: Tell) -> None:
    note = settings.HOME / "static.digest"
    now = digest_of_static_files()
    collected = (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()
    if collected and note.exists() and note.read_text() == now:
        return
    tell("Collecting style sheets, fonts and scripts.")
    call_command("collectstatic", interactive=False, verbosity=0)
    note.write_text(now)


def digest_of_static_files() -> str:
    """Names, sizes and times of all static files, without reading them."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
