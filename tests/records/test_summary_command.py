"""`clearpath records show`: the summary in the terminal."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

BUNDLES = Path(__file__).parent / "bundles"


def show(capsys, *files, **options):
    """Exit code, standard output and standard error."""
    code = 0
    try:
        call_command("records", "show", *map(str, files), **options)
    except SystemExit as end:
        code = end.code
    said = capsys.readouterr()
    return code, said.out, said.err


def test_show_tells_what_a_file_says_and_where(capsys):
    code, out, _err = show(capsys, BUNDLES / "ips_example.json")

    assert code == 0
    assert "Martha DeLarosa, born May 1, 1972, female" in out
    assert "  None known: No known food allergy (situation) [#20]" in out.splitlines()
    assert "That does not mean that there is none." in out


def test_show_as_json_holds_every_statement_with_file_and_entry(capsys):
    code, out, _err = show(capsys, BUNDLES / "ips_example.json", BUNDLES / "all_sections.json", json=True)

    found = json.loads(out)
    [gout] = [line for line in found["sections"]["problems"]["lines"] if line["name"] == "Gout"]
    assert code == 0
    assert found["files"] == ["ips_example.json", "all_sections.json"]
    assert gout["statements"][0]["sources"] == [{"file": "all_sections.json", "entry": 8}]
    assert [each["kind"] for each in found["contradictions"]][:2] == ["name", "birth_date"]


def test_unknown_is_not_none_in_json(capsys):
    _code, out, _err = show(capsys, BUNDLES / "no_information.json", json=True)

    allergies = json.loads(out)["sections"]["allergies"]
    assert (allergies["unknown"], [each["says"] for each in allergies["says"]]) == (True, ["unknown"])


def test_a_file_that_is_no_fhir_is_named_and_the_answer_is_no(capsys, tmp_path):
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"%PDF-1.7")

    code, out, err = show(capsys, letter, BUNDLES / "ips_example.json")

    assert (code, err.strip()) == (1, "letter.pdf is no FHIR data in JSON and was not read.")
    assert "Martha DeLarosa" in out


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(CommandError, match=r"nowhere\.json cannot be read"):
        call_command("records", "show", "nowhere.json")
