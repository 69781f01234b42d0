"""Makes of each line of an organizer's file a delegate who comes, or says what is wrong with it. Pure.

A line that names nobody, or no trade, is left out and told. A wish that names nobody here is told too, and the line
is taken without it.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clearpath.core.faults import Fault
from clearpath.core.judging import Judging
from clearpath.core.sheets import Sheet
from clearpath.forums import vocabulary
from clearpath.forums.vocabulary import Said, split
from clearpath.offers.directory.cells import folded

NEEDED = ("organisation", "trade")
COLUMNS = {
    "organisation": ("organization", "company", "firm", "kurum", "şirket", "المؤسسة", "الشركة"),
    "registration": ("register number", "registration number", "sicil no", "رقم السجل"),
    "trade": ("role", "type", "tür", "rol", "النوع"),
    "person": ("name", "delegate", "contact", "ad soyad", "kişi", "الاسم"),
    "email": ("e-mail", "mail", "e-posta", "البريد الإلكتروني"),
    "offers": ("offer", "sunuyor", "يقدم"),
    "wants": ("want", "looks for", "arıyor", "يبحث عن"),
    "languages": ("language", "diller", "اللغات"),
    "countries": ("country", "markets", "ülkeler", "الدول"),
    "least": ("min", "minimum", "en az", "الحد الأدنى"),
    "most": ("max", "maximum", "en çok", "الحد الأقصى"),
    "booth": ("own table", "stand", "stant", "masa", "الجناح"),
    "arrives": ("arrival", "from", "geliş", "الوصول"),
    "leaves": ("departure", "until", "ayrılış", "المغادرة"),
    "wishes": ("wish", "wants to meet", "istekler", "يرغب في لقاء"),
    "not": ("not to meet", "avoid", "istemiyor", "لا يرغب"),
}
LONGEST = {"organisation": 120, "person": 120, "email": 254}
MOST_MEETINGS = 1_000
MOST_WISHES = 1_000


@dataclass(slots=True)
class Incoming:
    """One delegate as a line tells them. `wishes` and `not_to_meet` are lines of the same file, the dearest first."""

    line: int
    organisation: str
    trade: str
    person: str = ""
    email: str = ""
    registration: str = ""
    offers: str = ""
    wants: str = ""
    said: dict[str, list[Said]] = field(default_factory=dict)  # by side: offers, wants
    least: int = 0
    most: int | None = None
    booth: UUID | None = None  # the hall in which they have a table of their own
    arrives_at: datetime | None = None
    leaves_at: datetime | None = None
    wishes: list[int] = field(default_factory=list)
    not_to_meet: list[int] = field(default_factory=list)

    @property
    def who(self) -> str:
        """By what the same delegate is known again: the address, or else where they work and what they are called."""
        return self.email.casefold() or "\n".join([folded(self.organisation), folded(self.person)])


@dataclass(slots=True)
class Judged:
    """The delegates of a file, and everything that is wrong with it."""

    delegates: list[Incoming] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def left_out(self) -> int:
        """Lines of which nothing was taken."""
        return len({fault.line for fault in self.faults} - {each.line for each in self.delegates})


def judge(
    sheet: Sheet, *, trades: Mapping[str, str], halls: Mapping[str, UUID], zone: tzinfo, first: datetime, last: datetime
) -> Judged:
    """Judge every line by itself, then whom they wish to meet.

    `trades`, `halls`: keys of roles and of halls by every word for them, folded; `first`,
    `last`: beginning and end of the forum.
    """
    where = _places(sheet.headings)
    judged = Judged()
    missing = [name for name in NEEDED if name not in where]
    if missing:
        says = _("There is no column %(name)s. Write it in the first line.")
        judged.faults = [Fault(1, name, "column_missing", says % {"name": name}) for name in missing]
        return judged
    wished: list[tuple[Incoming, dict[str, str]]] = []
    known: dict[str, int] = {}
    for line in sheet.lines:
        judging = _Judging(trades, halls, zone, first, last, line=line, where=where)
        found = None if line.fault else judging.delegate()
        if found is not None and not judging.faults and found.who in known:
            judging.object(
                "email" if found.email else "person", "said_twice",
                _("Line %(line)s is the same person. Take one of the two out.") % {"line": known[found.who]},
            )  # fmt: skip
        judged.faults += [line.fault] if line.fault else judging.faults
        if found is not None and not judging.faults:
            known[found.who] = line.number
            judged.delegates.append(found)
            wished.append((found, {name: judging.text(name) for name in ("wishes", "not")}))
    _note_wishes(judged, wished, where)
    return judged


def _places(headings: Iterable[str]) -> dict[str, str]:
    """Which heading holds what: the first that is called so."""
    names = {folded(word): name for name, others in COLUMNS.items() for word in (name, *others)}
    where: dict[str, str] = {}
    for heading in headings:
        name = names.get(folded(heading))
        if name is not None:
            where.setdefault(name, heading)
    return where


def _note_wishes(judged: Judged, wished: list[tuple[Incoming, dict[str, str]]], where: Mapping[str, str]) -> None:
    """Find whom each wish names: an address, an organisation (all who come for it), or a person."""
    named: dict[str, list[Incoming]] = defaultdict(list)
    for each in judged.delegates:
        for name in {folded(each.organisation), folded(each.person), folded(each.email)} - {""}:
            named[name].append(each)
    for delegate, texts in wished:
        for column, text in texts.items():
            lines: list[int] = []
            for word in split(text)[:MOST_WISHES]:
                others = [each for each in named.get(folded(word), []) if each is not delegate]
                if not others:
                    says = _("Nobody in this file is called “%(word)s”. The line is taken without this wish.")
                    fault = Fault(delegate.line, where[column], "nobody_called_so", says % {"word": word[:60]})
                    judged.faults.append(fault)
                lines += [each.line for each in others if each.organisation != delegate.organisation]
            chosen = list(dict.fromkeys(lines))
            if column == "not":
                delegate.not_to_meet = chosen
            else:
                delegate.wishes = chosen
        delegate.wishes = [line for line in delegate.wishes if line not in set(delegate.not_to_meet)]


@dataclass(slots=True)
class _Judging(Judging):
    """A line of an organizer's file."""

    trades: Mapping[str, str]
    halls: Mapping[str, UUID]
    zone: tzinfo
    first: datetime
    last: datetime

    def text(self, name: str) -> str:
        found = self.within(name, self.cell(name), LONGEST.get(name, 10_000))
        if any(sign in "\ufffd\x00" or unicodedata.category(sign) == "Cs" for sign in found):
            self.object(
                name, "unreadable_letters",
                _("Some letters cannot be read. Save the file as CSV UTF-8 or as .xlsx, and send it again."),
            )  # fmt: skip
        return found

    def delegate(self) -> Incoming:
        trade = self._trade()
        offers, wants = self.text("offers"), self.text("wants")
        found = Incoming(
            self.line.number,
            organisation=self._needed("organisation", _("Say which organisation they come for.")),
            trade=trade,
            person=self.text("person"),
            email=self.email(self.text("email")),
            registration=self.text("registration"),
            offers=offers,
            wants=wants,
            said=self._said(trade, offers, wants),
            least=self._count("least") or 0,
            most=self._count("most"),
            booth=self._hall("booth"),
            arrives_at=self._moment("arrives", time.min),
            leaves_at=self._moment("leaves", time.max),
        )
        if not found.person and not found.email:
            self.object("person", "nobody", _("Give the name of the person, or their e-mail address."))
        if found.most is not None and found.most < found.least:
            self.object("most", "fewer_than_least", _("The most meetings are fewer than the least. Check both."))
        self._check_presence(found)
        return found

    def _needed(self, name: str, says: Any) -> str:
        found = self.text(name)
        if not found:
            self.object(name, f"{name}_needed", says)
        return found

    def _trade(self) -> str:
        written = self.text("trade")
        found = self.trades.get(folded(written))
        if found is None:
            some = ", ".join(sorted(set(self.trades.values())))
            self.object("trade", "no_such_trade", _("Write one of these: %(some)s.") % {"some": some})
        return found or ""

    def _said(self, trade: str, offers: str, wants: str) -> dict[str, list[Said]]:
        """By side; languages are what they speak, countries where the patients live whom they send or seek."""
        languages, no_language = vocabulary.read_languages(self.text("languages"))
        countries, no_country = vocabulary.read_countries(self.text("countries"))
        for name, words in (("languages", no_language), ("countries", no_country)):
            if words:
                says = _("“%(word)s” is not known. Write codes of two letters, such as: %(some)s.")
                some = "ar; en; tr" if name == "languages" else "KW; DE; TR"
                self.object(name, "not_known", says % {"word": words[0][:60], "some": some})
        found = {"offers": vocabulary.read(offers)[0] + languages, "wants": vocabulary.read(wants)[0]}
        found["wants" if trade in vocabulary.SELLERS else "offers"] += countries
        return found

    def _count(self, name: str) -> int | None:
        written = self.text(name)
        if not written:
            return None
        if not written.isdecimal() or int(written) > MOST_MEETINGS:
            self.object(name, "no_count", _("Write a whole number from 0 to 1,000."))
            return None
        return int(written)

    def _hall(self, name: str) -> UUID | None:
        written = self.text(name)
        found = self.halls.get(folded(written))
        if written and found is None:
            self.object(name, "no_such_hall", _("Write the hall: %(some)s.") % {"some": ", ".join(self.halls)[:200]})
        return found

    def _moment(self, name: str, on_the_day: time) -> datetime | None:
        """A day and time, or a day alone: then its beginning or its end."""
        written = self.text(name).replace(" ", "T", 1)
        if not written:
            return None
        try:
            found = datetime.fromisoformat(written)
        except ValueError:
            self.object(name, "no_moment", _("Write day and time like this: 2026-05-31 14:30."))
            return None
        if len(written) == len("2026-05-31") or (found.time() == time.min and name == "leaves"):
            found = datetime.combine(found.date(), on_the_day)
        return found if found.tzinfo else found.replace(tzinfo=self.zone)

    def _check_presence(self, found: Incoming) -> None:
        arrives, leaves = found.arrives_at or self.first, found.leaves_at or self.last
        if arrives >= leaves or arrives >= self.last or leaves <= self.first:
            name = "leaves" if found.leaves_at else "arrives"
            self.object(name, "never_there", _("So they would never be there. Check when they arrive and leave."))


def absences(found: Incoming, first: datetime, last: datetime) -> list[tuple[datetime, datetime]]:
    """When somebody is not there, of the time of the forum."""
    before = [(first, found.arrives_at)] if found.arrives_at and found.arrives_at > first else []
    after = [(found.leaves_at, last)] if found.leaves_at and found.leaves_at + timedelta(seconds=1) < last else []
    return before + after
