import json
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from clearpath.trust import fold, merkle, vault
from clearpath.trust.models import Entry, Head
from tests.append_only import guards_lifted
from tests.conftest import NOON
from tests.trust.logs import JOURNEY, append, small_log

pytestmark = pytest.mark.django_db


def clearpath(*words):
    """What a command prints on standard output and error, and its exit status."""
    out, err = StringIO(), StringIO()
    try:
        call_command(*map(str, words), stdout=out, stderr=err)
        status = 0
    except CommandError as error:
        err.write(str(error))
        status = error.returncode
    except SystemExit as end:
        status = end.code
    return out.getvalue(), err.getvalue(), status


def spoil(entry):
    with guards_lifted(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE trust_entry SET role = 'agency' WHERE id = %s", [entry.pk])


def test_verify_says_yes_to_a_whole_log():
    small_log()
    fold.fold(now=NOON)

    out, err, status = clearpath("audit", "verify")

    assert status == 0
    assert out.splitlines() == [
        "5 entries in 2 chains, 5 of them under 1 signed heads.",
        "Nothing was changed, removed, inserted or reordered.",
    ]
    assert "10 of 10 rows" in err


def test_verify_names_the_first_bad_entry():
    entries = small_log()
    spoil(entries[2])

    out, _, status = clearpath("audit", "verify")

    assert status == 1
    place = f"entry {entries[2].pk}, number 2 of {JOURNEY}"
    assert out.splitlines()[1] == f"{place}: Was changed: it does not fit its own hash."


def test_verify_prints_one_json_document():
    entries = small_log()
    spoil(entries[0])

    out, _, status = clearpath("audit", "verify", "--json")

    report = json.loads(out)
    assert status == 1
    assert (report["entries"], report["chains"], report["problem_count"]) == (5, 2, 1)
    assert (report["problems"][0]["entry_id"], report["problems"][0]["chain"]) == (entries[0].pk, str(JOURNEY))


def test_exported_heads_find_a_cut_tail(tmp_path):
    file = tmp_path / "heads.jsonl"
    small_log()
    assert clearpath("audit", "export-heads", file)[2] == 0
    append()
    out, _, _ = clearpath("audit", "export-heads", file, "--json")
    assert json.loads(out) == {"file": str(file), "added": 1, "heads": 2}
    assert clearpath("audit", "verify", "--heads", file)[2] == 0

    with guards_lifted(connection), connection.cursor() as cursor:
        for statement in ("trust_head WHERE size = 6", 'trust_leaf WHERE "index" = 5'):
            cursor.execute(f"DELETE FROM {statement}")
        cursor.execute("DELETE FROM trust_entry WHERE id = %s", [Entry.objects.order_by("pk").last().pk])

    assert clearpath("audit", "verify")[2] == 0
    out, _, status = clearpath("audit", "verify", "--heads", file)
    assert status == 1
    assert "The tail was cut: a head covers 6 entries, 5 are in the tree." in out
    _, err, status = clearpath("audit", "export-heads", file)
    assert (status, "the tail was cut" in err) == (1, True)
    assert len(file.read_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("spoiled", "says"),
    [
        ("no json", "is not a head as `audit export-heads` writes it"),
        ("[1]", "is not a head"),
        ('{"size": 1}', "is not a head"),
        ("[" * 100_000, "is not a head"),
        ("\x00", "is not a head"),
        (lambda line: line.replace('"size": 5', '"size": 6'), "does not carry its own signature"),
        (lambda line: line.replace('"size": 5', '"size": "5"'), "is no head of a tree"),
        (lambda line: line.replace('"key": "', '"key": "zz'), "is not a head"),
        (lambda line: line.replace("2026", "2027"), "does not carry its own signature"),
    ],
)
def test_verify_refuses_heads_that_were_changed_without_a_traceback(tmp_path, spoiled, says):
    file = tmp_path / "heads.jsonl"
    small_log()
    fold.fold(now=NOON)
    clearpath("audit", "export-heads", file)
    text = file.read_text()
    file.write_text(spoiled(text) if callable(spoiled) else text + spoiled)

    _, err, status = clearpath("audit", "verify", "--heads", file)

    assert status == 2
    assert says in err
    assert f"{file}: line {1 if callable(spoiled) else 2} " in err


@pytest.mark.parametrize(
    "words",
    [
        ("verify", "--heads", "/no/such/file"),
        ("verify", "--heads", "/"),
        ("export-heads", "/no/such/folder/file"),
        ("show", "x"),
        ("prove", "x"),
        ("prove", "-1"),
        ("prove", "²"),
        ("prove", "999999"),
        ("prove", "9" * 40),
        ("prove", "9" * 5000),
    ],
)
def test_bad_input_is_told_in_one_line_and_ends_with_2(words):
    small_log()

    out, err, status = clearpath("audit", *words)

    assert status == 2
    assert (out, err.count("\n")) == ("", 0)


def test_bytes_that_are_no_text_are_no_heads(tmp_path):
    file = tmp_path / "heads.jsonl"
    file.write_bytes(b"\xff\xfe")

    assert clearpath("audit", "verify", "--heads", file)[2] == 2


def test_show_lists_what_happened_on_a_subject():
    small_log()

    out, _, status = clearpath("audit", "show", JOURNEY)

    assert status == 0
    head, *lines = out.splitlines()
    assert head.split() == ["number", "id", "at", "role", "person_id", "step", "decision", "reason"]
    assert [line.split()[0] for line in lines] == ["1", "2", "3"]
    assert "offer_expired" in lines[1]
    entries = json.loads(clearpath("audit", "show", JOURNEY, "--json")[0])["entries"]
    assert [entry["number"] for entry in entries] == [1, 2, 3]
    assert clearpath("audit", "show", uuid4())[2] == 1


def test_prove_prints_a_proof_that_holds_by_itself():
    entry = small_log()[3]
    assert clearpath("audit", "prove", entry.pk)[2] == 1  # not folded yet
    fold.fold(now=NOON)

    out, _, status = clearpath("audit", "prove", entry.pk)

    proof = json.loads(out)
    assert (status, proof["holds"]) == (0, True)
    assert merkle.includes(
        [bytes.fromhex(node) for node in proof["path"]],
        leaf=merkle.leaf_hash(bytes.fromhex(proof["entry"]["hash"])),
        index=proof["leaf"]["index"],
        size=proof["head"]["size"],
        root=bytes.fromhex(Head.objects.get().root),
    )


def test_prove_of_a_changed_entry_does_not_hold():
    entry = small_log()[3]
    fold.fold(now=NOON)
    spoil(entry)

    out, _, status = clearpath("audit", "prove", entry.pk)

    assert (status, json.loads(out)["holds"]) == (1, False)


def test_rewrap_seals_anew_under_the_first_secret(settings):
    settings.VAULT_KEY = "first"
    about = uuid4()
    sealed = vault.seal(b"mine", about=about)
    settings.VAULT_KEY = "second first"

    out, _, status = clearpath("trust", "rewrap", "--json")

    settings.VAULT_KEY = "second"
    assert (status, json.loads(out)) == (0, {"keys": 1, "texts": 0})
    assert vault.open_sealed(sealed, about=about) == b"mine"


def test_rewrap_without_the_old_secret_says_so(settings):
    settings.VAULT_KEY = "first"
    vault.seal(b"mine", about=uuid4())
    settings.VAULT_KEY = "second"

    _, err, status = clearpath("trust", "rewrap")

    assert status == 1
    assert "CLEARPATH_VAULT_KEY does not hold the secret" in err
