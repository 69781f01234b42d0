"""Contact between two who met: shown to each of them once both agreed, meeting by meeting; there is no list of it."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.forums import queries
from clearpath.forums.models import Delegate, Forum, Meeting, Rating
from clearpath.parties.queries import reachable


@dataclass(frozen=True, slots=True)
class Contact:
    """How the other is reached."""

    name: str
    email: str


def contacts_for(actor: Actor, forum: Forum) -> dict[UUID, Contact]:
    """By meeting, the contact of each delegate who shares it with the actor, who shares theirs."""
    me = queries.delegate_of(forum, actor)
    return contacts_of(me) if me is not None else {}


def contacts_of(me: Delegate) -> dict[UUID, Contact]:
    """The same for a delegate, whoever asks. A guest is reached as they said."""
    mine = queries.with_delegate(Meeting.objects.filter(forum=me.forum_id), me)
    shared = Rating.objects.filter(shares_contact=True, meeting__in=mine.order_by()).select_related("delegate")
    by_meeting: dict[UUID, dict[UUID, Delegate]] = defaultdict(dict)
    for each in shared:
        by_meeting[each.meeting_id][each.delegate_id] = each.delegate
    others = {
        meeting: next(delegate for key, delegate in both.items() if key != me.pk)
        for meeting, both in by_meeting.items()
        if me.pk in both and len(both) > 1
    }
    people = reachable(each.person_id for each in others.values())
    return {
        meeting: Contact(*people[other.person_id])
        if other.person_id in people
        else Contact(str(other.guest_name), str(other.guest_email))
        for meeting, other in others.items()
    }
