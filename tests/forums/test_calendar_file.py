from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from clearpath.forums.calendar_file import Event, calendar_file
from tests.factories import NOON

TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\r"), max_size=200)


def event(**more):
    said = {"key": "k1", "title": "Anadolu", "where": "Table 1"} | more
    return Event(begins_at=NOON, ends_at=NOON + timedelta(minutes=20), **said)


def read(file):
    """By the rules of RFC 5545 alone: unfold, then undo the escapes."""
    lines = file.decode().replace("\r\n ", "").split("\r\n")
    found = dict(line.split(":", 1) for line in lines if line)
    return {
        name: value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
        for name, value in found.items()
    }


def test_an_event_has_a_key_that_stays_and_times_in_utc():
    found = read(calendar_file("Forum", [event(says="Dr. Ada")], at=NOON))

    assert found["UID"] == "k1@clearpath"
    assert (found["DTSTART"], found["DTEND"], found["DTSTAMP"]) == (
        "20260601T120000Z",
        "20260601T122000Z",
        "20260601T120000Z",
    )
    assert (found["SUMMARY"], found["LOCATION"], found["DESCRIPTION"]) == ("Anadolu", "Table 1", "Dr. Ada")


def test_what_has_a_meaning_of_its_own_is_escaped():
    file = calendar_file("A, B; C", [event(title="One\nTwo")], at=NOON)

    assert b"NAME:A\\, B\\; C\r\n" in file
    assert b"SUMMARY:One\\nTwo\r\n" in file


@given(TEXT)
def test_no_line_is_longer_than_75_octets_and_none_is_lost(title):
    file = calendar_file("Forum", [event(title=title)], at=NOON)

    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    assert all(line.decode() is not None for line in file.split(b"\r\n"))
    if "\\" not in title:
        assert read(file)["SUMMARY"] == title
