"""Who may take records along gets the very files, and is noted; nobody else gets a byte."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from clearpath.parties.models import Person
from clearpath.records import steps
from clearpath.records.check import check
from clearpath.trust import log, vault
from tests.factories import actor_at, make_organisation
from tests.walk import PDF, opine, walk_to

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BUNDLE = (Path(__file__).parent / "bundles" / "ips_example.json").read_bytes()
NAMES = ("take_summary", "take_paper", "take_everything")


def sign_in(client, actor):
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def address(name, walk):
    return reverse(f"records:{name}", args=[walk.journey.pk])


def reads(walk):
    return [(entry.step, entry.person_id) for entry in log.reads_of(walk.journey.pk).order_by("number")]


def test_a_patient_takes_everything_along_after_the_journey_is_closed(client):
    walk = walk_to("")
    assert walk.journey.stage == "closed"
    sign_in(client, walk.patient)

    archive = client.get(address("take_everything", walk))
    page = client.get(reverse("turns:subject", args=["journey", walk.journey.pk])).content.decode()

    files = zipfile.ZipFile(io.BytesIO(archive.getvalue()))
    assert files.namelist() == ["summary.json", "summary.pdf", "files/01-Letter.pdf"]
    assert files.read("files/01-Letter.pdf") == PDF
    assert [each for each in check(files.read("summary.json"), profile="ips") if each.severity == "error"] == []
    assert files.read("summary.pdf").startswith(b"%PDF-")
    assert address("take_paper", walk) in page
    assert reads(walk)[-1] == ("records.take_everything", walk.patient.person_id)


def test_the_paper_comes_in_the_language_that_was_asked_for(client):
    walk = walk_to("records.hand_over_home")
    sign_in(client, walk.patient)

    arabic, turkish = (client.get(address("take_summary", walk) + f"?language={code}") for code in ("ar", "tr"))

    assert [json.loads(each.content)["language"] for each in (arabic, turkish)] == ["ar", "tr"]
    assert arabic["Content-Disposition"].startswith("attachment")


def test_a_doctor_takes_what_the_patient_agreed_to_and_no_other_lane(client):
    walk = walk_to("offers.present", lanes=2)
    opine(walk, by=walk.others[0][1])

    own, whole = (
        json.loads(sign_in(client, each).get(address("take_summary", walk)).content)
        for each in (walk.doctor, walk.patient)
    )

    assert [kinds(each).count("ClinicalImpression") for each in (own, whole)] == [1, 2]
    assert reads(walk)[0] == ("records.take_summary", walk.doctor.person_id)


def kinds(bundle):
    return [each["resource"]["resourceType"] for each in bundle["entry"]]


@pytest.mark.parametrize("name", NAMES)
def test_who_may_see_nothing_clinical_takes_nothing(client, name):
    walk = walk_to("offers.make")
    stranger = actor_at(make_organisation("agency"), "agency")

    answers = [sign_in(client, each).get(address(name, walk)) for each in (walk.facilitator, walk.provider, stranger)]

    assert [each.status_code for each in answers] == [404, 404, 404]
    assert reads(walk) == []


def test_what_was_erased_is_not_taken_along(client):
    walk = walk_to("records.give_opinion")
    record = steps.add(walk.journey, content=BUNDLE, title="Summary", by=walk.patient)
    vault.erase(record.pk)

    archive = sign_in(client, walk.patient).get(address("take_everything", walk))

    files = zipfile.ZipFile(io.BytesIO(archive.getvalue()))
    assert files.namelist() == ["summary.json", "summary.pdf", "files/01-Letter.pdf"]
    assert b"Menopausal" not in files.read("summary.json")


def test_a_title_cannot_lead_out_of_the_folder(tmp_path):
    walk = walk_to("records.add")
    steps.add(walk.journey, content=PDF, title="../../etc/passwd \x00", by=walk.patient)

    call_command("records", "export", walk.journey.reference, "--all", str(tmp_path / "out"))

    assert [str(each.relative_to(tmp_path)) for each in sorted(tmp_path.rglob("*.*"))] == ["out/01-etc-passwd.pdf"]


def test_export_writes_a_valid_summary_and_the_files_and_is_noted(tmp_path, capsys):
    walk = walk_to("records.hand_over_home")
    steps.add(walk.journey, content=BUNDLE, title="Summary", by=walk.patient)
    out = tmp_path / "ips.json"

    call_command(
        "records",
        "export",
        str(walk.journey.pk),
        "--ips",
        str(out),
        "--all",
        str(tmp_path),
        "--language",
        "tr",
        "--json",
    )

    told = json.loads(capsys.readouterr().out)
    assert (told["journey"], told["language"]) == (walk.journey.reference, "tr")
    assert [Path(each).read_bytes() for each in told["files"]] == [PDF, BUNDLE]
    assert [each for each in check(out.read_bytes(), profile="ips") if each.severity == "error"] == []
    assert [step for step, person in reads(walk) if person is None] == [
        "records.take_summary",
        "records.take_everything",
    ]


@pytest.mark.parametrize("arguments", [("nobody", "--ips", "x.json"), ("nobody",)])
def test_export_says_what_is_missing(arguments):
    with pytest.raises(CommandError) as refusal:
        call_command("records", "export", *arguments)

    assert refusal.value.returncode == 2
