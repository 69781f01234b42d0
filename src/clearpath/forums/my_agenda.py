"""A delegate's own agenda: their meetings by day, what is now and next, with whom and where."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.forums import queries
from clearpath.forums.agreed import Agreed, both_want
from clearpath.forums.contacts import Contact, contacts_of
from clearpath.forums.models import Delegate, Forum, Hall, Held, Meeting, Rating
from clearpath.turns.sight import visible

NO_AGENDA = Objection(
    "not_a_delegate", gettext_lazy("You are not registered for this forum, so you have no agenda in it.")
)


@dataclass(frozen=True, slots=True)
class Line:
    """One meeting of an agenda. `person` is who comes for the other organisation; empty where nobody is named."""

    meeting_id: UUID
    begins_at: datetime
    ends_at: datetime
    hall: Hall
    table: int
    organisation: str
    role: str
    person: str = ""
    changed_because: str = ""
    held: str = ""  # kept, late or missed, once somebody said so
    is_rated: bool = False
    time: str = ""  # past, now, next or later
    contact: Contact | None = None  # once both agreed to it
    with_guest: bool = False  # one of the two is not on the network
    agreed: Agreed | None = None  # with a guest: on the network it is a task for both

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return place_of(self.hall, self.table)

    @property
    def can_be_rated(self) -> bool:
        """It has begun, and nobody said that it did not take place."""
        return self.time in {"past", "now"} and self.held != Held.State.MISSED


@dataclass(frozen=True, slots=True)
class TakenOff:
    """A meeting that the organizer took off the agenda: whom one would have met, and why one does not."""

    who: queries.Who
    because: str


@dataclass(frozen=True, slots=True)
class Day:
    """The meetings of one day in the forum's own time zone."""

    day: date
    lines: tuple[Line, ...]


def my_delegate(actor: Actor, forum: Forum) -> Delegate:
    """The actor as a delegate. Raises NotFound for who is none."""
    found = queries.delegate_of(forum, actor)
    if found is None:
        raise NotFound(NO_AGENDA)
    return found


def lines_for(actor: Actor, forum: Forum) -> list[Line]:
    """The actor's own meetings that have a time, in order."""
    me = my_delegate(actor, forum)
    return agenda_of(me, meetings_for(actor, me), at=actor.now)


def meetings_for(actor: Actor, me: Delegate) -> list[Meeting]:
    """The actor's own meetings, with and without a time."""
    return list(queries.with_delegate(visible(Meeting, to=actor).filter(forum=me.forum_id), me))


def agenda_of(me: Delegate, meetings: Iterable[Meeting], *, at: datetime) -> list[Line]:
    """Those of a delegate's meetings that have a time, in order, with the contacts they share; whoever asks."""
    return with_contacts(me, lines_of(me, meetings, at=at))


def taken_off(me: Delegate, meetings: Iterable[Meeting]) -> list[TakenOff]:
    """Those that the organizer took off the agenda."""
    found = [each for each in meetings if each.changed_because and not each.begins_at and each.state == "accepted"]
    if not found:
        return []
    # One that was missed gave its place to others: nobody took it off.
    missed = set(Held.objects.filter(meeting__in=[each.pk for each in found]).values_list("meeting_id", flat=True))
    names = queries.who_are(other_of(each, me.pk) for each in found)
    return [TakenOff(names[other_of(each, me.pk)], each.changed_because) for each in found if each.pk not in missed]


def with_contacts(me: Delegate, lines: Iterable[Line]) -> list[Line]:
    """The same lines with the contact of each who shares it with this delegate, who shares theirs."""
    shared = contacts_of(me)
    return [replace(line, contact=shared.get(line.meeting_id)) for line in lines]


def lines_of(me: Delegate, meetings: Iterable[Meeting], *, at: datetime) -> list[Line]:
    """The same of a delegate's meetings, whoever asks."""
    meetings = sorted(
        (each for each in meetings if each.begins_at and each.state == "accepted"), key=lambda each: str(each.begins_at)
    )
    keys = [each.pk for each in meetings]
    names = queries.who_are(other_of(each, me.pk) for each in meetings)
    held = dict(Held.objects.filter(meeting__in=keys).values_list("meeting_id", "state"))
    said: dict[UUID, list[Rating]] = defaultdict(list)
    for rating in Rating.objects.filter(meeting__in=keys):
        said[rating.meeting_id].append(rating)
    halls = queries.halls_by_key(me.forum)
    length = timedelta(minutes=me.forum.slot_minutes)
    found = []
    for each in meetings:
        other = names[other_of(each, me.pk)]
        # The constraint says that what has a time has a place too.
        begins_at, table = cast(datetime, each.begins_at), cast(int, each.table)
        hall = halls[cast(UUID, each.hall_id)]
        with_guest = me.organisation_id is None or not other.on_network
        found.append(
            Line(each.pk, begins_at, begins_at + length, hall, table, other.organisation, other.role, other.name,
                 each.changed_because, held.get(each.pk, ""),
                 any(rating.delegate_id == me.pk for rating in said[each.pk]),
                 with_guest=with_guest, agreed=both_want(said[each.pk]) if with_guest else None)
        )  # fmt: skip
    return timed(found, at)


def other_of(meeting: Meeting, mine: UUID) -> UUID:
    """The key of the delegate whom this one meets."""
    return meeting.second_id if meeting.first_id == mine else meeting.first_id


def timed(lines: Iterable[Line], at: datetime) -> list[Line]:
    """The lines with what each is at a moment: past, now, next (the first still to come) or later. Pure."""
    lines = list(lines)
    to_come = [line.begins_at for line in lines if line.begins_at > at]
    following = min(to_come, default=None)

    def time_of(line: Line) -> str:
        if line.ends_at <= at:
            return "past"
        if line.begins_at <= at:
            return "now"
        return "next" if line.begins_at == following else "later"

    return [replace(line, time=time_of(line)) for line in lines]


def place_now(lines: Iterable[Line]) -> str:
    """Where the meeting is that is now or, without one, next; empty where none is to come. Pure."""
    return next((line.place for line in lines if line.time in {"now", "next"}), "")


def by_day(lines: Iterable[Line], zone: str) -> list[Day]:
    """Lines in order, grouped by the day in that time zone. Pure."""
    here = ZoneInfo(zone)
    return [
        Day(day, tuple(found)) for day, found in groupby(lines, key=lambda line: line.begins_at.astimezone(here).date())
    ]


def day_at(forum: Forum, at: datetime) -> date:
    """The day at the place of the forum."""
    return at.astimezone(ZoneInfo(forum.time_zone)).date()


def clock(forum: Forum, at: datetime) -> str:
    """The time of day there."""
    return f"{at.astimezone(ZoneInfo(forum.time_zone)):%H:%M}"


def place_of(hall: Hall, table: int) -> str:
    """A table in words; a hall is named where it has a name."""
    if hall.is_online:
        return hall.name or _("Online")
    words = _("Table %(number)s") % {"number": table}
    return _(", ").join([hall.name, words]) if hall.name else words
