"""What every test stands on: the moment NOON, and a database of its own.

SQLite in a file unless CLEARPATH_DATABASE names a PostgreSQL server (tools/with_postgres.sh starts one). A
file and not memory, because tests that run at the same time need connections of their own.
"""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.commands import flush
from django.db import connection, transaction
from django.test import override_settings
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from tests import migrated
from tests.append_only import guards_lifted
from tests.kept import NotedPatch, keeper

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver runs an event loop of its own
# `make test` asks each property the same questions every time, `make test-slow` five times as many and new ones.
hypothesis_settings.register_profile("thorough", deadline=None)  # machines differ: no test fails for its time
hypothesis_settings.register_profile("quick", deadline=None, max_examples=20, derandomize=True)
hypothesis_settings.load_profile("quick")
NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
STAYING = {"django_content_type", "auth_permission"}  # what the migrations wrote of every model
BASES = {"db", "transactional_db", "live_server"}  # fixtures that bring a database


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL, only what meets a database: the rest was asked on SQLite and would answer the same."""
    if connection.vendor == "sqlite":
        return
    meets = {item: bool(item.get_closest_marker("django_db") or BASES & set(item.fixturenames)) for item in items}
    config.hook.pytest_deselected(items=[item for item in items if not meets[item]])
    items[:] = [item for item in items if meets[item]]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    if connection.vendor == "sqlite":
        folder = tmp_path_factory.mktemp("database")
        connection.settings_dict["TEST"]["NAME"] = str(folder / "test.sqlite3")
        options = connection.settings_dict["OPTIONS"]  # what is lost in a power cut is only a test
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings, django_db_blocker):
    """Every worker has a copy of what the migrations made; on SQLite it uses the file as it is."""
    if connection.vendor != "sqlite":
        with django_db_blocker.unblock():
            connection.settings_dict["TEST"]["TEMPLATE"] = migrated.original_on_postgresql()
        yield False
        return
    place = Path(connection.settings_dict["TEST"]["NAME"])
    with django_db_blocker.unblock():
        shutil.copyfile(migrated.original(), place)
    yield True
    place.unlink()


@pytest.fixture(scope="session", autouse=True)
def tables_can_be_emptied(django_db_modify_db_settings):
    """A test with `transaction=True` ends by emptying every table, which the log's guards refuse.

    Only those with rows are emptied, and what Django writes of every model stays: else it took longer than most tests.
    For every connection: the browser's driver runs an event loop, inside which Django opens one of its own.
    """
    operations = type(connection.ops)

    def empty(self, statements):
        with guards_lifted(self.connection), transaction.atomic(), self.connection.cursor() as cursor:
            for table in tables_with_rows(self.connection):
                cursor.execute(f'DELETE FROM "{table}"')

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", empty)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_told: None)
        yield


def tables_with_rows(connection):
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - STAYING
    asked = " UNION ALL ".join(f"SELECT '{each}' WHERE EXISTS (SELECT 1 FROM \"{each}\")" for each in sorted(tables))
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]


@pytest.fixture(scope="session", autouse=True)
def _files_without_collecting_them():
    """For the whole session, because the live server reads it once, at its start."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(WHITENOISE_AUTOREFRESH=True, STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


@pytest.fixture(scope="session", autouse=True)
def _writes_are_noted():
    with connection.execute_wrapper(keeper.watch):
        yield


@pytest.fixture
def monkeypatch(monkeypatch):
    return NotedPatch(monkeypatch)


@pytest.fixture(autouse=True)
def _nothing_is_made_yet(request):
    keeper.begin(request.fixturenames)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    quiet = "--no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run"
    offline = "--disable-background-networking --disable-component-update --disable-sync"
    return {
        **browser_type_launch_args,
        "executable_path": "/usr/bin/chromium",
        "args": [*quiet.split(), *offline.split()],
    }


@pytest.fixture(scope="session")
def base_url():
    """In place of the plugin's own, which this pytest warns about."""
    return ""
