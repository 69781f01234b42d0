"""What is typed wrongly ends with 2, what is answered by no with 1."""

import os
import subprocess
import sys

import pytest

from clearpath.config import manage


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (["frobnicate"], 2),
        (["offer", "compare"], 2),
        (["offers"], 2),
        (["audit", "verify", "--nonsense"], 2),
        (["agreements", "check-fee", "--destination", "DE", "--payer", "provider", "--payee", "facilitator",
          "--type", "brokerage"], 1),
    ],
)  # fmt: skip
def test_how_a_command_ends(typed, code, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["clearpath", *typed])

    with pytest.raises(SystemExit) as ended:
        manage.main()

    assert ended.value.code == code
    told = capsys.readouterr()
    assert told.out + told.err


@pytest.mark.parametrize("typed", [[], ["help"], ["--help"]])
def test_help_has_a_line_for_each_command_of_our_own_before_those_of_others(typed, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["clearpath", *typed])

    manage.main()

    ours, others = capsys.readouterr().out.split("From Django:")
    says = dict(line.split(maxsplit=1) for line in ours.splitlines() if line.startswith("  "))
    assert {"agreements", "charter", "forums", "journeys", "offers", "records", "serve"} <= says.keys()
    assert says["forums"] == "Plans the meetings of a forum"
    assert all(says.values())
    assert "migrate" in others
    assert "forums" not in others


def run_in(folder, *typed):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CLEARPATH_")}
    return subprocess.run(
        [sys.executable, "-m", "clearpath.config.manage", *typed], cwd=folder, env=environment, capture_output=True,
        text=True, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_a_command_without_a_database_writes_nothing(tmp_path):
    ended = run_in(tmp_path, "charter", "check")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_command_that_finds_no_tables_says_where_it_looked(tmp_path):
    ended = run_in(tmp_path, "forums", "import-delegates", "people.csv", "A forum")

    assert ended.returncode == 2
    assert str(tmp_path / "var/clearpath.sqlite3") in ended.stderr
    assert "CLEARPATH_HOME" in ended.stderr
    assert "clearpath serve --prepare" in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_an_empty_database_has_no_tables_either(tmp_path):
    (tmp_path / "var").mkdir()

    ended = run_in(tmp_path, "audit", "verify")

    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
