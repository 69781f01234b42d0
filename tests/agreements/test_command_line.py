"""`clearpath agreements`, without a database: these tests have none."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from clearpath.agreements import fee_table

GERMAN = ["--destination", "DE", "--payer", "provider", "--payee", "facilitator", "--type", "brokerage"]
KOREAN = ["--destination", "KR", *GERMAN[2:]]


def answered(capsys, *words):
    """The exit code, and what was printed."""
    try:
        call_command("agreements", *words)
        code = 0
    except SystemExit as ended:
        code = ended.code
    return code, capsys.readouterr().out


def test_check_fee_says_verdict_consequence_rule_source_and_date(capsys):
    code, out = answered(capsys, "check-fee", *GERMAN, "--rate", "0.2", "--bundled", "visa,interpreting")

    assert code == 1
    for words in (
        "No: forbidden.",
        "20 %",
        "The whole contract is void",
        "14 O 67/20",
        "https://gesundheitsrecht.com/news-437/2024-11-22/",
        "2026-11-23",
        "not legal advice",
    ):
        assert words in " ".join(out.split())


def test_check_fee_as_json_is_one_document_with_everything(capsys):
    code, out = answered(capsys, "check-fee", *GERMAN, "--rate", "0.2", "--bundled", "visa,interpreting", "--json")

    told = json.loads(out)
    assert code == 1
    assert (told["verdict"], told["allowed"], told["cap"], told["rate"]) == ("forbidden", False, None, 0.2)
    assert told["rule_key"] == "de_bundled_brokerage"
    assert (told["source"], told["date"]) == ("https://gesundheitsrecht.com/news-437/2024-11-22/", "2026-11-23")
    assert {"consequence", "rule", "since", "says", "note"} <= set(told)


@pytest.mark.parametrize(
    ("rate", "institution", "code", "answer", "cap"),
    [
        ("0.3", "clinic", 0, "lawful", 0.3),
        ("30%", "clinic", 0, "lawful", 0.3),
        ("0.3001", "clinic", 1, "over_cap", 0.3),
        ("0.2", "hospital", 0, "lawful", 0.2),
        ("0.2001", "hospital", 1, "over_cap", 0.2),
        ("0.15", "tertiary", 0, "lawful", 0.15),
        ("0.1501", "tertiary", 1, "over_cap", 0.15),
    ],
)
def test_check_fee_within_the_cap_exits_0_and_above_it_1(capsys, rate, institution, code, answer, cap):
    found, out = answered(capsys, "check-fee", *KOREAN, "--rate", rate, "--institution", institution, "--json")

    told = json.loads(out)
    assert (found, told["verdict"], told["answer"], told["cap"]) == (code, "capped", answer, cap)
    assert told["cap_of"] == "total medical cost"


def test_check_fee_allowed_with_disclosure_exits_0(capsys):
    code, out = answered(
        capsys, "check-fee", "--destination", "us-nv", "--payer", "provider", "--payee", "doctor", "--type", "medical",
        "--care-paid-by", "patient",
    )  # fmt: skip

    assert code == 0
    assert "told before they decide" in out
    assert "Provided" in out


@pytest.mark.parametrize("words", [["--destination", "TH"], ["--destination", "TH", "--json"]])
def test_check_fee_unknown_exits_1_and_says_that_it_is_not_allowed_by_that(capsys, words):
    code, out = answered(capsys, "check-fee", *GERMAN, *words)

    assert code == 1
    if "--json" in words:
        told = json.loads(out)
        assert (told["verdict"], told["rule"], told["source"], told["date"]) == ("unknown", None, None, None)
    else:
        assert "That does not mean that it is allowed." in out


def test_check_fee_says_what_else_it_would_have_to_know(capsys):
    code, out = answered(capsys, "check-fee", *KOREAN, "--rate", "0.2")

    assert code == 1
    assert "it depends on --institution" in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--destination", "Germany"], "no country"),
        (["--rate", "20"], "no share"),
        (["--rate", "0"], "no share"),
        (["--rate", "-0.1"], "no share"),
        (["--rate", "nan"], "no share"),
        (["--rate", "0.12345"], "too exact"),
        (["--bundled", "visa,car"], "'car' is unknown"),
        (["--type", "gift"], "gift"),
        (["--payer", "broker"], "broker"),
    ],
)
def test_check_fee_used_wrongly_says_what_would_be_right(words, says):
    with pytest.raises(CommandError, match=says):
        call_command("agreements", "check-fee", *GERMAN, *words)


def test_check_fee_asks_another_table(capsys, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(
        "rules: [{key: de_mine, jurisdiction: DE, payer: [provider], payee: [facilitator], fee_types: [brokerage],"
        " verdict: allowed_with_disclosure, says: Fine., consequence: None., rule: Mine, read_on: 2026-11-25,"
        " sources: ['https://example.org']}]"
    )

    code, out = answered(capsys, "check-fee", *GERMAN, "--rules", str(file), "--json")

    assert (code, json.loads(out)["date"]) == (0, "2026-11-25")


@pytest.mark.parametrize("act", [["check-fee", *GERMAN], ["fee-rules"]])
@pytest.mark.parametrize(("text", "says"), [(None, "cannot be read"), ("rules: []", "mine.yaml")])
def test_a_table_that_is_none_is_told_so(tmp_path, act, text, says):
    file = tmp_path / "mine.yaml"
    if text is not None:
        file.write_text(text)

    with pytest.raises(CommandError, match=says) as error:
        call_command("agreements", *act, "--rules", str(file))

    assert error.value.returncode == 2


def test_fee_rules_lists_every_rule(capsys):
    _code, out = answered(capsys, "fee-rules")
    _code, told = answered(capsys, "fee-rules", "--json")

    keys = [each.key for each in fee_table.rules()]
    assert all(key in out for key in keys)
    assert [each["key"] for each in json.loads(told)] == keys
