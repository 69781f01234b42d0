"""What every test stands on: the moment NOON, and a database of its own.

SQLite in a file unless CLEARPATH_DATABASE names a PostgreSQL server (tools/with_postgres.sh starts one). A
file and not memory, because tests that run at the same time need connections of their own.
"""

from datetime import UTC, datetime

import pytest
from django.db import connection

from tests.append_only import guards_lifted

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    if connection.vendor == "sqlite":
        folder = tmp_path_factory.mktemp("database")
        connection.settings_dict["TEST"]["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def log_can_be_reset(django_db_modify_db_settings):
    """A test with `transaction=True` ends by emptying every table, which the log's guards refuse."""
    flush = connection.ops.execute_sql_flush

    def flush_without_guards(statements):
        with guards_lifted(connection):
            flush(statements)

    connection.ops.execute_sql_flush = flush_without_guards
    yield
    connection.ops.execute_sql_flush = flush


@pytest.fixture(autouse=True)
def plain_static_files(settings, tmp_path_factory):
    """Pages are tested without collecting the static files first."""
    settings.STATIC_ROOT = str(tmp_path_factory.getbasetemp())
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
