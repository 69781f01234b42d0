"""How meetings went, as far as it is known: by what people say, failing that by who was there."""

from datetime import datetime
from typing import cast
from uuid import UUID

from clearpath.forums.models import Delegate, Forum, Held, Meeting
from clearpath.forums.my_agenda import day_at


def note_held(meeting: Meeting, state: Held.State, *, at: datetime, absent: Delegate | None = None) -> Held:
    """Keep how it went. What was said before is corrected; time and place stay those of the first word."""
    held = Held.objects.filter(meeting=meeting).first() or _unsaid(meeting, at)
    held.state, held.absent, held.recorded_at = state, absent, at
    held.save()
    return held


def note_what_nobody_said(forum: Forum, *, at: datetime) -> int:
    """A meeting of which nobody said anything took place if both were checked in that day; how many those are."""
    here = set(forum.check_ins.values_list("delegate_id", "day"))
    begun = Meeting.objects.filter(forum=forum, begins_at__lt=at, held=None).order_by("pk")
    found = [
        _unsaid(each, at)
        for each in begun
        if {(key, day_at(forum, cast(datetime, each.begins_at))) for key in (each.first_id, each.second_id)} <= here
    ]
    Held.objects.bulk_create(found)
    return len(found)


def _unsaid(meeting: Meeting, at: datetime) -> Held:
    return Held(
        meeting=meeting,
        forum_id=meeting.forum_id,
        state=Held.State.KEPT,
        begins_at=cast(datetime, meeting.begins_at),
        hall_id=cast(UUID, meeting.hall_id),
        table=cast(int, meeting.table),
        recorded_at=at,
    )
