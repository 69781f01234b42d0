import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from clearpath.charter.command_line import main
from clearpath.charter.document import default_source
from tests.charter.spoiled import Spoiled

BROKEN = Spoiled("", "offers.accept:", ", interests_acknowledged", "", "").source
MISREAD = Spoiled("", "offers.accept:", "by: patient", "by: pateint", "").source
MISREAD_LINE = next(number for number, line in enumerate(MISREAD.splitlines(), 1) if "pateint" in line)


def ran(*argv: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = main(argv, out, err)
    return code, out.getvalue(), err.getvalue()


def kept(folder: Path, source: str | bytes) -> str:
    path = folder / "ours.yaml"
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return str(path)


@pytest.mark.slow
def test_check_of_the_default_charter_holds():
    code, out, err = ran("check")

    assert (code, err) == (0, "")
    assert out.endswith("A clear path, version 2026.1: 0 errors, 0 warnings, 29 of 29 promises proved. It holds.\n")


@pytest.mark.slow
def test_check_of_a_broken_promise_shows_the_way_to_break_it(tmp_path):
    code, out, _ = ran("check", kept(tmp_path, BROKEN))

    assert code == 1
    assert "BROKEN  journey: Nobody chooses before knowing who earns what from whom" in out
    assert " offers.accept (lane 1)\n" in out
    assert out.endswith("28 of 29 promises proved. It does not hold.\n")


@pytest.mark.slow
def test_check_as_json_is_one_document(tmp_path):
    code, out, _ = ran("check", kept(tmp_path, BROKEN), "--json")
    document = json.loads(out)

    assert (code, document["holds"], document["mistakes"]) == (1, False, [])
    [broken] = [proof for proof in document["proofs"] if not proof["holds"]]
    assert broken["counterexample"][-1] == "offers.accept (lane 1)"


def test_check_of_an_unreadable_charter_is_no_with_every_mistake(tmp_path):
    path = kept(tmp_path, MISREAD)

    code, out, err = ran("check", path)

    assert (code, err) == (1, "")
    assert f"{path}:{MISREAD_LINE}: CP911" in out
    assert json.loads(ran("check", path, "--json")[1])["mistakes"][0]["line"] == MISREAD_LINE


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[" * 400_000, b"", b"a: *b", b"\0"])
def test_bad_files_give_an_answer_and_no_traceback(tmp_path, content: bytes):
    path = kept(tmp_path, content)

    assert ran("check", path)[0] == 1
    assert ran("show", path)[0] == 2
    assert ran("diff", path, path)[0] == 2


@pytest.mark.parametrize(
    "argv",
    [
        ["check", "/nowhere/at/all.yaml"],
        ["check", "/"],
        ["check", "a\0b"],
        [],
        ["steal"],
        ["show", "--html", "--csv"],
        ["explain", "--as", "doctor"],
        ["explain", "--as", "nobody", "--do", "offers.accept", "--in", "decision"],
        ["explain", "--as", "doctor", "--do", "offers.steal", "--in", "decision"],
        ["explain", "--as", "doctor", "--do", "offers.accept", "--in", "nowhere"],
        ["explain", "--as", "doctor", "--do", "offers.accept", "--in", "decision", "--having", "luck"],
        ["explain", "--as", "doctor", "--do", "turns.write", "--in", "review", "--on", "planet"],
    ],
)
def test_used_wrongly_is_two(argv: list[str], capsys):
    code, out, err = ran(*argv)

    assert (code, out) == (2, "")
    assert err or capsys.readouterr().err


def test_help_is_no_failure(capsys):
    assert ran("--help")[0] == 0
    assert "explain" in capsys.readouterr().out


def test_show_in_each_form():
    assert ran("show")[1].startswith("A clear path, version 2026.1")
    assert ran("show", "--html")[1].startswith("<!doctype html>")
    assert ran("show", "--csv")[1].startswith("subject,step,kind,patient")
    rows = json.loads(ran("show", "--json")[1])["steps"]
    assert rows[0]["step"] == "journeys.start"
    assert rows[0]["duties"] == {"patient": "R", "facilitator": "I"}


def test_diff_says_who_gains_and_loses(tmp_path):
    old = tmp_path / "old.yaml"
    old.write_text(default_source())
    new = kept(tmp_path, Spoiled("", "offers.accept:", "by: patient", "by: facilitator", "").source)

    code, out, _ = ran("diff", str(old), new)

    assert code == 0
    assert "The facilitator gains the duty to take offers.accept (journey).\n" in out
    assert json.loads(ran("diff", str(old), new, "--json")[1])["roles_affected"] == ["facilitator", "patient"]
    assert ran("diff", str(old), str(old))[1] == "Nothing changes.\n"


def test_explain_says_whose_part_it_is_and_what_is_missing():
    code, out, _ = ran("explain", "--as", "facilitator", "--do", "offers.accept", "--in", "decision")

    assert code == 1
    assert out.split("\n")[0] == "offers.accept is not the part of the facilitator but of the patient."
    assert "Missing: offer_made, interests_acknowledged.\n" in out
    assert "offer_made is given by: offers.make.\n" in out


def test_explain_allows_when_everything_holds():
    asked = ["explain", "--as", "patient", "--do", "offers.accept", "--in", "decision", "--json"]

    code, out, _ = ran(*asked, "--having", "offer_made", "interests_acknowledged")

    assert code == 0
    assert json.loads(out)["code"] == "allowed"
    assert ran(*asked, "--having", "offer_made,interests_acknowledged")[0] == 0


def test_explain_of_a_shared_step_finds_its_subject_by_stage():
    assert ran("explain", "--as", "agency", "--do", "turns.write", "--in", "new")[0] == 0
    assert ran("explain", "--as", "agency", "--do", "turns.write", "--in", "review")[0] == 1


def test_the_command_of_django_is_the_same(capsys):
    out = io.StringIO()

    call_command("charter", "show", "--csv", stdout=out)

    assert out.getvalue() == ran("show", "--csv")[1]
    with pytest.raises(SystemExit) as ended:
        call_command("charter", "check", "/nowhere.yaml", stdout=out, stderr=io.StringIO())
    assert ended.value.code == 2
