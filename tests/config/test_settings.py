import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from clearpath.config import environment
from clearpath.config.environment import Setting

PAGE = Path(__file__).parents[2] / "docs/reference/settings.md"


def printed(*options: str) -> str:
    out = StringIO()
    call_command("settings", *options, stdout=out)
    return out.getvalue()


def test_reference_page_is_what_the_command_writes():
    assert PAGE.read_text() == printed("--markdown")


@pytest.mark.parametrize("options", [[], ["--json"], ["--markdown"]])
def test_settings_never_print_a_secret(monkeypatch, options):
    given = Setting("CLEARPATH_TRIAL", "", "A trial", secret=True, given=True, value="hush")
    monkeypatch.setitem(environment.KNOWN, given.name, given)

    text = printed(*options)

    assert "CLEARPATH_TRIAL" in text
    assert "hush" not in text


def test_settings_say_where_a_value_comes_from(monkeypatch):
    monkeypatch.setattr(environment, "KNOWN", {})
    monkeypatch.setenv("CLEARPATH_TRIAL", "7")
    environment.number("TRIAL", 5, "A trial")
    monkeypatch.setattr("clearpath.config.management.commands.settings.KNOWN", environment.KNOWN)

    [row] = json.loads(printed("--json"))

    assert (row["value"], row["default"], row["given"]) == ("7", "5", True)
