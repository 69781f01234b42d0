"""A database as the migrations leave it: made once, and kept until a migration changes.

On SQLite it is a file beside pytest's cache; on PostgreSQL a database of the server, from which others are copied.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from clearpath.config.scenarios import database

FOLDER = Path(__file__).parent.parent / ".pytest_cache" / "migrated"
PREFIX = "test_migrated_"
LOCK = 20260601  # any number, the same for all workers


def original() -> Path:
    """Whoever comes first makes it, and the others wait."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "lock", "w") as lock, override_settings(HOME=FOLDER):
        fcntl.flock(lock, fcntl.LOCK_EX)
        return database.template()


def original_on_postgresql() -> str:
    """Its name. Whoever comes first makes it, and the others wait."""
    name, half_made = PREFIX + database.migrations_digest(), PREFIX + "half_made"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        there = [each for (each,) in cursor.fetchall()]
        if name not in there:
            for old in there:
                cursor.execute(f'DROP DATABASE "{old}"')
            cursor.execute(f'CREATE DATABASE "{half_made}"')
            with connected_to(half_made):
                call_command("migrate", verbosity=0, interactive=False)
            cursor.execute(f'ALTER DATABASE "{half_made}" RENAME TO "{name}"')
    return name


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Point the connection to another database of the same server, and leave nobody connected to it."""
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.close_pool()
        connection.settings_dict["NAME"] = before
