"""`clearpath records validate`: what it says, and how it ends; without a database."""

import json
from pathlib import Path

import pytest

from clearpath.core.acts import acts_in

BUNDLES = Path(__file__).parent / "bundles"
GOOD = BUNDLES / "ips_example.json"


def validated(*files, **options):
    """The exit code, and what was written."""
    written = []
    asked = {"files": list(files), "profile": "", "json": False, **options}
    code = acts_in("clearpath.records.command_line")["validate"].run(asked, written.append, written.append)
    return code, "\n".join(written)


@pytest.fixture
def bad(tmp_path):
    path = tmp_path / "bad.json"
    path.write_text('{"resourceType": "Patient", "gender": "woman"}')
    return path


def test_a_file_without_error_ends_well():
    assert validated(GOOD) == (0, f"{GOOD}: nothing wrong")


def test_a_file_with_an_error_ends_with_1_and_names_rule_place_and_remedy(bad):
    assert validated(GOOD, bad) == (
        1,
        f"{GOOD}: nothing wrong\n"
        f"{bad}: 1 error, 1 note\n"
        "  error    binding        Patient.gender\n"
        "           “woman” is not allowed here: use one of male, female, other, unknown.",
    )


def test_json_lists_each_finding_by_file(bad):
    code, written = validated(bad, json=True)

    [document] = json.loads(written)
    assert code == 1
    assert document["file"] == str(bad)
    assert document["findings"][0] == {
        "severity": "error",
        "rule": "binding",
        "path": "Patient.gender",
        "says": "“woman” is not allowed here: use one of male, female, other, unknown.",
        "gate": 1,
    }


def test_a_file_that_is_not_there_is_a_finding_and_not_the_end(tmp_path):
    code, written = validated(tmp_path / "none.json", GOOD)

    assert code == 1
    assert "This file cannot be read: No such file or directory." in written
    assert f"{GOOD}: nothing wrong" in written


def test_a_profile_that_is_asked_for_is_judged_whatever_the_file_says(tmp_path):
    path = tmp_path / "collection.json"
    path.write_text('{"resourceType": "Bundle", "type": "collection"}')

    assert validated(path)[0] == 0
    assert validated(path, profile="ips")[0] == 1
    assert validated(path, profile="r4")[0] == 0


def test_warnings_alone_are_no_failure(tmp_path):
    path = tmp_path / "patient.json"
    path.write_text('{"resourceType": "Patient", "active": true, "text": {"status": "empty", "div": "<div>x</div>"}}')

    code, written = validated(path)

    assert code == 0
    assert "1 warning" in written
