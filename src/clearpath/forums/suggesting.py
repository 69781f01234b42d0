"""Suggestions for one delegate of a forum, with the ties that they should know of."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from clearpath.forums.models import Delegate, Forum
from clearpath.forums.profiles import profiles_of
from clearpath.forums.suggestions import suggestions
from clearpath.parties import queries as parties


@dataclass(frozen=True, slots=True)
class Suggested:
    """Why one should meet somebody; `tie` says what ties them to oneself or to the organizer, "" where nothing."""

    id: UUID
    place: int  # from 1, the best; 0: nothing speaks for it
    because: str
    tie: str


def suggested_to(me: Delegate, forum: Forum, *, at: datetime) -> dict[UUID, Suggested]:
    """Everybody else who comes: those who fit in their order, then those who are only tied."""
    profiles = profiles_of(forum, at=at)
    mine = next((each for each in profiles if each.id == me.pk), None)
    others = [each for each in profiles if each.id != me.pk]
    found = suggestions(mine, others, most=len(others)) if mine else []
    ties = ties_told(me, {each.id: each.organisation_id for each in others}, forum)
    fitting = {
        each.id: Suggested(each.id, place, each.because, ties.get(each.id, "")) for place, each in enumerate(found, 1)
    }
    return {each.id: fitting.get(each.id, Suggested(each.id, 0, "", ties.get(each.id, ""))) for each in others}


def ties_told(me: Delegate, others: dict[UUID, UUID | None], forum: Forum) -> dict[UUID, str]:
    """What ties each other delegate to this one, or to who runs the forum. Told, and counted for nothing."""
    keys = {key for key in (*others.values(), me.organisation_id, forum.organizer_id) if key}
    tied = parties.tied_among(keys)
    told: dict[UUID, str] = {}
    for delegate, key in others.items():
        if key is None:
            continue
        says = []
        if key == forum.organizer_id:
            says.append(_("They run this forum."))
        elif frozenset((key, forum.organizer_id)) in tied:
            says.append(_("They are tied to who runs this forum."))
        if me.organisation_id and frozenset((key, me.organisation_id)) in tied:
            says.append(_("They are tied to you."))
        if says:
            told[delegate] = " ".join(says)
    return told
