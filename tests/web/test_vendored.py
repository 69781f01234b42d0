"""Nothing that a browser loads comes from another host, and everything taken from elsewhere is accounted for."""

import hashlib
import re
from pathlib import Path

import pytest

import clearpath.web
from clearpath.web.roles import ROLES
from clearpath.web.templatetags.clearpath_web import icon_names

SOURCE = Path(clearpath.web.__file__).parent.parent
STATIC = SOURCE / "web/static/web"
VENDOR = STATIC / "vendor"
NAMESPACE = "http://www.w3.org/2000/svg"


def vendored() -> dict[str, str]:
    return {str(file.relative_to(VENDOR)): hashlib.sha256(file.read_bytes()).hexdigest() for file in VENDOR.glob("*/*")}


def test_every_vendored_file_is_listed_with_its_digest():
    listed = dict(
        re.findall(r"^\| (\S+/\S+) \| ([0-9a-f]{64}) \|$", (VENDOR / "VENDORED.md").read_text(), re.MULTILINE)
    )

    assert listed == vendored()


def test_every_vendored_package_has_its_licence():
    packages = [folder for folder in VENDOR.iterdir() if folder.is_dir()]

    assert {folder.name for folder in packages if not (folder / "LICENSE").read_text().strip()} == set()
    assert len(packages) == 4


def test_what_a_browser_can_load_stays_small():
    assert sum(file.stat().st_size for file in VENDOR.glob("*/*")) < 1.5 * 1024 * 1024


@pytest.mark.parametrize(
    "file",
    [file for kind in ("css", "js", "svg") for file in sorted(STATIC.rglob(f"*.{kind}"))]
    + sorted(SOURCE.glob("*/templates/**/*.html")),
    ids=lambda file: str(file.relative_to(SOURCE)),
)
def test_no_file_names_another_host(file):
    said = re.sub(r"/\*.*?\*/|\{#.*?#\}", "", file.read_text(), flags=re.DOTALL).replace(NAMESPACE, "")

    assert re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}[^\s\"')]*|@import[^;]*|sourceMappingURL", said) == []


@pytest.mark.parametrize(
    "file", sorted(SOURCE.glob("*/templates/**/*.html")), ids=lambda file: str(file.relative_to(SOURCE))
)
def test_no_template_holds_a_script_or_a_style(file):
    said = re.sub(r"\{#.*?#\}", "", file.read_text())

    assert re.findall(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", said) == []


def test_every_icon_named_anywhere_is_in_the_sprite():
    named = {role.icon for role in ROLES.values()}
    for file in SOURCE.glob("*/templates/**/*.html"):
        named |= set(re.findall(r"{%\s*icon\s+\"([^\"]+)\"", file.read_text()))
        named |= set(re.findall(r"icon(?:_name)?=\"([^\"]+)\"", file.read_text()))

    assert named - icon_names() == set()
    assert len(named) > 20


def test_every_file_that_a_style_sheet_names_exists():
    named = {
        sheet.parent / address
        for sheet in STATIC.rglob("*.css")
        for address in re.findall(r"url\([\"']?(?!data:)([^\"')]+)", sheet.read_text())
    }

    assert {str(file) for file in named if not file.exists()} == set()
    assert len(named) == 4
