"""The steps of a forum: created, registered for, meetings answered, agendas published and repaired, finished."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import refuse_if
from clearpath.forums import policies, queries
from clearpath.forums.agenda import first_free
from clearpath.forums.models import Delegate, Forum, Hall, Meeting, Participant, Session
from clearpath.turns.models import Seat
from clearpath.turns.stand import seats_of
from clearpath.turns.step import begin, remember, step


@dataclass(frozen=True, slots=True)
class Invited:
    """An organisation that may take part, in one of its roles."""

    organisation_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A session: slots lie in it one after another."""

    begins_at: datetime
    ends_at: datetime  # exclusive
    title: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """A hall and its tables."""

    tables: int
    name: str = ""
    minutes_to_next: int = 0
    is_online: bool = False


@step("forums.create")
def create(
    *, name: str, country: str, city: str, begins_at: datetime, ends_at: datetime, invited: Sequence[Invited] = (),
    time_zone: str = "UTC", slot_minutes: int = 20, tables: int = 1, sessions: Sequence[Stretch] = (),
    halls: Sequence[Room] = (), acceptance: str = "both", by: Actor,
) -> Forum:  # fmt: skip
    """Set up a forum and invite organisations to it. More are invited by offering them a seat.

    Without `sessions` it is one from beginning to end; without `halls`, one with so many tables.
    Refused: name_needed, ends_before_it_begins, forum_too_long, no_room_to_meet, sessions_overlap, and what the
    network objects to.
    """
    sessions = sorted(sessions or [Stretch(begins_at, ends_at)], key=lambda each: each.begins_at)
    halls = halls or [Room(tables)]
    refuse_if(policies.why_not_create(name, begins_at, ends_at, slot_minutes, [each.tables for each in halls]))
    refuse_if(policies.why_not_sessions([(each.begins_at, each.ends_at) for each in sessions], begins_at, ends_at))
    remember(name=name, begins_at=begins_at, invited=[str(each.organisation_id) for each in invited])
    forum = begin(
        Forum,
        kind="forum",
        seats=[
            Seat(position="organizer", role="organizer", organisation_id=by.organisation_id),
            *(Seat(position=each.role, role=each.role, organisation_id=each.organisation_id) for each in invited),
        ],
        name=name.strip(),
        organizer_id=by.organisation_id,
        country=country,
        city=city,
        time_zone=time_zone,
        begins_at=begins_at,
        ends_at=ends_at,
        slot_minutes=slot_minutes,
        acceptance=acceptance,
    )
    Session.objects.bulk_create([Session(forum=forum, **asdict(each)) for each in sessions])
    Hall.objects.bulk_create(
        [Hall(forum=forum, number=number, **asdict(each)) for number, each in enumerate(halls, start=1)]
    )
    _note_participants(forum, [cast(UUID, by.organisation_id), *(each.organisation_id for each in invited)], by)
    return forum


def _note_participants(forum: Forum, organisations: Sequence[UUID], by: Actor) -> None:
    Participant.objects.bulk_create(
        [Participant(forum=forum, organisation_id=key, invited_at=by.now) for key in dict.fromkeys(organisations)],
        ignore_conflicts=True,
    )


@step("forums.register")
def register(forum: Forum, *, offers: str, wants: str, by: Actor) -> Delegate:
    """Come as a delegate: what one offers, and whom one looks for.

    Refused: not_a_participant, already_registered, interests_needed.
    """
    refuse_if(
        policies.why_not_register(
            offers,
            wants,
            is_participant=by.role != "organizer",
            is_registered=forum.delegates.filter(person=by.person_id).exists(),
        )
    )
    remember(offers=offers, wants=wants)
    _note_participants(forum, [cast(UUID, by.organisation_id)], by)
    return Delegate.objects.create(
        forum=forum,
        organisation_id=cast(UUID, by.organisation_id),
        role=by.role,
        person_id=cast(UUID, by.person_id),
        offers=offers.strip(),
        wants=wants.strip(),
        registered_at=by.now,
    )


@step("forums.answer_meeting")
def answer_meeting(forum: Forum, other: Delegate, *, answer: str, by: Actor) -> Meeting:
    """Say `yes` or `no` to meeting another delegate; the first yes proposes the meeting, the second accepts it.

    Refused: not_a_delegate, meeting_with_oneself, no_such_answer.
    """
    me = queries.delegate_of(forum, by)
    oneself = me is not None and other.organisation_id is not None and me.organisation_id == other.organisation_id
    refuse_if(policies.why_not_answer_meeting(answer, is_delegate=me is not None, with_oneself=oneself))
    me = cast(Delegate, me)
    first, second = sorted([me, other], key=lambda delegate: delegate.pk)
    meeting, _made = Meeting.objects.get_or_create(forum=forum, first=first, second=second)
    if first.pk == me.pk:
        meeting.first_says = Meeting.Says(answer)
    else:
        meeting.second_says = Meeting.Says(answer)
    if answer == "no":
        meeting.begins_at = meeting.hall = meeting.table = None
    meeting.save(update_fields=["first_says", "second_says", "begins_at", "hall", "table"])
    remember(other=str(other.pk), answer=answer)
    return meeting


@step("forums.publish_agendas")
def publish_agendas(forum: Forum, *, by: Actor) -> list[Meeting]:
    """Give every meeting that both want a time and a table, and let delegates see their agendas.

    Published again, agendas are made anew. A meeting for which there is no room has no time.
    """
    meetings = queries.accepted_in_order(forum)
    tables = queries.tables_of(queries.halls_of(forum))
    placed = first_free(
        [(each.first_id, each.second_id) for each in meetings], queries.times_of(forum), tables=len(tables)
    )
    Meeting.objects.filter(forum=forum).update(begins_at=None, hall=None, table=None)
    for meeting, where in zip(meetings, placed, strict=True):
        hall, table = tables[where.table - 1] if where.table else (None, None)
        meeting.begins_at, meeting.hall, meeting.table = where.begins_at, hall, table
    Meeting.objects.bulk_update(meetings, ["begins_at", "hall", "table"])
    forum.agendas_published_at = by.now
    forum.save(update_fields=["agendas_published_at"])
    remember(meetings=len(meetings), without_room=sum(each.begins_at is None for each in placed))
    return meetings


@step("forums.start")
def start(forum: Forum, *, by: Actor) -> Forum:
    """The meetings take place from now on."""
    return forum


@step("forums.repair")
def repair(forum: Forum, meeting: Meeting, *, begins_at: datetime | None = None, reason: str, by: Actor) -> Meeting:
    """Move one meeting to another slot, or take it off both agendas (no time), and say why.

    Refused: reason_needed, not_accepted, no_such_slot, not_free_then, no_table_free.
    """
    others = queries.others_at(meeting, begins_at) if begins_at else []
    tables = queries.tables_of(queries.halls_of(forum))
    refuse_if(
        policies.why_not_repair(
            state=meeting.state,
            begins_at=begins_at,
            times=queries.times_of(forum),
            tables=len(tables),
            at_that_time=[(each.first_id, each.second_id) for each in others],
            pair=(meeting.first_id, meeting.second_id),
            reason=reason,
        )
    )
    taken = {(each.hall_id, each.table) for each in others}
    free = next(((hall, table) for hall, table in tables if (hall.pk, table) not in taken), (None, None))
    meeting.begins_at, (meeting.hall, meeting.table) = begins_at, free if begins_at else (None, None)
    meeting.changed_because = reason.strip()
    meeting.save(update_fields=["begins_at", "hall", "table", "changed_because"])
    remember(meeting=str(meeting.pk), begins_at=begins_at, reason=reason)
    return meeting


@step("forums.finish")
def finish(forum: Forum, *, by: Actor) -> Forum:
    """The forum is over; what becomes of its meetings is counted from now on."""
    remember(seats=len(seats_of(forum)), meetings=len(queries.accepted_in_order(forum)))
    return forum
