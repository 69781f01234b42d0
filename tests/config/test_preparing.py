import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import override_settings

from clearpath.config import preparing


def test_static_files_are_collected_once_and_again_when_one_changed(tmp_path, settings):
    source = tmp_path / "source"
    source.mkdir()
    (source / "page.css").write_text("a { color: black }")
    settings.STATIC_ROOT = tmp_path / "static"
    settings.HOME = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    told = []

    with override_settings(
        STATICFILES_DIRS=[source], STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"]
    ):
        preparing.prepare_static_files(told.append)
        preparing.prepare_static_files(told.append)
        assert len(told) == 1

        (source / "page.css").write_text("a { color: maroon }")
        preparing.prepare_static_files(told.append)

    assert len(told) == 2
    assert len(list((tmp_path / "static").glob("page.*.css"))) == 2  # both, named by their content


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Where the database shall be: nothing is there yet."""
    place = tmp_path / "clearpath.sqlite3"
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": place}
    monkeypatch.setattr(preparing, "connection", SimpleNamespace(settings_dict=database))
    return place


def write_a_row(file: Path, command: list[str]) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE IF NOT EXISTS done (command)")
        database.execute("INSERT INTO done VALUES (?)", [" ".join(command[:2])])


def rows_in(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as database:
        return [command for (command,) in database.execute("SELECT command FROM done ORDER BY rowid")]


def test_demo_network_takes_its_place_when_it_is_whole(place, monkeypatch):
    monkeypatch.setattr(preparing, "run_on", write_a_row)

    preparing.make_demo_database(lambda _says: None)

    assert rows_in(place) == ["migrate --verbosity", "demo load"]
    assert [file.name for file in place.parent.iterdir()] == [place.name]


def test_demo_network_stopped_in_the_middle_is_made_anew(place, monkeypatch):
    def stopped(file: Path, command: list[str]) -> None:
        write_a_row(file, command)
        if command == ["demo", "load"]:
            raise KeyboardInterrupt

    monkeypatch.setattr(preparing, "run_on", stopped)
    with pytest.raises(KeyboardInterrupt):
        preparing.make_demo_database(lambda _says: None)
    assert preparing.is_missing(preparing.connection.settings_dict)

    monkeypatch.setattr(preparing, "run_on", write_a_row)
    preparing.make_demo_database(lambda _says: None)

    assert rows_in(place) == ["migrate --verbosity", "demo load"]
