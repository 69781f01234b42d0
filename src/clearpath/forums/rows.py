"""A forum's delegates and agendas as its page shows them: plain rows, blanked for the reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.forums import queries
from clearpath.forums.as_problem import names_for
from clearpath.forums.booths import own_tables
from clearpath.forums.models import Delegate, Forum, Hall, Meeting, Plan
from clearpath.forums.my_agenda import place_of
from clearpath.forums.planning.sentences import told
from clearpath.turns.sight import shown, visible

STATES = {
    "proposed": (_("Waits for an answer"), "warn"),
    "accepted": (_("Both want it"), "good"),
    "declined": (_("Declined"), ""),
}
BY_RULE = (Meeting.Says.RULE.label, "good")  # the same whoever said what: nobody learns of a wish


@dataclass(frozen=True, slots=True)
class DelegateRow:
    """Who comes; what they offer and want only for the organizer and themselves."""

    organisation: str
    role: str
    offers: str
    wants: str
    place: str = ""  # of their own table


def delegate_rows_for(actor: Actor, forum: Forum) -> list[DelegateRow]:
    """Everybody who is registered, by organisation."""
    seen = {each.pk: shown(each, to=actor) for each in visible(Delegate, to=actor).filter(forum=forum)}
    halls, own = queries.halls_by_key(forum), own_tables(forum)
    places = {key: place_of(halls[hall], table) for key, (hall, table) in own.items()}
    return [
        DelegateRow(
            row.organisation,
            row.role,
            offers=str(seen[row.id].offers) if row.id in seen else "",
            wants=str(seen[row.id].wants) if row.id in seen else "",
            place=places.get(row.id, ""),
        )
        for row in queries.delegates_at(actor, forum.pk)
    ]


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting: who meets whom, where it stands, and when and where it takes place once agendas are out."""

    first: str
    second: str
    state: str | Promise
    tone: str
    waits_for: str  # the organisation that has not answered a proposal yet
    begins_at: datetime | None
    hall: str
    is_online: bool
    table: int | None
    changed_because: str


def meeting_rows_for(actor: Actor, forum: Forum) -> list[MeetingRow]:
    """The actor's own meetings, or all for the organizer; those with a time first, by time."""
    names = {row.id: row.organisation for row in queries.delegates_at(actor, forum.pk)}
    found = queries.meetings_of(actor, forum.pk)
    found.sort(key=lambda meeting: (meeting.begins_at is None, meeting.begins_at or forum.begins_at, meeting.pk))
    halls = {hall.pk: hall for hall in queries.halls_of(forum)}
    states = STATES
    if forum.acceptance == Forum.Acceptance.AUTOMATIC:
        states = STATES | {"accepted": BY_RULE, "proposed": BY_RULE}
    return [_meeting_row(meeting, names, halls.get(cast(UUID, meeting.hall_id)), states) for meeting in found]


def _meeting_row(
    meeting: Meeting, names: dict[UUID, str], hall: Hall | None, states: Mapping[str, tuple[Any, str]]
) -> MeetingRow:
    words, tone = states[meeting.state]
    silent = meeting.first_id if not meeting.first_says else meeting.second_id
    return MeetingRow(
        first=names[meeting.first_id],
        second=names[meeting.second_id],
        state=words,
        tone=tone,
        waits_for=names[silent] if states[meeting.state] == STATES["proposed"] else "",
        begins_at=meeting.begins_at,
        hall=hall.name if hall else "",
        is_online=bool(hall and hall.is_online),
        table=meeting.table,
        changed_because=meeting.changed_because,
    )


@dataclass(frozen=True, slots=True)
class MoveRow:
    """Somebody whom a repair moves, what changes for them, and what they say."""

    who: str
    because: str
    says: str
    must_answer: bool


def repair_for(plan: Plan, forum: Forum) -> dict[str, Any]:
    """A repair as its panel shows it to the organizer."""
    names = names_for(forum)
    moves = [
        MoveRow(names[each.delegate_id], each.because, each.says, each.delegate.asks_before_moving)
        for each in plan.moves.select_related("delegate").order_by("pk")
    ]
    others = plan.asks["others"]
    return {
        "asks": plan.asks,
        "moves": moves,
        "others": others,
        "share": round(100 * len(moves) / others, 1) if others else 0,
        "is_out": plan.published_at is not None,
        "zone": forum.time_zone,
        "lists": [
            (title, [(one, other, datetime.fromisoformat(at)) for one, other, at, *_after in plan.asks[key]])
            for key, title in (
                ("lost", _("Meetings that are lost")),
                ("moved", _("Meetings at another time or table")),
                ("added", _("Meetings in the freed time")),
            )
        ],
        "touched": plan.score,
        "least": plan.bound,
        "says": told(plan.says, forum.time_zone),
    }
