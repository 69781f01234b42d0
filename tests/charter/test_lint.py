from pathlib import Path

import pytest

from clearpath.charter.codes import CODES, reference_page
from clearpath.charter.document import CharterError, default_charter, read
from clearpath.charter.lint import lint
from tests.charter.spoiled import LINT, READING, Spoiled

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "charter-lint.md"


def found_in(source: str) -> tuple:
    """Every mistake or finding."""
    try:
        return lint(read(source))
    except CharterError as error:
        return error.mistakes


def test_the_default_charter_has_no_finding():
    assert lint(default_charter()) == ()


@pytest.mark.slow
@pytest.mark.parametrize("spoiled", [*READING, *LINT], ids=lambda spoiled: spoiled.name)
def test_one_mistake_is_found_with_its_code_on_its_line_and_a_finding_has_a_remedy_of_one_line(spoiled: Spoiled):
    found = found_in(spoiled.source)

    assert (spoiled.code, spoiled.line) in {(each.code, each.line) for each in found}
    for finding in found if spoiled in LINT else ():
        assert finding.remedy
        assert "\n" not in finding.remedy + finding.says


def test_every_code_has_a_spoiled_charter_that_gives_it():
    whole_files = {"CP901", "CP902", "CP903", "CP923"}  # see test_hostile.py

    assert {spoiled.code for spoiled in (*READING, *LINT)} | whole_files == set(CODES)


def test_the_page_of_codes_is_the_one_that_the_code_makes():
    assert PAGE.read_text(encoding="utf-8") == reference_page()
