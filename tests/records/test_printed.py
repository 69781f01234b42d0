"""The printed summary says what the document says, in both directions of writing."""

import hashlib
import io
import json
from datetime import date
from pathlib import Path
from uuid import UUID

import pypdf
import pytest

from clearpath.records.fhir.facts import Filed, Traveller
from clearpath.records.going_home import document_of, printed
from clearpath.records.going_home.parcel import Parcel
from tests.factories import NOON

BUNDLES = Path(__file__).parent / "bundles"
AYSE = Traveller(UUID(int=7), "Ayşe Yılmaz", date(1970, 1, 2))
HOSTILE = '#panic("read as code") *bold* $x$ <label> \\ "quote" // not a comment'


def document(language="en", name="ips_example.json", **facts):
    content = (BUNDLES / name).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    file = Filed(UUID(int=1), NOON, "Summary", "application/fhir+json", len(content), digest, "City Hospital")
    return document_of(Parcel(AYSE, files=((file, content),), **facts), language=language, at=NOON)


def text_of(pdf):
    return " ".join("\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.slow
def test_every_line_of_the_document_is_on_paper():
    made = document()

    text = text_of(printed.printed(made)).replace(" ", "")

    said = [each for section in made.sections for line in section.lines for each in (line.name, *line.details)]
    assert len(said) > 20
    assert [each for each in said if "".join(each.split()) not in text] == []


@pytest.mark.slow
def test_arabic_is_shaped_and_runs_from_right_to_left_beside_names_as_sent():
    pdf = printed.printed(document("ar"))

    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert reader.trailer["/Root"]["/Lang"] == "ar"
    text = text_of(pdf)
    assert "الحساسيات" in text  # the heading of the allergies, as letters and not as shapes
    assert "Menopausal flushing" in text


@pytest.mark.slow
def test_what_people_wrote_is_never_read_as_code():
    pdf = printed.printed(document(story=HOSTILE))

    assert "".join(HOSTILE.split()) in "".join(text_of(pdf).split())


@pytest.mark.slow
def test_a_link_is_printed_as_a_code_that_has_a_text_beside_it():
    without, with_link = (printed.printed(document(), link=link) for link in ("", "shlink:/abc"))

    assert "Scan this to open the summary" not in text_of(without)
    assert "Scan this to open the summary" in text_of(with_link)


@pytest.mark.slow
def test_the_paper_is_accessible():
    reader = pypdf.PdfReader(io.BytesIO(printed.printed(document())))

    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert json.dumps(reader.metadata.title) == '"Patient summary"'
