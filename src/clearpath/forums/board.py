"""The organizer's live board: who sits where, who is late, who is free, who sits alone."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.forums import queries
from clearpath.forums.models import CheckIn, Delegate, Forum, Hall, Held, Meeting
from clearpath.forums.my_agenda import day_at, place_of
from clearpath.forums.queries import DelegateName
from clearpath.turns.sight import visible

NOT_YOURS = Objection("not_your_forum", _("Only who runs the forum sees its board."))


@dataclass(frozen=True, slots=True)
class Sitting:
    """One meeting of this slot. `missing`: the two, or the one, who were not checked in today."""

    meeting_id: UUID
    place: str
    pair: tuple[DelegateName, DelegateName]
    missing: tuple[DelegateName, ...]
    alone: DelegateName | None  # who came and sits there alone
    held: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """The forum at one moment. `free` are here and meet nobody now; `expected` have not come today."""

    begins_at: datetime | None
    sittings: tuple[Sitting, ...]
    free: tuple[DelegateName, ...]
    expected: tuple[DelegateName, ...]
    here: int
    all: int

    @property
    def late(self) -> list[DelegateName]:
        """Who should sit at a table now and did not come."""
        return [who for sitting in self.sittings for who in sitting.missing if not sitting.held]

    @property
    def alone(self) -> list[DelegateName]:
        return [sitting.alone for sitting in self.sittings if sitting.alone]


def board_for(actor: Actor, forum: Forum) -> Board:
    """The board now. Raises NotFound for everybody but the organizer."""
    if actor.role != "organizer" or actor.organisation_id != forum.organizer_id:
        raise NotFound(NOT_YOURS)
    found = visible(CheckIn, to=actor).filter(forum=forum, day=day_at(forum, actor.now))
    here = set(found.values_list("delegate_id", flat=True))
    meetings = [each for each in queries.meetings_of(actor, forum.pk) if each.state == "accepted" and each.begins_at]
    held = dict(visible(Held, to=actor).filter(forum=forum).values_list("meeting_id", "state"))
    length = timedelta(minutes=forum.slot_minutes)
    halls = queries.halls_by_key(forum)
    return board_of(queries.names_by_key(forum), halls, meetings, here=here, held=held, at=actor.now, length=length)


def board_of(
    names: dict[UUID, DelegateName],
    halls: dict[UUID, Hall],
    meetings: Iterable[Meeting],
    *,
    here: Collection[UUID],
    held: dict[UUID, str],
    at: datetime,
    length: timedelta,
) -> Board:
    """The same of rows; no database."""
    now = [each for each in meetings if each.begins_at and each.begins_at <= at < each.begins_at + length]
    now.sort(key=lambda each: (halls[each.hall_id].number if each.hall_id else 0, each.table or 0))
    sittings = [_sitting(each, names, halls, here, held.get(each.pk, "")) for each in now]
    seated = {key for each in now for key in (each.first_id, each.second_id)}
    return Board(
        begins_at=min((each.begins_at for each in now if each.begins_at), default=None),
        sittings=tuple(sittings),
        free=_sorted(names[key] for key in here if key in names and key not in seated),
        expected=_sorted(who for key, who in names.items() if key not in here),
        here=len([key for key in names if key in here]),
        all=len(names),
    )


def _sitting(
    meeting: Meeting, names: dict[UUID, DelegateName], halls: dict[UUID, Hall], here: Collection[UUID], held: str
) -> Sitting:
    keys = (meeting.first_id, meeting.second_id)
    came = [key for key in keys if key in here]
    alone = names[came[0]] if len(came) == 1 and held in {"", Held.State.MISSED} else None
    missing = tuple(names[key] for key in keys if key not in here)
    place = place_of(halls[meeting.hall_id], meeting.table or 0) if meeting.hall_id else ""
    return Sitting(meeting.pk, place, (names[keys[0]], names[keys[1]]), missing, alone, held)


def _sorted(people: Iterable[DelegateName]) -> tuple[DelegateName, ...]:
    return tuple(sorted(people, key=lambda who: (who.organisation, who.role)))


def is_here(delegate: Delegate, at: datetime) -> bool:
    """Whether a delegate was checked in on the day of this moment."""
    return delegate.check_ins.filter(day=day_at(delegate.forum, at)).exists()
