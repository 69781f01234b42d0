"""Contact between two who met: shown to each of them once both agreed, meeting by meeting; there is no list of it."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.forums import queries
from clearpath.forums.models import Forum, Meeting, Rating
from clearpath.parties.queries import reachable


@dataclass(frozen=True, slots=True)
class Contact:
    """How the other is reached."""

    name: str
    email: str


def contacts_for(actor: Actor, forum: Forum) -> dict[UUID, Contact]:
    """By meeting, the contact of each delegate who shares it with the actor, who shares theirs."""
    me = queries.delegate_of(forum, actor)
    if me is None:
        return {}
    mine = queries.with_delegate(Meeting.objects.filter(forum=forum), me)
    shared = Rating.objects.filter(shares_contact=True, meeting__in=mine.order_by()).select_related("delegate")
    by_meeting: dict[UUID, dict[UUID, UUID | None]] = defaultdict(dict)
    for each in shared:
        by_meeting[each.meeting_id][each.delegate_id] = each.delegate.person_id
    others = {
        meeting: next(person for delegate, person in both.items() if delegate != me.pk)
        for meeting, both in by_meeting.items()
        if me.pk in both and len(both) > 1
    }
    people = reachable(others.values())
    return {meeting: Contact(*people[person]) for meeting, person in others.items() if person in people}
