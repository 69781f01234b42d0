"""What received bytes are and tell: kinds, archives, whose they are, numbers, pictures; hostile ones within bounds."""

import io
import json
import os
import struct
import time
import tracemalloc
import zipfile
from datetime import date
from pathlib import Path

import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from clearpath.records.received import cda, dicom, examine, pictures
from clearpath.records.received.archives import MOST_FILES
from clearpath.records.received.fhir import tell
from clearpath.records.received.told import Person, compare, is_alike

DICOM = Path(pydicom.__file__).parent / "data" / "test_files"
BUNDLE = (Path(__file__).parent / "bundles" / "ips_example.json").read_bytes()


def short(value):
    """The name of a parameter: bytes have none, since those of an archive hold the time."""
    return "" if isinstance(value, bytes) else str(value)


def code_of(received):
    return received.objection.code if received.objection else None


def zipped(files, method=zipfile.ZIP_DEFLATED):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


def bundle(*resources, **more):
    entries = [
        {"fullUrl": f"urn:uuid:{each.get('id', number)}", "resource": each} for number, each in enumerate(resources)
    ]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries, **more}).encode()


def patient(key, name="Amina Yusuf", born="1980-02-03", **more):
    return {"resourceType": "Patient", "id": key, "name": [{"text": name}], "birthDate": born, **more}


def problem(key):
    return {"resourceType": "Condition", "subject": {"reference": f"Patient/{key}"}, "code": {"text": "Pain"}}


# Whose it is


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Amina Yusuf", "YUSUF, Amina", True),
        ("Ayşe Yılmaz", "AYSE YILMAZ", True),
        ("Jörg Müller", "Jorg Muller", True),
        ("Łukasz Żak", "Lukasz Zak", True),
        ("أحمد عَلِيّ", "احمد علي", True),
        ("Amina Khalid Yusuf", "Amina Yusuf", True),
        ("Amina Yusuf", "Amina", False),
        ("Amina Yusuf", "Amina Haddad", False),
        ("Muhammad Ali", "Mohammed Aly", False),
        ("", "", False),
    ],
)
def test_is_alike_looks_past_case_accents_and_order(one, other, alike):
    assert is_alike(one, other) is alike


OURS = date(1980, 2, 3)


@pytest.mark.parametrize(
    ("name", "born", "shares", "clashes", "verdict"),
    [
        ("YUSUF Amina", "1980-02-03", False, False, "same"),
        ("Amina Yusuf", "", False, False, "unsure"),
        ("Amina Yusuf", "1980", False, False, "unsure"),
        ("Amina Yusuf", "1980-03-02", False, False, "unsure"),  # day and month exchanged
        ("Amina Yusuf", "1980-01-01", False, False, "unsure"),  # the day was not known
        ("Amina Yusuf", "1981-02-03", False, False, "other"),
        ("Amina Yusuf", "1981-02-03", True, False, "other"),
        ("Emina Jusuf", "1980-02-03", False, False, "unsure"),
        ("Amina Haddad", "1980-02-03", True, False, "same"),  # a new name, with the known number
        ("Martha Brown", "1980-02-03", False, True, "other"),
        ("Amina Yusuf", "1980-02-03", False, True, "same"),
        ("Amina Yusuf", "", True, False, "same"),
    ],
)
def test_compare_knows_a_patient_by_more_than_a_name(name, born, shares, clashes, verdict):
    assert compare(Person((name,), born), "Amina Yusuf", OURS, shares=shares, clashes=clashes) == verdict


@pytest.mark.parametrize(("name", "verdict"), [("Yusuf Amina", "same"), ("Martha Brown", "unsure")])
def test_compare_without_our_day_of_birth_goes_by_the_name(name, verdict):
    assert compare(Person((name,), "1999-09-09"), "Amina Yusuf", None, shares=False, clashes=False) == verdict


@pytest.mark.parametrize(
    ("resources", "code"),
    [
        ([patient("a"), patient("b", "Martha Brown"), problem("a"), problem("b")], "two_patients"),
        ([patient("a"), patient("b", born="1999-01-02"), problem("a"), problem("b")], "two_patients"),
        ([patient("a"), patient("b", "YUSUF AMINA"), problem("a"), problem("b")], None),
        ([patient("a"), patient("b", "A. Y."), problem("a"), problem("b")], "two_patients"),
        (
            [
                patient("a"),
                patient("b", "A. Y.", link=[{"other": {"reference": "Patient/a"}}]),
                problem("a"),
                problem("b"),
            ],
            None,
        ),
        ([patient("baby"), patient("mother", "Mother"), problem("baby")], None),  # she is only named
        ([patient("baby"), patient("mother", "Mother"), problem("baby"), problem("mother")], "two_patients"),
        ([patient("a"), patient("b", "Martha Brown")], "two_patients"),
        ([patient("a") | {"contained": [patient("b", "Martha Brown")]}, problem("a")], None),
        (
            [
                patient("a"),
                problem("a"),
                problem("x") | {"subject": {"reference": "#b"}, "contained": [patient("b", "Eve")]},
            ],
            "two_patients",
        ),
    ],
)
def test_two_people_with_findings_in_one_bundle_are_refused(resources, code):
    wrong = tell(bundle(*resources)).wrong
    assert (wrong.code if wrong else None) == code


def test_a_number_without_its_giver_says_nothing():
    given = [{"value": "17"}, {"system": "urn:a", "value": "17"}, {"system": "urn:b"}, "17"]

    [person] = tell(bundle(patient("a", identifier=given))).people

    assert person.identifiers == {("urn:a", "17")}


# Kinds and damage


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"x" * (20 * 1024 * 1024 + 1), "file_too_large"),
        (b"MZ\x90\x00\x03", "file_type_unknown"),
        (b"<html><script>alert(1)</script></html>", "file_type_unknown"),
        (b'{"resourceType": "Bundle", "entry": [', "not_fhir"),
        (b'{"resourceType": 7}', "not_fhir"),
        (b'[{"resourceType": "Patient"}]', "not_fhir"),
        (b'{"resourceType": "Patient", "id": NaN}', "not_fhir"),
        (b'{"resourceType": ' + b"[" * 500_000, "not_fhir"),
        (b'<?xml version="1.0"?><a>', "xml_broken"),
        (b'<?xml version="1.0"?><ClinicalDocument/>', "xml_broken"),
        (b'<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir2"/>', "not_fhir"),
        (b"PK\x03\x04 no archive", "archive_broken"),
        (b"%PDF-1.7", None),
        (b"plain words", None),
    ],
    ids=short,
)
def test_examine_says_what_is_wrong(content, code):
    assert code_of(examine(content)) == code


def test_a_damaged_fhir_file_is_told_with_the_place_of_the_damage():
    says = str(examine(b'{"resourceType": "Bundle",\n "entry": [').objection.message)

    assert "line 2" in says


@pytest.mark.parametrize(
    "document_type",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;&l;&l;">]>',
        b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd">',
    ],
    ids=short,
)
def test_xml_that_declares_its_own_entities_is_refused_unread(document_type):
    assert code_of(examine(b'<?xml version="1.0"?>' + document_type + b"<a>&x;</a>")) == "xml_with_entities"


def test_a_polyglot_is_always_taken_for_what_its_first_bytes_say():
    archive = zipped({"a.txt": b"words"})

    assert examine(b"%PDF-1.7\n" + archive).media_type == "application/pdf"
    assert examine(b"\x89PNG\r\n\x1a\n %PDF-1.7").media_type == "image/png"
    assert examine(b"<!-- %PDF-1.7 --><html><script>1</script></html>").media_type == "application/pdf"


# Archives


def test_an_archive_gives_its_files_with_where_they_lay_and_what_was_left_out():
    found = examine(
        zipped(
            {
                "portal/letter.pdf": b"%PDF-1.7 letter",
                "../../etc/cron.d/x": b"only a title",
                "portal/viewer.exe": b"MZ\x90\x00",
                "__MACOSX/portal/._letter.pdf": b"\x00\x05\x16\x07",
                "portal/inner.zip": zipped({"summary.json": BUNDLE, "again.pdf": b"%PDF-1.7 letter"}),
            }
        )
    )

    assert [(each.path, each.received.media_type) for each in found.members] == [
        ("portal/letter.pdf", "application/pdf"),
        ("../../etc/cron.d/x", "text/plain"),
        ("portal/inner.zip/summary.json", "application/fhir+json"),
    ]
    assert [(path, why.code) for path, why in found.left_out] == [("portal/viewer.exe", "file_type_unknown")]


def locked():
    content = bytearray(zipped({"a.txt": b"words"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    return bytes(content)


def with_a_link():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return written.getvalue()


def within(depth):
    content = zipped({"a.txt": b"words"})
    for _level in range(depth):
        content = zipped({"a.zip": content})
    return content


def quine():
    """An archive that holds itself: Russ Cox, Zip Files All The Way Down, 2010, is played by depth without end."""
    return within(8)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (locked(), "archive_encrypted"),
        (with_a_link(), "archive_without_records"),
        (zipped({"viewer.exe": b"MZ\x90\x00"}), "archive_without_records"),
        (within(1), None),
        (within(2), "archive_too_deep"),
        (quine(), "archive_too_deep"),
        (zipped({f"{n}.txt": b"x" for n in range(MOST_FILES + 1)}), "archive_too_many"),
        (zipped({"a.txt": b"words"})[:-30], "archive_broken"),
        (zipped({"a.txt": b"words", "b.json": bundle(patient("a"), patient("b", "Eve"))}), "two_patients"),
    ],
    ids=short,
)
def test_an_archive_is_refused_in_plain_words(content, code):
    assert code_of(examine(content)) == code


def test_a_file_whose_list_lies_about_its_size_is_left_out():
    content = bytearray(zipped({"a.txt": b"words" * 100, "b.txt": b"good"}))
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<L", 5)

    found = examine(bytes(content))

    assert [each.path for each in found.members] == ["b.txt"]
    assert [path for path, _why in found.left_out] == ["a.txt"]


def bombs():
    yield "zip bomb", lambda: zipped({f"{n}.txt": b"\0" * 20 * 1024 * 1024 for n in range(11)}), "archive_too_large"
    yield "deep JSON", lambda: b'{"resourceType":"Bundle","a":' * 600_000, "not_fhir"
    yield "wide JSON", lambda: b'{"resourceType":"Bundle","a":[' + b"{}," * 6_000_000 + b"{}]}", "too_many_parts"
    yield "just bearable", lambda: b'{"resourceType":"Bundle","a":[' + b"{}," * 990_000 + b"{}]}", "fhir_unreadable"
    yield "deep XML", lambda: b'<?xml version="1.0"?>' + b"<a>" * 6_000_000, "xml_broken"
    yield "many comments", lambda: b"<!--" * 5_000_000, "xml_broken"
    yield "a long list", lambda: _claims_a_long_list(), "archive_too_many"


def _claims_a_long_list():
    content = bytearray(zipped({"a.txt": b"words"}))
    at = content.rindex(b"PK\x05\x06")
    content[at + 12 : at + 16] = struct.pack("<L", 0x7FFFFFFF)
    return bytes(content)


@pytest.mark.slow
@pytest.mark.parametrize(("make", "code"), [pytest.param(make, code, id=name) for name, make, code in bombs()])
def test_a_bomb_takes_bounded_time_and_memory(make, code):
    content = make()
    tracemalloc.start()
    began = time.monotonic()

    found = examine(content)

    taken, (_now, peak) = time.monotonic() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert code_of(found) == code
    assert taken < 40  # seconds, with the tracing of memory; 2 s per MB is the bound
    assert peak < 20 * max(len(content), 20 * 1024 * 1024)


STARTS = [
    b"", b"%PDF-1.7", b"PK\x03\x04", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b'{"resourceType": "',
    b"<?xml version='1.0'?>",
    b"\0" * 128 + b"DICM", b"\0\0\0\x18ftypheic", b'<ClinicalDocument xmlns="urn:hl7-org:v3">',
]  # fmt: skip


@given(st.sampled_from(STARTS), st.binary(max_size=300))
def test_examine_answers_whatever_the_bytes(start, rest):
    found = examine(start + rest)

    assert found.objection is not None or found.media_type
    if found.media_type in ("image/jpeg", "image/png", "image/heic"):
        pictures.preview(found.content, found.media_type)
    dicom.preview(found.content)
    cda.read(found.content)


WORDS = ["resourceType", "entry", "resource", "subject", "reference", "name", "given", "family", "text", "identifier",
         "value", "system", "birthDate", "id", "link", "other", "contained", "fullUrl"]  # fmt: skip
JSON = st.recursive(
    st.sampled_from([None, True, 7, "", "Patient", "Bundle", "#a", "a"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.sampled_from(WORDS), JSON, max_size=4), st.lists(JSON, max_size=3))
def test_tell_reads_whatever_stands_in_a_bundle(patient, entries):
    first = {"resource": {**patient, "resourceType": "Patient"}}

    tell(json.dumps({"resourceType": "Bundle", "entry": [first, *entries]}).encode())


# Pictures


def a_picture(form="JPEG", size=(3000, 2000), **more):
    written = io.BytesIO()
    Image.new("RGB", size, "teal").save(written, form, **more)
    return written.getvalue()


def test_a_preview_is_smaller_upright_and_without_what_the_camera_wrote():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "Room 12, Amina Yusuf"

    seen = Image.open(io.BytesIO(pictures.preview(a_picture(exif=exif), "image/jpeg")))

    assert seen.size == (1067, 1600)
    assert not seen.getexif()


@pytest.mark.parametrize(("form", "media_type"), [("PNG", "image/png"), ("HEIF", "image/heic"), ("JPEG", "image/jpeg")])
def test_each_kind_of_picture_has_a_preview(form, media_type):
    content = a_picture(form, (64, 48))

    assert examine(content).media_type == media_type
    assert Image.open(io.BytesIO(pictures.preview(content, media_type))).size == (64, 48)


def test_a_picture_that_would_fill_the_memory_has_none():
    content = bytearray(a_picture("PNG", (8, 8)))
    content[16:24] = struct.pack(">LL", 60_000, 60_000)

    assert pictures.preview(bytes(content), "image/png") is None
    assert pictures.preview(b"\xff\xd8\xff broken", "image/jpeg") is None


# Medical images


@pytest.mark.parametrize(
    "name", ["CT_small.dcm", "MR_small_RLE.dcm", "JPEG2000.dcm", "SC_rgb_jpeg.dcm", "examples_palette.dcm"]
)
def test_a_medical_image_has_a_frame_to_look_at(name):
    content = (DICOM / name).read_bytes()

    assert Image.open(io.BytesIO(dicom.preview(content))).format == "PNG"


def test_a_medical_image_tells_what_it_is_and_whose():
    told = dicom.tell((DICOM / "CT_small.dcm").read_bytes())

    assert (told.facts["modality"], told.facts["institution"], told.facts["on"]) == (
        "CT",
        "JFK IMAGING CENTER",
        "2004-01-19",
    )
    assert told.people[0].names == ("CompressedSamples CT1",)
    assert len(told.numbers) == 1


@pytest.mark.parametrize("name", sorted(os.listdir(DICOM)))
def test_no_medical_image_however_dirty_stops_the_reader(name):
    path = DICOM / name
    if path.is_file() and path.suffix == ".dcm":
        content = path.read_bytes()
        for piece in (content, content[: len(content) // 2], content[:200]):
            dicom.tell(piece)
            dicom.preview(piece)


# Clinical documents

DOCUMENT = """<?xml version="1.0" encoding="ISO-8859-9"?><?xml-stylesheet href="http://example.org/cda.xsl"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1.2.3" extension="D1"/><title>Epikriz</title>
<effectiveTime value="20240510"/><recordTarget><patientRole><id root="2.16.792" extension="123"/><patient>
<name><given>Ayşe</given>
<family>Yılmaz</family></name><birthTime value="19800203"/></patient></patientRole></recordTarget>
<author><assignedAuthor><assignedPerson><name><given>Can</given><family>Demir</family></name></assignedPerson>
<representedOrganization><name>Kestane</name></representedOrganization></assignedAuthor></author>
<component><structuredBody><component><section><title>Alerji</title><text>
<paragraph>Penisilin &lt;script&gt;</paragraph>
<list listType="ordered"><item>Bir</item></list><table width="9"><caption>Sonuç</caption><tbody><tr>
<td colspan="2" onclick="x()">5 &lt; 6</td></tr></tbody></table><renderMultiMedia referencedObject="M"/>
<linkHtml href="javascript:alert(1)">see</linkHtml></text>
<component><section><title>Alt</title><text>Derin</text></section></component></section></component></structuredBody></component>
</ClinicalDocument>""".encode("iso-8859-9")


def test_a_clinical_document_is_read_with_header_and_safe_narrative():
    found = cda.read(DOCUMENT)

    assert (found.title, found.patient_name, found.birth_date) == ("Epikriz", "Ayşe Yılmaz", "1980-02-03")
    assert (found.author, found.organisation, found.on) == ("Can Demir", "Kestane", "2024-05-10")
    assert [(part.heading, part.depth) for part in found.parts] == [("Alerji", 0), ("Alt", 1)]
    html = found.parts[0].html
    assert "<p>Penisilin &lt;script&gt;</p>" in html
    assert "<ol><li>Bir</li></ol>" in html
    assert '<td colspan="2">5 &lt; 6</td>' in html
    assert not any(word in html for word in ("onclick", "href", "width", "<script"))


def test_a_clinical_document_tells_whose_it_is_and_its_number():
    found = examine(DOCUMENT)

    assert found.media_type == "application/cda+xml"
    assert found.told.people == (Person(("Ayşe Yılmaz",), "1980-02-03", frozenset({("urn:oid:2.16.792", "123")})),)
    assert found.told.numbers == {("urn:oid:1.2.3", "D1")}
