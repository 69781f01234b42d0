from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearpath.core.faults import UnreadableSheet
from clearpath.core.sheets import read_sheet
from clearpath.marketing.incoming.judging import Defaults, judge, moment
from tests.examples import examples
from tests.factories import NOON
from tests.marketing.bad_rows import HEADINGS, file_of, good_row, meta_file, quoted

PLAIN = Defaults(zone=UTC)
FORM = replace(PLAIN, consent_wording="Call me.", consent_language="en", language="ar")
ROW = {
    "name": "Layla Haddad", "email": "layla@example.org", "phone": "+965 5550 1234", "asks": "A new knee",
    "country": "kw", "language": "ar", "channel": "social", "consent_wording": "Call me.", "consent_language": "en",
    "consented_at": "2026-05-31T10:00:00Z",
}  # fmt: skip


def judged(content, defaults=PLAIN):
    return judge(read_sheet(content), defaults, now=NOON)


def own(*rows):
    return "\n".join([quoted(HEADINGS), *(quoted({**ROW, **row}.values()) for row in rows)]).encode()


def codes(found):
    return [(each.line, each.column, each.code) for each in found.faults]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ten_thousand_bad_lines_lose_no_good_one_and_crash_nothing(seed):
    made = file_of(seed, bad=10_000, good=300, megabytes=20)

    found = judged(made.content)

    assert [each.details["name"] for each in found.people] == made.good
    assert 0 <= made.bad - found.bad_lines < 50  # two broken ones next to each other may read as one


@settings(max_examples=examples(300))
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_told_to_be_no_table(content):
    with suppress(UnreadableSheet):
        judged(content)


@settings(max_examples=examples(150))
@given(st.lists(st.text(max_size=12), min_size=10, max_size=10))
def test_any_cells_beside_a_good_line_leave_it_good(cells):
    content = "\n".join([quoted(HEADINGS), quoted(cells), quoted(ROW.values())]).encode("utf-8", "surrogatepass")

    assert [each.details["name"] for each in judged(content).people][-1] == "Layla Haddad"


def test_a_file_of_meta_is_read_as_meta_writes_it():
    found = judged(meta_file({}, {"phone_number": "", "platform": "fb"}), FORM)

    assert (found.kind, codes(found)) == ("meta", [])
    first, second = found.people
    assert first.key == "100"
    assert first.details == {
        "name": "Layla 0", "email": "layla0@example.org", "phone": "+96555501234",
        "asks": "what do you need help with?: a new knee", "country": "KW", "language": "ar", "channel": "instagram",
        "consent_wording": "Call me.", "consent_language": "en",
        "consented_at": datetime(2026, 5, 31, 7, tzinfo=UTC),
    }  # fmt: skip
    assert (second.details["phone"], second.details["channel"]) == ("", "facebook")


def test_a_test_of_the_form_is_no_lead():
    found = judged(meta_file({"full_name": "<test lead: dummy data for full_name>"}), FORM)

    assert codes(found) == [(2, "full_name", "test_lead")]


def test_a_file_of_google_is_read_by_its_names():
    content = (
        b"Lead ID,GCLID,Campaign ID,Lead Form ID,Lead Submit Time,User Email,User Phone,Full Name,Which knee?\n"
        b"A1,Cj0K,11,22,2026-05-31 10:00:00,layla@example.org,+96555501234,Layla,The left one\n"
    )

    found = judged(content, replace(FORM, zone=ZoneInfo("Europe/Istanbul"), country="KW"))

    [person] = found.people
    assert (found.kind, person.key, person.details["name"]) == ("google", "A1", "Layla")
    assert person.details["asks"] == "Which knee?: The left one"
    assert (person.details["consented_at"], person.details["channel"]) == (
        datetime(2026, 5, 31, 7, tzinfo=UTC), "google",
    )  # fmt: skip


def test_without_words_language_and_time_of_the_consent_there_is_no_lead():
    found = judged(own({"consent_wording": ""}, {"consent_language": ""}, {"consented_at": ""}))

    assert found.people == []
    assert codes(found) == [
        (2, "consent_wording", "no_consent"),
        (3, "consent_language", "no_consent"),
        (4, "consented_at", "no_consent"),
    ]


def test_the_time_of_the_consent_stands_in_each_line_and_never_for_a_file():
    content = quoted(["name", "email", "country"]) + "\n" + quoted(["Layla", "l@example.org", "KW"])

    assert codes(judged(content.encode(), FORM)) == [(2, "consented_at", "no_consent")]


def test_who_said_no_is_no_lead():
    headings = quoted([*HEADINGS, "consent"])
    rows = [quoted([*ROW.values(), answer]) for answer in ("yes", "no", "")]

    found = judged("\n".join([headings, *rows]).encode())

    assert [each.line for each in found.people] == [2]
    assert codes(found) == [(3, "consent", "no_consent"), (4, "consent", "no_consent")]


def test_a_formula_in_a_column_that_nobody_reads_costs_no_lead():
    content = "\n".join([quoted([*HEADINGS, "note"]), quoted([*ROW.values(), "=1+1"])]).encode()

    assert len(judged(content).people) == 1


def test_a_quote_that_never_ends_swallows_nobody():
    good = quoted(ROW.values())
    content = "\n".join([quoted(HEADINGS), good, '"' + good, good, good]).encode()

    found = judged(content)

    assert [each.line for each in found.people] == [2, 4, 5]
    assert codes(found) == [(3, "", "line_damaged")]


def test_a_cell_may_have_several_lines():
    found = judged(own({"asks": 'Two things:\n"knee"\nand hip'}, {}))

    assert [each.details["asks"] for each in found.people] == ['Two things:\n"knee"\nand hip', "A new knee"]
    assert [each.line for each in found.people] == [2, 5]


@pytest.mark.parametrize(("before", "delimiter"), [("", ";"), ("sep=;\r\n", ";"), ("", "\t"), ("\ufeff", ",")])
def test_the_separator_is_found(before, delimiter):
    content = before + quoted(HEADINGS, delimiter) + "\r\n" + quoted(ROW.values(), delimiter)

    assert len(judged(content.encode()).people) == 1


def test_an_excel_file_is_read_with_its_numbers_and_times_and_formulas_are_told():
    book = openpyxl.Workbook()
    page = book.active
    page.append([*HEADINGS])
    without_zone = datetime(2026, 5, 31, 10, 0)  # noqa: DTZ001 - as a spreadsheet keeps it
    page.append([*{**ROW, "phone": 96555501234, "consented_at": without_zone}.values()])
    page.append([])
    page.append([*{**ROW, "name": "=A1"}.values()])
    content = BytesIO()
    book.save(content)

    found = judged(content.getvalue())

    assert [(each.line, each.details["phone"]) for each in found.people] == [(2, "96555501234")]
    assert found.people[0].details["consented_at"] == datetime(2026, 5, 31, 10, tzinfo=UTC)
    assert codes(found) == [(4, "name", "formula")]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0old", b"PK"])
def test_what_is_no_table_is_said_to_be_none(content):
    with pytest.raises(UnreadableSheet):
        read_sheet(content)


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("2026-05-31T10:00:00+0300", True),
        ("2026-05-31 10:00", True),
        ("31.05.2026 10:00", True),
        ("05/06/2026 10:00", False),
        ("2026-05-31", False),
        ("noon", False),
    ],
)
def test_a_moment_that_could_be_read_in_two_ways_is_not_read(text, is_read):
    assert (moment(text, UTC) is not None) is is_read


def test_what_is_said_of_a_line_never_repeats_what_stood_in_it():
    found = judged(own({"name": "=canary()", "email": "canary at example"}, {"country": "canary"}))

    assert "canary" not in " ".join(str(each.says) + each.column for each in found.faults)


def test_a_good_row_of_the_generator_is_good():
    from random import Random

    assert len(judged(own(good_row(1, Random(1)))).people) == 1
