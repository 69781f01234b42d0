"""Files of entries as people make them: what is read, what is wrong with it, and what to do."""

import io
import zipfile
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearpath.offers.directory import sheets as opening
from clearpath.offers.directory.cells import BadCell, amount, day, decimal, harmless, languages, monday, plain
from clearpath.offers.directory.reading import read
from clearpath.offers.directory.sheets import Unreadable
from clearpath.offers.directory.terms import aftercare, aftercare_written, refunds, refunds_written
from tests.offers import sheets


def service(**change):
    """What is wrong with one service in which cells are changed: by column, in the words for people."""
    head = sheets.SERVICE_HEAD
    row = [change.get(name, cell) for name, cell in zip(head, sheets.KNEE, strict=True)]
    found = read(sheets.workbook(sites=sheets.SITES, services=[head, row]))
    return {wrong.column: wrong.says for row in found.wrong for wrong in row.wrong}


@pytest.mark.parametrize(
    ("heading", "cell", "column", "says"),
    [
        ("Title", "", "title", "It must be filled in"),
        ("Title", "x" * 201, "title", "Shorten it to 200"),
        ("Procedure", "Kneee", "procedure", "Did you mean: Knee replacement"),
        ("Procedure", "zzqx", "procedure", "No procedure is called this"),
        ("Site", "ANNEX", "site", "Write one of these, or add its row to the sheet Sites: MAIN"),
        ("Usual stay in the hospital (nights)", "four", "stay_nights", "Write a number"),
        ("Usual stay in the hospital (nights)", 4.5, "stay_nights", "whole number from 0 to 365"),
        ("Usual stay in the hospital (nights)", -1, "stay_nights", "whole number from 0 to 365"),
        ("Usual stay in the hospital (nights)", True, "stay_nights", "Write a number"),
        ("Languages", "English", "languages", "not the code of a language"),
        ("Price from", "8.000", "price_from", "no more, and without thousands separators"),
        ("Price from", "EUR 8000", "price_from", "without a currency"),
        ("Price from", -5, "price_from", "zero or more"),
        ("Price from", 9999, "price_to", "less than the price from"),
        ("Price from", "=A1*2", "price_from", "formula"),
        ("Currency", "Euro", "currency", "3 letters"),
        ("Currency", "ZZZ", "currency", "no currency ZZZ"),
        ("Price of (date)", "03/04/2026", "priced_on", "year-month-day"),
        ("Price of (date)", "2026-02-30", "priced_on", "year-month-day"),
    ],
)
def test_a_bad_cell_is_named_with_what_to_do(heading, cell, column, says):
    found = service(**{heading: cell})

    assert list(found) == [column]
    assert says in found[column]


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Procedure", "knee_replacement"),
        ("Procedure", "DİZ PROTEZİ"),
        ("Procedure", "Diz protezi"),
        ("Languages", "tr; en،ar"),
        ("Price of (date)", "1.5.2026"),
        ("Price of (date)", date(2026, 5, 1)),
        ("Price from", "8000,5"),
        ("Currency", " eur "),
    ],
)
def test_people_may_write_it_in_several_ways(heading, cell):
    assert service(**{heading: cell}) == {}


def test_a_currency_with_three_decimals_and_one_with_none():
    assert service(**{"Price from": "8.125", "Price to": "9", "Currency": "KWD"}) == {}
    assert "JPY has 0 decimals" in service(**{"Price from": "8.5", "Price to": "9", "Currency": "JPY"})["price_from"]


def test_the_row_number_is_that_of_the_file():
    rows = [[], ["Reference", "Name", "Country", "City"], [], ["A", "Main", "TR", "Izmir"], ["B", "", "TR", "Izmir"]]

    found = read(sheets.workbook(sites=rows))

    assert list(found.entries["site"]) == [("A",)]
    assert [(row.row, row.cells["reference"]) for row in found.wrong] == [(5, "B")]


def test_the_same_reference_twice_is_wrong_the_second_time():
    found = read(sheets.workbook(sites=[*sheets.SITES, sheets.SITES[1]]))

    assert list(found.entries["site"]) == [("MAIN",)]
    assert "row 2 already" in found.wrong[0].wrong[0].says


def test_a_repair_takes_the_place_of_a_cell():
    rows = [["Reference", "Name", "Country", "City"], ["B", "Main", "Turkey", "Izmir"]]

    assert read(sheets.workbook(sites=rows)).wrong
    assert read(sheets.workbook(sites=rows), repairs={"site:2:country": "TR"}).wrong == []


def test_a_package_with_a_bad_line_is_left_out_whole():
    lines = [*sheets.LINES[:2], ["KNEE", "P1", 2, "implant", "included", "Prosthesis", "much", ""]]

    found = read(
        sheets.workbook(sites=sheets.SITES, services=sheets.services(), packages=sheets.PACKAGES, package_lines=lines)
    )

    assert found.entries["package"] == {}
    assert [(row.kind, row.row) for row in found.wrong] == [("package", 2), ("line", 3)]


def test_a_line_without_its_package_says_so():
    found = read(sheets.workbook(package_lines=sheets.LINES))

    assert {wrong.says for row in found.wrong for wrong in row.wrong} == {
        "There is no such package in this file. Its row stands on the sheet Packages."
    }


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_of_any_common_form(delimiter, encoding):
    rows = [["Reference *", "NAME", "country", "City", "Note"], ["A", "Şişli", "TR", "İstanbul", "x"]]

    found = read(sheets.comma_separated(rows, delimiter, encoding))

    assert found.entries["site"]["A",]["name"] == "Şişli"
    assert found.notes == ["Sites: these columns are not known and are left out: Note."]


def packed(**files):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "nothing in this file"),
        (b"\x00\x01", "neither an Excel workbook"),
        ("Şişli".encode("cp1254"), "CSV UTF-8"),
        (b"a,b\n1,2\n", "columns are missing"),
        (b"Reference,Name,Name,Country,City\n", "Two columns mean the same"),
        (b"PK\x03\x04 and nothing", "not an Excel workbook"),
        (packed(readme="x"), "not an Excel workbook"),
        (sheets.workbook(sites=[]), "nothing in this workbook"),
        (sheets.workbook(services=[["Reference", "Site"]]), "Services: these columns are missing for Services"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, says):
    with pytest.raises(Unreadable, match=says):
        read(content)


def test_a_workbook_that_is_huge_once_unpacked_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(opening, "MOST_BYTES_OPEN", 1000)

    with pytest.raises(Unreadable, match="too large once unpacked"):
        read(sheets.whole())


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(opening, "MOST_ROWS", 2)

    with pytest.raises(Unreadable, match="more than 2 rows"):
        read(sheets.workbook(sites=sheets.SITES, services=sheets.services(3)))


@given(st.text(max_size=40))
def test_no_text_is_a_formula_and_every_text_comes_back(written):
    safe = harmless(written)

    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert plain(safe) == plain(written) or written.startswith(("\t", "\r", "'"))


@given(st.one_of(st.none(), st.text(max_size=20), st.integers(), st.floats(), st.booleans(), st.dates()))
@pytest.mark.parametrize("read_cell", [amount, decimal, day, monday, languages, refunds, aftercare])
def test_no_cell_breaks_a_reader(read_cell, value):
    with suppress(BadCell):
        read_cell(value)


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reading(content):
    with suppress(Unreadable):
        read(content)


def test_terms_are_read_back_as_they_are_written():
    table = refunds("patient 30 days: 100 %; Doctor 0: 12,5")
    care = aftercare("day 7: video call\n30: X-ray at home")

    assert table[1] == {"who": "doctor", "days_before": 0, "share_bps": 1250}
    assert refunds(refunds_written(table)) == table
    assert aftercare(aftercare_written(care)) == care


@pytest.mark.parametrize("written", ["patient soon: 50 %", "patient 30 days: 101 %", "nurse 3: 5"])
def test_a_refund_that_is_not_understood_shows_how(written):
    with pytest.raises(BadCell, match="such as: patient 30 days: 100 %"):
        refunds(written)
