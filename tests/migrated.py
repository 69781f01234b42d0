"""The SQLite file as the migrations leave it: made once, and kept beside pytest's cache until a migration changes."""

import fcntl
from pathlib import Path

from django.test import override_settings

from clearpath.config.scenarios import database

FOLDER = Path(__file__).parent.parent / ".pytest_cache" / "migrated"


def original() -> Path:
    """Whoever comes first makes it, and the others wait."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "lock", "w") as lock, override_settings(HOME=FOLDER):
        fcntl.flock(lock, fcntl.LOCK_EX)
        return database.template()
