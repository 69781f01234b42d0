"""Files on their way in: the step, what is refused and kept for its sender, the form, the pages, the command."""

import io
import json
import socket
import struct
import threading
import zipfile
from datetime import timedelta
from pathlib import Path

import pydicom
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from clearpath.config import environment
from clearpath.core.outcomes import Refused
from clearpath.parties.models import Person
from clearpath.records import aside, queries, steps
from clearpath.records.check import Finding
from clearpath.records.models import Record, RecordNumber, SetAside
from clearpath.records.received import examine
from clearpath.trust import log, vault
from clearpath.trust.models import Key
from tests.factories import NOON, steward
from tests.walk import PDF, consent_to, walk_to

pytestmark = pytest.mark.django_db

BUNDLES = Path(__file__).parent / "bundles"
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "ips"
CT = (Path(pydicom.__file__).parent / "data" / "test_files" / "CT_small.dcm").read_bytes()
MARTHA = (BUNDLES / "ips_example.json").read_bytes()


def walk_of(name="Amina Yusuf", born=None):
    walk = walk_to("records.add")
    walk.journey.patient_name, walk.journey.born_on = name, born
    walk.journey.save(update_fields=["patient_name", "born_on"])
    return walk


def fhir(name="Amina Yusuf", born="1980-02-03", number="", said="Pain", document=""):
    patient = {"resourceType": "Patient", "id": "p", "name": [{"text": name}], "birthDate": born}
    if number:
        patient["identifier"] = [{"system": "urn:hospital", "value": number}]
    condition = {"resourceType": "Condition", "subject": {"reference": "Patient/p"}, "code": {"text": said}}
    found = {"resourceType": "Bundle", "type": "document", "entry": [{"resource": patient}, {"resource": condition}]}
    if document:
        found["identifier"] = {"system": "urn:documents", "value": document}
    return json.dumps(found).encode()


def zipped(**files):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return written.getvalue()


def bytes_of(record):
    record.refresh_from_db()
    return vault.open_sealed(bytes(record.sealed), about=record.pk)


def sign_in(client, actor):
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


# The step


def test_add_refuses_what_is_about_somebody_else_whatever_the_sender_confirms():
    walk = walk_of(born=NOON.date())

    for confirmed in (False, True):
        with pytest.raises(Refused, match="other_patient"):
            steps.add(walk.journey, content=fhir(), confirmed=confirmed, by=walk.patient)

    assert not Record.objects.exists()
    assert log.entries_of(walk.journey.pk).last().reason == "other_patient"


def test_add_asks_whose_it_is_once_and_knows_the_number_from_then_on():
    walk = walk_of(name="Amina Haddad")

    with pytest.raises(Refused, match="patient_unsure"):
        steps.add(walk.journey, content=fhir(number="7"), by=walk.patient)
    first = steps.add(walk.journey, content=fhir(number="7"), confirmed=True, by=walk.patient)
    with pytest.raises(Refused, match="patient_unsure"):
        steps.add(walk.journey, content=fhir(said="Cough"), by=walk.patient)
    walk.journey.patient_name = "Yusuf, Amina"
    walk.journey.save(update_fields=["patient_name"])
    second = steps.add(walk.journey, content=fhir(number="7", born="", said="Cough"), by=walk.patient)

    assert (first.is_confirmed, second.is_confirmed) == (True, False)
    with pytest.raises(Refused, match="other_patient"):
        steps.add(walk.journey, content=fhir(name="Eve Brown", number="8"), confirmed=True, by=walk.patient)


def test_numbers_are_kept_as_keyed_hashes_alone():
    walk = walk_of()

    steps.add(walk.journey, content=fhir(number="MRN-123456", document="DOC-9"), by=walk.patient)

    assert RecordNumber.objects.count() == 2
    kept = str(list(RecordNumber.objects.values_list("giver_hash", "number_hash")))
    assert not any(word in kept for word in ("123456", "DOC-9", "urn:"))


def test_add_takes_the_same_document_with_other_bytes_for_another_version():
    walk = walk_of()
    first = steps.add(walk.journey, content=fhir(document="D1"), by=walk.patient)

    second = steps.add(walk.journey, content=fhir(document="D1", said="Cough"), by=walk.patient)
    other = steps.add(walk.journey, content=fhir(document="D2", said="Fever"), by=walk.patient)

    assert (second.version_of, other.version_of) == (first, None)
    assert bytes_of(first) == fhir(document="D1")
    opened = queries.record_for(walk.patient, first.pk)
    assert [each.id for each in opened.versions] == [second.pk]


def test_add_keeps_an_archive_and_every_file_in_it():
    walk = walk_of()
    steps.add(walk.journey, content=b"words", by=walk.patient)
    content = zipped(letter_pdf=PDF, summary_json=fhir(), known_txt=b"words", viewer_exe=b"MZ\x90\x00")

    archive = steps.add(walk.journey, content=content, title="CD", received_from="City Hospital", by=walk.patient)

    assert bytes_of(archive) == content
    parts = list(archive.parts.order_by("pk"))
    assert [(each.title, each.media_type) for each in parts] == [
        ("letter.pdf", "application/pdf"),
        ("summary.json", "application/fhir+json"),
    ]
    assert [bytes_of(each) for each in parts] == [PDF, fhir()]
    assert {each.received_from for each in parts} == {"City Hospital"}
    [row] = [each for each in queries.record_rows_for(walk.patient, walk.journey) if each.id == archive.pk]
    assert [path for path, _why in row.left_out] == ["viewer.exe", "known.txt"]


def test_add_refuses_an_archive_that_holds_somebody_elses_file():
    walk = walk_of(born=NOON.date())

    with pytest.raises(Refused, match="other_patient"):
        steps.add(walk.journey, content=zipped(a_pdf=PDF, b_json=fhir()), by=walk.patient)

    assert not Record.objects.exists()


def test_add_keeps_the_defects_that_the_gates_found_sealed(monkeypatch):
    walk = walk_of()
    found = [Finding("error", "cardinality", "Bundle.entry[1]", "A code is missing.", 2)] * 7
    monkeypatch.setattr("clearpath.records.received.examining.check", lambda _content: found)

    record = steps.add(walk.journey, content=fhir(), by=walk.patient)

    assert Record.objects.extra(select={"raw": "findings"}).get().raw.startswith("s1.")
    opened = queries.record_for(walk.patient, record.pk)
    assert (opened.row.defects, opened.findings[0]) == (7, found[0])


def test_what_no_gate_looked_at_is_not_told_as_without_defects(monkeypatch):
    walk = walk_of()
    pdf = steps.add(walk.journey, content=PDF, by=walk.patient)
    monkeypatch.setattr("clearpath.records.received.examining.check", lambda _content: [])
    clean = steps.add(walk.journey, content=fhir(), by=walk.patient)

    assert queries.record_for(walk.patient, pdf.pk).row.defects is None
    assert queries.record_for(walk.patient, clean.pk).row.defects == 0


def test_what_the_gates_call_no_fhir_is_refused(monkeypatch):
    found = [Finding("error", "resource-type", "", "This is no resource of FHIR R4.", 1)]
    monkeypatch.setattr("clearpath.records.received.examining.check", lambda _content: found)

    assert examine(b'{"resourceType": "Banana"}').objection.code == "not_fhir"


# Every real bundle, byte for byte


def patient_of(content):
    people = examine(content).told.people
    return (people[0].names or ("",))[0] if people else ""


def comes_back(path):
    content = path.read_bytes()
    walk = walk_of(name=patient_of(content) or "Amina Yusuf")
    record = steps.add(walk.journey, content=content, confirmed=True, by=walk.patient)
    opened = queries.record_for(walk.patient, record.pk)
    return content == opened.content == bytes_of(record) and opened.reading is not None


@pytest.mark.parametrize("path", sorted(BUNDLES.glob("*.json")), ids=lambda path: path.name)
def test_a_bundle_comes_back_byte_for_byte(path):
    assert comes_back(path)


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(REAL.glob("*.json")) or [None], ids=lambda path: path.name if path else "none")
def test_every_real_bundle_comes_back_byte_for_byte(path):
    if path is None:
        pytest.skip("the real bundles are not here")
    assert comes_back(path)


# The scanner

SIGNATURE = b"NOT-A-VIRUS-BUT-OUR-OWN-TEST-SIGNATURE"


def serve(line, answer=None):
    """A clamd that finds our signature: reads INSTREAM as clamd(8) says, or gives the wrong `answer`."""
    with line:
        while True:
            try:
                talk, _from = line.accept()
            except OSError:
                return
            with talk, talk.makefile("rb") as heard:
                assert heard.read(10) == b"zINSTREAM\0"
                content = b""
                while length := struct.unpack("!L", heard.read(4))[0]:
                    content += heard.read(length)
                found = b"stream: Test.Signature FOUND\0" if SIGNATURE in content else b"stream: OK\0"
                talk.sendall(answer or found)


@pytest.fixture(params=["socket", "loopback"])
def clamd(request, settings, tmp_path):
    line = socket.socket(socket.AF_UNIX if request.param == "socket" else socket.AF_INET)
    line.bind(str(tmp_path / "clamd") if request.param == "socket" else ("127.0.0.1", 0))
    line.listen()
    settings.SCANNER = str(tmp_path / "clamd") if request.param == "socket" else f"127.0.0.1:{line.getsockname()[1]}"
    server = threading.Thread(target=serve, args=(line,), daemon=True)
    server.start()
    yield
    line.shutdown(socket.SHUT_RDWR)
    line.close()
    server.join(5)


@pytest.mark.usefixtures("clamd")
def test_a_file_with_malware_is_refused_and_not_kept_anywhere():
    walk = walk_of()

    clean = steps.add(walk.journey, content=b"x" * 200_000, by=walk.patient)
    infected = examine(b"y" * 100_000 + SIGNATURE)
    with pytest.raises(Refused, match="infected") as refusal:
        steps.add(walk.journey, content=infected, by=walk.patient)

    assert clean.is_scanned
    assert "Test.Signature" in str(refusal.value.objection.message)
    kept = aside.set_aside(walk.journey, infected, refusal.value, title="", received_from="", by=walk.patient)
    assert kept is None
    assert examine(zipped(a_txt=b"good", b_txt=SIGNATURE)).objection.code == "infected"


def test_a_scanner_that_does_not_answer_lets_nothing_through(settings, tmp_path):
    settings.SCANNER = str(tmp_path / "nobody")

    assert examine(PDF).objection.code == "scanner_unreachable"


def test_a_scanner_that_answers_anything_else_lets_nothing_through(settings, tmp_path):
    settings.SCANNER = str(tmp_path / "clamd")
    line = socket.socket(socket.AF_UNIX)
    line.bind(settings.SCANNER)
    line.listen()
    server = threading.Thread(target=serve, args=(line, b"INSTREAM size limit exceeded. ERROR\0"), daemon=True)
    server.start()

    assert examine(PDF).objection.code == "scanner_unreachable"

    line.shutdown(socket.SHUT_RDWR)
    server.join(5)


def test_without_a_scanner_nothing_is_scanned_and_the_record_says_so(client):
    walk = walk_of()
    record = steps.add(walk.journey, content=PDF, by=walk.patient)

    page = sign_in(client, walk.patient).get(reverse("records:record", args=[record.pk])).content.decode()

    assert not record.is_scanned
    assert "<dt>Checked for malware</dt><dd>No</dd>" in page


def test_the_steward_sees_whether_files_are_checked(client, settings, tmp_path):
    sign_in(client, steward())

    assert "Not checked" in client.get(reverse("records:coming_in")).content.decode()
    settings.SCANNER = str(tmp_path / "nobody")
    assert "No file is taken in until it does" in client.get(reverse("records:coming_in")).content.decode()


@pytest.mark.usefixtures("clamd")
def test_the_steward_sees_that_the_scanner_answers(client):
    sign_in(client, steward())

    assert "the scanner answers" in client.get(reverse("records:coming_in")).content.decode()


@pytest.mark.parametrize("address", ["10.0.0.7:3310", "clamd.example.org:3310", "localhost", "run/clamd"])
def test_a_scanner_elsewhere_is_refused_at_start(monkeypatch, address):
    monkeypatch.setattr(environment, "KNOWN", {})
    monkeypatch.setenv("CLEARPATH_SCANNER", address)

    with pytest.raises(ImproperlyConfigured, match="CLEARPATH_SCANNER"):
        environment.neighbour("SCANNER", "", "")


# Refused, and kept for the sender


def refused_upload(client, walk, content=None, name="summary.json"):
    sign_in(client, walk.patient)
    address = reverse("turns:take", args=["journey", walk.journey.pk, "records.add"])
    files = [SimpleUploadedFile(name, content or fhir())]
    return client.post(address, {"file": files, "key": "k1"})


def test_a_refused_file_is_kept_sealed_for_its_sender_alone(client):
    walk = walk_of(name="Amina Haddad")

    answer = refused_upload(client, walk)

    kept = SetAside.objects.get()
    assert answer.status_code == 409
    assert reverse("records:set_aside", args=[kept.pk]) in answer.content.decode()
    assert b"Amina" not in bytes(kept.sealed)
    page = client.get(reverse("records:set_aside", args=[kept.pk])).content.decode()
    assert "Amina Yusuf" in page
    assert "1980-02-03" in page
    assert client.get(reverse("records:download_set_aside", args=[kept.pk])).content == fhir()
    consent_to(walk, walk.facilitator.organisation_id, "clinical")
    sign_in(client, walk.facilitator)
    for name in ("set_aside", "download_set_aside"):
        assert client.get(reverse(f"records:{name}", args=[kept.pk])).status_code == 404


def test_the_sender_confirms_in_a_second_step(client):
    walk = walk_of(name="Amina Haddad")
    refused_upload(client, walk)
    kept = SetAside.objects.get()

    client.post(reverse("records:take_in", args=[kept.pk]))
    assert not Record.objects.exists()
    client.post(reverse("records:take_in", args=[kept.pk]), {"confirmed": "yes"})

    record = Record.objects.get()
    assert (record.is_confirmed, record.title, bytes_of(record)) == (True, "summary", fhir())
    assert not SetAside.objects.exists()
    assert Key.objects.get(about=kept.pk).erased_at is not None
    done = [entry.decision for entry in log.entries_of(walk.journey.pk) if entry.step == "records.add"]
    assert done == ["refused", "refused", "done"]


def test_somebody_elses_file_cannot_be_confirmed_but_deleted(client):
    walk = walk_of(born=NOON.date())
    refused_upload(client, walk)
    kept = SetAside.objects.get()

    client.post(reverse("records:take_in", args=[kept.pk]), {"confirmed": "yes"})
    assert SetAside.objects.exists()
    client.post(reverse("records:discard", args=[kept.pk]))

    assert not SetAside.objects.exists()
    assert not Record.objects.exists()


def test_a_refused_file_that_nobody_comes_back_for_is_deleted(client):
    walk = walk_of(born=NOON.date())
    refused_upload(client, walk)
    sent_at = SetAside.objects.get().sent_at

    aside.sweep(now=sent_at + timedelta(days=30))
    assert SetAside.objects.exists()
    aside.sweep(now=sent_at + timedelta(days=31))
    assert not SetAside.objects.exists()


# The form and the pages


def test_of_several_files_each_is_answered_and_what_is_good_stays(client):
    walk = walk_of()
    sign_in(client, walk.patient)
    files = [
        SimpleUploadedFile("letter.pdf", PDF),
        SimpleUploadedFile("broken.json", b'{"resourceType": "Bundle", '),
        SimpleUploadedFile("empty.txt", b""),
        SimpleUploadedFile("mine.json", fhir()),
    ]
    photo = SimpleUploadedFile("IMG_1.jpg", b"\xff\xd8\xff\xe0 photo")
    address = reverse("turns:take", args=["journey", walk.journey.pk, "records.add"])

    page = client.post(address, {"file": files, "photo": photo, "key": "k1"}, follow=True).content.decode()

    assert sorted(each.title for each in Record.objects.all()) == ["IMG_1", "letter", "mine"]
    assert [each.reason for each in SetAside.objects.all()] == ["not_fhir"]
    for words in (
        "letter is kept: PDF.",
        "mine is kept: ",
        "broken: This file is marked as FHIR",
        "empty: The file is empty",
    ):
        assert words in page
    assert "Understood: 1 problem." in page
    assert "Shown to nobody but you" in page
    consent_to(walk, walk.facilitator.organisation_id, "clinical")
    again = client.post(address, {"file": [SimpleUploadedFile("letter.pdf", PDF)], "key": "k1"}, follow=True)
    assert "Nothing was done twice" in again.content.decode()
    assert "because you agreed:" in again.content.decode()


def test_a_form_without_a_file_says_so(client):
    walk = walk_of()
    sign_in(client, walk.patient)

    answer = client.post(reverse("turns:take", args=["journey", walk.journey.pk, "records.add"]), {"title": "x"})

    assert answer.status_code == 422
    assert "Choose at least one file" in answer.content.decode()


def test_a_medical_image_is_shown_by_one_frame_and_each_look_is_noted(client):
    walk = walk_of(name="CT1 CompressedSamples")
    record = steps.add(walk.journey, content=CT, by=walk.patient)
    sign_in(client, walk.patient)

    page = client.get(reverse("records:record", args=[record.pk])).content.decode()
    picture = client.get(reverse("records:preview", args=[record.pk]))

    assert "JFK IMAGING CENTER" in page
    assert "Names may be written into the picture" in page
    assert picture.content.startswith(b"\x89PNG")
    assert (picture["X-Content-Type-Options"], picture["Cache-Control"]) == ("nosniff", "private, no-store")
    assert picture["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert [entry.step for entry in log.reads_of(walk.journey.pk)] == ["records.see_preview", "records.open_record"]
    sign_in(client, walk.facilitator)
    assert client.get(reverse("records:preview", args=[record.pk])).status_code == 404


def test_a_text_is_shown_as_text(client):
    walk = walk_of()
    record = steps.add(walk.journey, content="Ağrı <script>alert(1)</script>".encode(), by=walk.patient)

    page = sign_in(client, walk.patient).get(reverse("records:record", args=[record.pk])).content.decode()

    assert "Ağrı &lt;script&gt;alert(1)" in page
    assert client.get(reverse("records:preview", args=[record.pk])).status_code == 404


def test_defects_are_grouped_with_a_letter_to_the_maker(client, monkeypatch):
    walk = walk_of()
    found = [Finding("error", "cardinality", f"Bundle.entry[{n}]", "A code is missing.", 2) for n in range(7)]
    found.append(Finding("warning", "binding", "Bundle.entry[0].resource.gender", "Write male.", 2))
    monkeypatch.setattr("clearpath.records.received.examining.check", lambda _content: found)
    record = steps.add(walk.journey, content=fhir(), title="Summary", by=walk.patient)
    sign_in(client, walk.patient)

    english = client.get(reverse("records:record", args=[record.pk])).content.decode()

    assert "8 defects in the form of the file" in english
    assert "and 2 more places" in english
    assert f"The file “Summary” (SHA-256 {record.sha256}), received on June 1, 2026, has 8 defects" in english
    assert "1. Rule cardinality (Error)" in english
    assert "   Bundle.entry[0].resource.gender: Write male." in english


# The command


def run(*arguments):
    written, told = io.StringIO(), io.StringIO()
    try:
        call_command("records", "import", *map(str, arguments), stdout=written, stderr=told)
        code = 0
    except SystemExit as ended:
        code = ended.code
    return code, written.getvalue(), told.getvalue()


def test_import_answers_every_file_and_keeps_the_good_ones(tmp_path):
    walk = walk_of()
    for name, content in {
        "a.pdf": PDF, "b.json": fhir(document="D"), "c.json": fhir(document="D", said="Cough"), "d.exe": b"MZ\x90\x00",
        "e.zip": zipped(x_txt=b"one", y_txt=b"two"), "f.pdf": PDF,
    }.items():  # fmt: skip
        (tmp_path / name).write_bytes(content)
    files = [*sorted(tmp_path.iterdir()), tmp_path / "none.pdf"]

    code, written, told = run(walk.journey.reference, *files, "--as", "patient", "--json")

    answers = json.loads(written)
    assert code == 1
    assert [each["outcome"] for each in answers] == [
        "added", "added", "another_version", "refused", "added", "already_there", "refused",
    ]  # fmt: skip
    assert [answers[3]["code"], answers[6]["code"]] == ["file_type_unknown", "unreadable"]
    assert answers[4]["parts"] == 2
    assert Record.objects.count() == 6
    assert "7 of 7" in told


def test_import_by_a_facilitator_is_for_whom_the_patient_appointed(tmp_path):
    walk = walk_of()
    (tmp_path / "a.pdf").write_bytes(PDF)

    code, written, _told = run(walk.journey.pk, tmp_path / "a.pdf", "--as", "facilitator")

    assert (code, Record.objects.count()) == (1, 0)
    assert written.startswith("refused")


def test_import_says_when_no_journey_is_called_so(tmp_path):
    with pytest.raises(CommandError, match="No journey is called 'X'"):
        run("X", tmp_path / "a.pdf", "--as", "patient")


def test_import_exits_0_when_all_is_well(tmp_path):
    walk = walk_of()
    (tmp_path / "a.pdf").write_bytes(PDF)

    code, written, _told = run(walk.journey.pk, tmp_path / "a.pdf", "--as", "patient")

    assert code == 0
    assert written == f"added                     {tmp_path / 'a.pdf'}  (PDF)\n"
