"""Lifts the guards of the append-only log, on a test database only: to reset it, and to play its attacker.

Nothing in the product can do this. PostgreSQL lets the owner of a table disable its triggers; on SQLite
whoever may write the file may drop them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TABLES = ("trust_entry", "trust_leaf", "trust_head")


@contextmanager
def guards_lifted(connection: Any) -> Iterator[None]:
    """Everything inside may change the log. Raises RuntimeError unless the database is a test's own."""
    name = Path(str(connection.settings_dict["NAME"])).name
    if not name.startswith("test"):
        raise RuntimeError(f"the guards of {name} stay: it is not a test database")
    with {"sqlite": lifted_on_sqlite, "postgresql": lifted_on_postgresql}[connection.vendor](connection):
        yield


@contextmanager
def lifted_on_sqlite(connection: Any) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s, %s)"
            " AND name LIKE '%%_refuses_%%'",
            TABLES,
        )
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for _, statement in triggers:
                cursor.execute(statement, None)


@contextmanager
def lifted_on_postgresql(connection: Any) -> Iterator[None]:
    def turn(state: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in TABLES:
                for act in ("update", "delete", "truncate"):
                    cursor.execute(f"ALTER TABLE {table} {state} TRIGGER {table}_refuses_{act}")

    turn("DISABLE")
    try:
        yield
    finally:
        turn("ENABLE")
