"""`clearpath parties`, as a host types it."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from clearpath.parties.models import Evidence, Membership, OwnershipStatement, Person, Tie
from clearpath.trust import log
from tests.factories import make_organisation
from tests.parties.statements import company, entity, holds, registered, shares, written

pytestmark = pytest.mark.django_db


def run(*words, code=0):
    """What the command wrote to standard output; it must end with this code."""
    out, err = StringIO(), StringIO()
    found = 0
    try:
        call_command("parties", *map(str, words), stdout=out, stderr=err)
    except SystemExit as end:
        found = end.code
    except CommandError as error:
        found = error.returncode
        out.write(str(error))
    assert found == code, out.getvalue() + err.getvalue()
    return out.getvalue()


def run_json(*words, code=0):
    return json.loads(run(*words, "--json", code=code))


BAD = holds("h", "g", 140, record="bad")
ORPHAN = holds("h", "nobody", 10, record="orphan")


@pytest.fixture
def pair():
    return registered("provider", name="Isar Surgical Centre"), registered("facilitator", name="Compass Travel")


def test_import_keeps_the_good_and_names_the_bad(tmp_path, pair):
    file = written(tmp_path, company("h", pair[0]), company("g", pair[1]), BAD, ORPHAN, holds("h", "g", 60), "gossip")

    report = run_json("import-ownership", file, code=1)

    assert (report["read"], report["kept"], report["known"]) == (6, 3, 0)
    assert set(report["refused"]) == {BAD["statementId"], ORPHAN["statementId"], "#6"}
    codes = {problem["statement"]: problem["code"] for problem in report["problems"]}
    assert codes[BAD["statementId"]] == "not_a_percentage"
    assert [(tie["first"], tie["second"], tie["share"]) for tie in report["found"]] == [
        ("Isar Surgical Centre", "Compass Travel", 0.6)
    ]
    assert OwnershipStatement.objects.get(statement_id=company("h")["statementId"]).body == company("h", pair[0])
    text = run("import-ownership", file, code=1)
    assert f"refused  {BAD['statementId']}: recordDetails.interests[0].share.exact: 140 is not a percentage." in text
    assert "6 statements read, 0 kept, 3 known before, 3 refused." in text


def test_import_all_or_nothing_keeps_nothing_when_one_is_bad(tmp_path, pair):
    good = [company("h", pair[0]), company("g", pair[1]), holds("h", "g", 60)]

    assert run_json("import-ownership", written(tmp_path, *good, BAD), "--all-or-nothing", code=1)["kept"] == 0
    assert (OwnershipStatement.objects.count(), Tie.objects.count()) == (0, 0)
    assert run_json("import-ownership", written(tmp_path, *good), "--all-or-nothing")["kept"] == 3
    other = holds("h", "g", 10)  # the same id with another content, which only the database can tell
    assert (
        run_json("import-ownership", written(tmp_path, entity("new"), other), "--all-or-nothing", code=1)["kept"] == 0
    )
    assert OwnershipStatement.objects.count() == 3


def test_import_twice_changes_nothing_and_refuses_a_known_id_with_another_content(tmp_path, pair):
    said = [company("h", pair[0]), company("g", pair[1]), holds("h", "g", 60)]
    run("import-ownership", written(tmp_path, *said))

    again = run_json("import-ownership", written(tmp_path, *said))
    changed = run_json("import-ownership", written(tmp_path, holds("h", "g", 61)), code=1)

    assert (again["kept"], again["known"], again["found"]) == (0, 3, [])
    assert [problem["code"] for problem in changed["problems"]] == ["id_taken"]
    assert Tie.objects.get().share_bps == 6000


def test_import_reads_what_earlier_imports_brought(tmp_path, pair):
    run("import-ownership", written(tmp_path, company("h", pair[0]), company("g", pair[1])))

    assert len(run_json("import-ownership", written(tmp_path, holds("h", "g", 60)))["found"]) == 1


def test_of_two_statements_with_one_id_the_first_is_kept(tmp_path):
    twin = entity("other") | {"statementId": entity("one")["statementId"]}

    report = run_json("import-ownership", written(tmp_path, entity("one"), twin, twin), code=1)

    assert report["kept"] == 1
    assert OwnershipStatement.objects.get().record_id == "one"


DEEP = {"deep": 1}
for _level in range(300):
    DEEP = {"deep": DEEP}


@pytest.mark.parametrize("annotation", ["a NUL \x00", "half \ud800", float("nan"), DEEP])
def test_what_a_database_cannot_store_is_refused_by_name(tmp_path, annotation):
    odd = entity("odd") | {"annotations": [annotation]}
    long = entity("x" * 201) | {"statementId": "y" * 40}

    report = run_json("import-ownership", written(tmp_path, odd, long, entity("good \\u0000")), code=1)

    assert {problem["code"] for problem in report["problems"]} == {"not_storable", "too_long"}
    assert report["kept"] == 1


def test_import_links_a_record_by_hand(tmp_path, pair):
    file = written(tmp_path, entity("h=1"), entity("g"), holds("h=1", "g", 60))

    links = ("--link", "h=1=isar surgical centre", "--link", "g=Compass Travel")
    assert len(run_json("import-ownership", file, *links)["found"]) == 1
    assert "No organisation of the network" in run("import-ownership", file, "--link", "g=Nobody", code=2)
    assert "RECORD=NAME" in run("import-ownership", file, "--link", "g", code=2)
    assert "record 'nobody'" in run("import-ownership", file, "--link", "nobody=Compass Travel", code=2)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"<xml/>", b"[" * 100_000, b'{"statementId": 3}'])
def test_import_of_anything_else_ends_without_a_traceback(tmp_path, content):
    steward_is_there = make_organisation("provider")
    file = tmp_path / "odd.json"
    file.write_bytes(content)

    report = run_json("import-ownership", file, code=1 if content else 0)

    assert report["kept"] == 0
    assert steward_is_there.stage == "verified"
    assert "cannot be read" in run("import-ownership", tmp_path / "missing.json", code=2)
    assert "cannot be read" in run("import-ownership", tmp_path, code=2)


def test_connected_says_with_whom_how_much_and_by_which_path(tmp_path, pair):
    run(
        "import-ownership",
        written(
            tmp_path, company("h", pair[0]), company("g", pair[1]), entity("oak", "Oakmoor"), holds("oak", "h", 60),
            holds("oak", "g", 55),
        ),
    )  # fmt: skip

    text = run("connected", "Isar Surgical Centre")
    found = run_json("connected", "isar surgical centre", "--at", "0.56")

    assert "Compass Travel, on the network: 55\u00a0% by the same owner" in text
    assert "Oakmoor holds 60\u00a0% of Isar Surgical Centre; Oakmoor holds 55\u00a0% of Compass Travel." in text
    assert [(each["name"], each["share"], each["by"]) for each in found["connected"]] == [("Oakmoor", 0.6, "ownership")]
    assert found["connected"][0]["path"] == [{"owner": "Oakmoor", "owned": "Isar Surgical Centre", "share": 0.6}]
    assert "Nobody is called" in run("connected", "Atlantis", code=2)
    with pytest.raises(CommandError, match="'25' is not a share"):
        call_command("parties", "connected", "Oakmoor", "--at", "25")


def test_connected_with_nobody_is_an_answer():
    organisation = make_organisation("provider")

    assert run_json("connected", organisation.name) == {
        "name": organisation.name, "at": 0.25, "known": False, "connected": []
    }  # fmt: skip


def test_evidence_lists_what_ends_first_and_leaves_out_what_was_renewed():
    hospital, doctor = make_organisation("provider"), make_organisation("doctor")
    today = timezone.now().date()
    Evidence.objects.filter(organisation=hospital).update(valid_to=today + timedelta(days=20))
    Evidence.objects.filter(organisation=doctor).update(valid_to=today - timedelta(days=2))
    renewed = Evidence.objects.get(organisation=doctor)
    assert [(row["organisation"], row["days_left"]) for row in run_json("evidence")] == [
        (doctor.name, -2), (hospital.name, 20)
    ]  # fmt: skip
    assert "has ended" in run("evidence")

    renewed.pk, renewed.valid_to = None, today + timedelta(days=400)
    renewed._state.adding = True
    renewed.valid_from = today - timedelta(days=3)
    renewed.id = hospital.pk  # any new key
    renewed.save(force_insert=True)

    assert [row["organisation"] for row in run_json("evidence")] == [hospital.name]


def test_add_person_lets_somebody_work_there_and_logs_it():
    hospital = make_organisation("provider", name="Isar")

    run("add-person", "Jo@Example.org", "Jo Huber", "isar", "provider", "--language", "de")
    run("add-person", "jo@example.org", "Jo Huber", "Isar", "provider")

    person = Person.objects.get(email="jo@example.org")
    assert (person.name, person.language, person.has_usable_password()) == ("Jo Huber", "de", False)
    assert Membership.objects.filter(person=person, organisation=hospital, role="provider", until=None).count() == 1
    entry = log.entries_of(hospital.pk).last()
    assert (entry.step, entry.role) == ("parties.add_person", "network")
    assert "does not hold that role" in run("add-person", "a@b.org", "A", "Isar", "doctor", code=1)
    assert "no e-mail address" in run("add-person", "a", "A", "Isar", "provider", code=2)
    assert not Person.objects.filter(email="a@b.org").exists()


def test_an_interest_without_a_share_counts_in_full(tmp_path, pair):
    holding = holds("h", "g", 1)
    holding["recordDetails"]["interests"] = [shares()]

    found = run_json("import-ownership", written(tmp_path, company("h", pair[0]), company("g", pair[1]), holding))

    assert [tie["share"] for tie in found["found"]] == [1.0]
