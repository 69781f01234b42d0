"""A forum is set up, limited to so many of each trade, started and finished."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Objection, refuse_if
from clearpath.forums import policies, queries
from clearpath.forums.holding import note_what_nobody_said
from clearpath.forums.models import Forum, Hall, Participant, Place, Quota, Session
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
    halls: Sequence[Room] = (), acceptance: str = "both", follows: UUID | None = None, by: Actor,
) -> Forum:  # fmt: skip
    """Set up a forum and invite organisations to it. More are invited by offering them a seat.

    `follows`: the earlier forum with which the report compares this one.
    Without `sessions` it is one from beginning to end; without `halls`, one with so many tables.
    Refused: name_needed, ends_before_it_begins, forum_too_long, no_room_to_meet, sessions_overlap,
    not_an_earlier_forum, and what the network objects to.
    """
    sessions = sorted(sessions or [Stretch(begins_at, ends_at)], key=lambda each: each.begins_at)
    halls = halls or [Room(tables)]
    refuse_if(policies.why_not_create(name, begins_at, ends_at, slot_minutes, [each.tables for each in halls]))
    refuse_if(policies.why_not_sessions([(each.begins_at, each.ends_at) for each in sessions], begins_at, ends_at))
    refuse_if(_why_not_follow(follows, by, begins_at))
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
        follows_id=follows,
    )
    Session.objects.bulk_create([Session(forum=forum, **asdict(each)) for each in sessions])
    Hall.objects.bulk_create(
        [Hall(forum=forum, number=number, **asdict(each)) for number, each in enumerate(halls, start=1)]
    )
    note_participants(forum, [cast(UUID, by.organisation_id), *(each.organisation_id for each in invited)], by)
    return forum


def _why_not_follow(follows: UUID | None, by: Actor, begins_at: datetime) -> Objection | None:
    earlier = Forum.objects.filter(organizer=by.organisation_id, begins_at__lt=begins_at)
    return policies.why_not_follow(is_earlier_one=follows is None or earlier.filter(pk=follows).exists())


def note_participants(forum: Forum, organisations: Sequence[UUID], by: Actor) -> None:
    """Organisations that may see the forum and register delegates."""
    Participant.objects.bulk_create(
        [Participant(forum=forum, organisation_id=key, invited_at=by.now) for key in dict.fromkeys(organisations)],
        ignore_conflicts=True,
    )


@dataclass(frozen=True, slots=True)
class Share:
    """How many of their meetings each delegate of a trade has with another trade."""

    trade: str
    others: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Follows:
    """The earlier forum with which the report compares one; without a key, none."""

    forum_id: UUID | None = None


@step("forums.limit")
def limit(
    forum: Forum, *, places: Mapping[str, int], shares: Sequence[Share], follows: Follows | None = None, by: Actor
) -> Forum:
    """Say how many delegates of each trade may come, and with whom they should meet; what is not named is free.

    With `follows`, say also which earlier forum it follows; else that stays as it is.
    Refused: quota_without_room, quota_twice, not_an_earlier_forum.
    """
    refuse_if(policies.why_not_limit([(each.trade, each.others, each.least, each.most) for each in shares]))
    if follows is not None:
        refuse_if(_why_not_follow(follows.forum_id, by, forum.begins_at))
        forum.follows_id = follows.forum_id
        forum.save(update_fields=["follows"])
        remember(follows=str(follows.forum_id or ""))
    forum.places.all().delete()
    forum.quotas.all().delete()
    Place.objects.bulk_create([Place(forum=forum, trade=trade, most=most) for trade, most in places.items()])
    Quota.objects.bulk_create([Quota(forum=forum, **asdict(each)) for each in shares])
    remember(places=dict(places), shares=[asdict(each) for each in shares])
    return forum


@step("forums.start")
def start(forum: Forum, *, by: Actor) -> Forum:
    """The meetings take place from now on."""
    return forum


@step("forums.finish")
def finish(forum: Forum, *, by: Actor) -> Forum:
    """The meetings are over; they are rated for some days, and what becomes of them is counted from now on."""
    note_what_nobody_said(forum, at=by.now)
    remember(seats=len(seats_of(forum)), meetings=len(queries.accepted_in_order(forum)))
    return forum
