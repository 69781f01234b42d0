"""An iCalendar file of meetings. Times are in UTC, so that no time zone has to be described. Pure.

Source: RFC 5545, sections 3.1 (lines and their folding), 3.3.11 (text), 3.6.1 (events); RFC 7986 for the name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST = 75  # octets of a line, its end left out
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, slots=True)
class Event:
    """One entry. `key` stays the same when it moves, so that calendars move it instead of adding another."""

    key: str
    begins_at: datetime
    ends_at: datetime
    title: str
    where: str
    says: str = ""


def calendar_file(name: str, events: Iterable[Event], *, at: datetime) -> bytes:
    """The file, as it stood at a moment. A feed is the same file, asked for again and again."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Clearpath//Forum agenda//EN", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH", f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M", "X-PUBLISHED-TTL:PT15M",
    ]  # fmt: skip
    for event in events:
        lines += [
            "BEGIN:VEVENT", f"UID:{event.key}@clearpath", f"DTSTAMP:{_moment(at)}",
            f"DTSTART:{_moment(event.begins_at)}", f"DTEND:{_moment(event.ends_at)}", f"SUMMARY:{_text(event.title)}",
            f"LOCATION:{_text(event.where)}", *([f"DESCRIPTION:{_text(event.says)}"] if event.says else []),
            "END:VEVENT",
        ]  # fmt: skip
    return b"".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _text(text: str) -> str:
    return text.translate(ESCAPES)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> bytes:
    """The line and its end, in parts that each begin with a space but the first; no letter is cut apart."""
    parts, room = [bytearray()], LONGEST
    for letter in line:
        encoded = letter.encode()
        if len(parts[-1]) + len(encoded) > room:
            parts.append(bytearray(b" "))
        parts[-1] += encoded
    return b"\r\n".join(parts) + b"\r\n"
