"""What must be in place before pages are served; each part is done only when something changed."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

Tell = Callable[[str], None]


def prepare(tell: Tell) -> None:
    """Bring database and static files up to date and, in demo mode, load the demo network."""
    settings.HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    prepare_database(tell)
    prepare_static_files(tell)
    if settings.DEMO:
        prepare_demo(tell)


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


def prepare_demo(tell: Tell) -> None:
    """`clearpath demo load` itself knows whether the network is there already."""
    if "demo" in get_commands():
        call_command("demo", "load", stdout=Lines(tell))
    else:
        tell("There is no demo network in this version: nobody can sign in with one click.")


class Lines:
    """Hands what a command prints to `tell`, line by line."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell

    def write(self, text: str) -> None:
        for line in text.splitlines():
            if line.strip():
                self.tell(line)

    def flush(self) -> None:
        pass
