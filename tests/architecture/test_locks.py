"""The locks hold every file by its hash, and name no host."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def blocks_of(lock: str) -> list[str]:
    """One text for each package and marker: the line that pins it, and its hashes."""
    text = re.sub(r"^\s*#.*\n", "", (HOME / lock).read_text(), flags=re.MULTILINE)
    return [block for block in re.split(r"\n(?=\S)", text.strip()) if block]


def pins_of(lock: str) -> set[str]:
    return {block.partition("\\")[0].strip() for block in blocks_of(lock)}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", name)[0]).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_address(lock):
    assert re.findall(r"\S*(?:://|--\S*index|--find-links)\S*", (HOME / lock).read_text()) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_a_hash_of_everything(lock):
    without = [block for block in blocks_of(lock) if "==" not in block or "--hash=sha256:" not in block]

    assert len(blocks_of(lock)) > 20
    assert without == []


def test_tools_of_the_tests_stand_beside_the_very_versions_that_are_served():
    assert pins_of("requirements.lock") - pins_of("requirements-dev.lock") == set()


def test_locks_hold_what_the_project_asks_for():
    project = tomllib.loads((HOME / "pyproject.toml").read_text())
    served = project["build-system"]["requires"] + project["project"]["dependencies"]
    tools = project["project"]["optional-dependencies"]["dev"]

    assert {plain(name) for name in served} - {plain(pin) for pin in pins_of("requirements.lock")} == set()
    assert {plain(name) for name in tools} - {plain(pin) for pin in pins_of("requirements-dev.lock")} == set()


@pytest.mark.slow
def test_setup_hands_what_pip_is_told_to_uv():
    told = {
        "PATH": os.environ["PATH"],
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "https://mirror.example/simple",
        "PIP_FIND_LINKS": "/srv/one /srv/two",
        "PIP_CERT": __file__,
        "UV_HTTP_TIMEOUT": "7",
        "PIP_TIMEOUT": "90",
    }

    tool = [sys.executable, HOME / "tools/pip_to_uv.py"]
    said = subprocess.run(tool, env=told, capture_output=True, text=True, check=True)

    assert set(said.stdout.splitlines()) == {
        "export UV_DEFAULT_INDEX=https://mirror.example/simple",
        "export UV_FIND_LINKS=/srv/one,/srv/two",
        f"export SSL_CERT_FILE={__file__}",
    }
