"""Makes of each line of a file a person who agreed to be contacted, or says what is wrong with it.

Without the exact words of the consent, their language and the time there is no lead. Words and language may be those
of the form and hold for the whole file; that and when somebody agreed stands in their own line.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

import phonenumbers
from django.utils.translation import gettext_lazy as _

from clearpath.core.faults import Fault
from clearpath.core.judging import Judging
from clearpath.core.sheets import Line, Sheet
from clearpath.marketing.incoming.layouts import Layout, layout_of, places

LONGEST = {
    "name": 120, "first_name": 60, "last_name": 60, "email": 254, "phone": 40, "country": 60, "language": 10,
    "channel": 40, "consent_wording": 2_000, "consent_language": 10, "consented_at": 40, "asks": 10_000, "key": 100,
}  # fmt: skip
MAY_BREAK = {"asks", "consent_wording"}  # fields of several lines
LONGEST_ANSWER = 2_000  # to one question of a form
FORMULA = re.compile(r"\s*(=|[@+\-]\s*[A-Za-z]\w*\s*[(|!])")  # what a spreadsheet would run
EXCEL_ERROR = re.compile(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
KINDS_OF_KEYS = re.compile(r"(l|ag|as|c|f|p|z):\s*")  # what Meta writes before keys, phones and zip codes
TEST_LEAD = re.compile(r"<test lead: .*", re.IGNORECASE | re.DOTALL)
YES = frozenset({"yes", "y", "true", "1", "x", "on", "agreed", "evet", "نعم"})
DAY_FIRST = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M")  # with points the day is always first
EARLIEST_YEAR = 2000
CHANNELS = {"fb": "facebook", "ig": "instagram", "msg": "messenger", "wa": "whatsapp", "an": "audience-network"}


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for every line that does not say it itself; `zone` is that of times without one."""

    zone: tzinfo
    country: str = ""
    language: str = ""
    channel: str = ""
    consent_wording: str = ""
    consent_language: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Who asked for help, as a step records it. `key` tells the line apart when the file comes again."""

    line: int
    key: str
    details: dict[str, Any]


@dataclass(slots=True)
class Judged:
    """What a file holds: the kind, the good lines and everything that is wrong with the others."""

    kind: str
    people: list[Person] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def bad_lines(self) -> int:
        return len({fault.line for fault in self.faults})


def judge(sheet: Sheet, defaults: Defaults, *, now: datetime) -> Judged:
    """Judge every line by itself."""
    layout = layout_of(sheet.headings)
    where, questions = places(layout, sheet.headings)
    judged = Judged(layout.key)
    for line in sheet.lines:
        found = [line.fault] if line.fault else list(_cells(line, {*where.values(), *questions}))
        judging = _Judging(layout, questions, defaults, now, line=line, where=where)
        if not found:
            found = judging.faults
            person = judging.person()
            if not found:
                judged.people.append(person)
        judged.faults.extend(found)
    return judged


def _cells(line: Line, used: Collection[str]) -> Iterator[Fault]:
    """What is wrong with any cell that is used, whatever it should hold."""
    for heading, text in line.cells.items():
        if heading not in used:
            continue
        if "\ufffd" in text or any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text if sign not in "\n\t\r"):
            yield Fault(
                line.number, heading, "unreadable_letters",
                _("Some letters cannot be read. Save the file as CSV UTF-8 or as .xlsx, and send it again."),
            )  # fmt: skip
        elif FORMULA.match(text):
            yield Fault(line.number, heading, "formula", _("This is a formula. Write what it shows in its place."))
        elif EXCEL_ERROR.match(text):
            yield Fault(line.number, heading, "formula", _("This formula failed. Write the value in its place."))
        elif TEST_LEAD.match(text):
            yield Fault(line.number, heading, "test_lead", _("This line is a test of the form, and nobody's question."))


@dataclass(slots=True)
class _Judging(Judging):
    """A line of a file of leads."""

    layout: Layout
    questions: list[str]
    defaults: Defaults
    now: datetime

    def text(self, name: str, default: str = "") -> str:
        found = self.cell(name)
        if name in {"key", "phone"}:
            found = KINDS_OF_KEYS.sub("", found, count=1)
        if name not in MAY_BREAK and ("\n" in found or "\r" in found):
            self.object(name, "line_break", _("A line break does not belong here. Write it on one line."))
            return ""
        if len(found) > (most := LONGEST.get(name, LONGEST_ANSWER)):
            return self.within(name, found, most)
        return found or default

    def person(self) -> Person:
        if self.text("is_test").casefold() in YES:
            self.object("is_test", "test_lead", _("This line is a test of the form, and nobody's question."))
        details = {
            "name": self._name(),
            "email": self.email(self.text("email")),
            "phone": self._phone(),
            "asks": self._asks(),
            "country": self._country(),
            "language": self._language("language", self.defaults.language),
            "channel": self._channel(),
            **self._consent(),
        }
        if not details["email"] and not details["phone"] and not self.faults:
            self.object("phone", "cannot_be_reached", _("Give an e-mail address or a telephone number."))
        return Person(self.line.number, self.text("key"), details)

    def _name(self) -> str:
        parts = [self.text("first_name"), self.text("last_name")]
        found = self.text("name") or " ".join(part for part in parts if part)
        if not found:
            self.object("name", "name_needed", _("Say whom to ask for."))
        return found

    def _phone(self) -> str:
        """As it was given: whether a number is possible is looked at later, by a person."""
        found = self.text("phone")
        if found and not any(sign.isdigit() for sign in found):
            self.object("phone", "no_phone", _("This is no telephone number. Correct it, or leave the cell empty."))
        return found

    def _asks(self) -> str:
        answers = [
            f"{heading.replace('_', ' ').strip()}: {answer.replace('_', ' ').strip()}"
            for heading in self.questions
            if (answer := self.line.cells.get(heading, "").strip())
        ]
        if any(len(answer) > LONGEST_ANSWER for answer in answers):
            self.faults.append(
                Fault(self.line.number, "", "too_long", _("An answer is longer than 2,000 characters. Shorten it."))
            )
        return "\n".join([text for text in [self.text("asks")] if text] + answers)[: LONGEST["asks"]]

    def _country(self) -> str:
        found = self.text("country", self.defaults.country).upper()
        if found not in phonenumbers.SUPPORTED_REGIONS:
            self.object("country", "no_country", _("Give the country by its two letters, such as KW."))
        return found

    def _language(self, name: str, default: str) -> str:
        found = self.text(name, default)
        if found and LANGUAGE.fullmatch(found):
            return found
        if name == "language" or found:
            self.object(name, "no_language", _("Give the language by its two letters, such as ar."))
        return ""

    def _channel(self) -> str:
        found = self.text("channel", self.defaults.channel or self.layout.key).casefold()
        return CHANNELS.get(found, found)

    def _consent(self) -> dict[str, Any]:
        if "consent" in self.where and self.text("consent").casefold() not in YES:
            self.object("consent", "no_consent", _("This person has not agreed to be contacted: there is no lead."))
        wording = self.text("consent_wording", self.defaults.consent_wording)
        language = self._language("consent_language", self.defaults.consent_language)
        if not wording:
            self.object("consent_wording", "no_consent", _("Give the exact words to which this person agreed."))
        if not language:
            self.object("consent_language", "no_consent", _("Give the language of the words of the consent."))
        return {"consent_wording": wording, "consent_language": language, "consented_at": self._moment()}

    def _moment(self) -> datetime | None:
        text = self.text("consented_at")
        if not text:
            self.object("consented_at", "no_consent", _("Give the day and time when this person agreed."))
            return None
        found = moment(text, self.defaults.zone)
        if found is None or found.year < EARLIEST_YEAR:
            self.object("consented_at", "no_moment", _("Write day and time like this: 2026-05-31 14:30."))
        elif found > self.now:
            self.object("consented_at", "in_the_future", _("This time lies in the future. Check it."))
        return found


def moment(text: str, zone: tzinfo) -> datetime | None:
    """ISO 8601, or day.month.year with a time; None for anything that could be read in two ways, or has no time."""
    found: datetime | None = None
    try:
        found = datetime.fromisoformat(text) if ":" in text else None
    except ValueError:
        for form in DAY_FIRST:
            try:
                found = datetime.strptime(text, form)  # noqa: DTZ007 - its zone is set below
            except ValueError:
                continue
            break
    try:
        return found.replace(tzinfo=zone) if found and found.tzinfo is None else found
    except (ValueError, OverflowError):
        return None
