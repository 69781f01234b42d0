"""Reads about forums; scoped to the actor."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.forums.models import Delegate, Forum, Hall, Meeting, Plan, Quota, Session
from clearpath.forums.slots import slots
from clearpath.parties.queries import names_of, people_named
from clearpath.turns.sight import visible


def forums_for(actor: Actor) -> QuerySet[Forum]:
    """The forums that the actor runs or is invited to, newest first."""
    return visible(Forum, to=actor).order_by("-pk")


def forum_for(actor: Actor, forum_id: UUID) -> Forum:
    """Raises NotFound alike for a missing forum and for one to which the actor is not invited."""
    found = forums_for(actor).filter(pk=forum_id).first()
    if found is None:
        raise NotFound(Objection("no_such_forum", _("There is no such forum.")))
    return found


def forums_called(text: str) -> list[Forum]:
    """Every forum of this name or key, for who keeps the machine."""
    try:
        wanted = Q(pk=UUID(text))
    except ValueError:
        wanted = Q(name__iexact=text.strip())
    return list(Forum.objects.filter(wanted).order_by("pk"))


def quotas_of(forum: Forum) -> list[Quota]:
    """How often trades meet each other, by trade."""
    return list(Quota.objects.filter(forum=forum).order_by("trade", "others"))


def times_of(forum: Forum) -> list[datetime]:
    """The beginnings of the forum's slots, session by session."""
    return [time for each in sessions_of(forum) for time in slots(each.begins_at, each.ends_at, forum.slot_minutes)]


def sessions_of(forum: Forum) -> list[Session]:
    """In order of time."""
    return list(Session.objects.filter(forum=forum).order_by("begins_at"))


def halls_of(forum: Forum) -> list[Hall]:
    """In the row in which they lie."""
    return list(Hall.objects.filter(forum=forum).order_by("number"))


def halls_by_key(forum: Forum) -> dict[UUID, Hall]:
    """The same by their keys."""
    return {hall.pk: hall for hall in halls_of(forum)}


def tables_of(halls: list[Hall]) -> list[tuple[Hall, int]]:
    """Every table of the halls that stand somewhere: the hall, and the number in it."""
    return [(hall, number) for hall in halls if not hall.is_online for number in range(1, hall.tables + 1)]


def delegate_of(forum: Forum, by: Actor) -> Delegate | None:
    """The actor as a delegate, if registered."""
    return Delegate.objects.filter(forum=forum, person=by.person_id, organisation=by.organisation_id).first()


def is_full(forum: Forum, trade: str) -> bool:
    """Whether as many of a trade are registered as may come."""
    place = forum.places.filter(trade=trade).first()
    return place is not None and forum.delegates.filter(role=trade).count() >= place.most


def with_delegate(meetings: QuerySet[Meeting], delegate: Delegate) -> QuerySet[Meeting]:
    """Those of the meetings in which this delegate takes part, by time."""
    return meetings.filter(Q(first=delegate) | Q(second=delegate)).order_by("begins_at", "pk")


@dataclass(frozen=True, slots=True)
class DelegateName:
    """Who comes, as every delegate may know: the organisation and its trade, no contact."""

    id: UUID
    organisation_id: UUID | None  # None: a guest's, which is not on the network
    organisation: str
    role: str


def delegates_at(actor: Actor, forum_id: UUID) -> list[DelegateName]:
    """Who is registered, by organisation; only for who may see the forum."""
    return names_at(forum_for(actor, forum_id))


def names_at(forum: Forum) -> list[DelegateName]:
    """The same without asking who reads it: for planning."""
    found = list(Delegate.objects.filter(forum=forum).order_by("pk"))
    names = names_of(each.organisation_id for each in found if each.organisation_id)
    rows = [
        DelegateName(
            each.pk,
            each.organisation_id,
            names[each.organisation_id] if each.organisation_id else each.guest_organisation,
            each.role,
        )
        for each in found
    ]
    return sorted(rows, key=lambda row: (row.organisation, row.id))


def others_than(me: Delegate, names: Iterable[DelegateName]) -> list[DelegateName]:
    """Those whom this delegate may meet: neither themselves nor a colleague."""
    return [
        each
        for each in names
        if each.id != me.pk and (each.organisation_id is None or each.organisation_id != me.organisation_id)
    ]


def names_by_key(forum: Forum) -> dict[UUID, DelegateName]:
    """The same by key."""
    return {row.id: row for row in names_at(forum)}


@dataclass(frozen=True, slots=True)
class Who:
    """One delegate as those whom they meet know them."""

    organisation: str
    role: str
    name: str = ""  # of the person who comes
    on_network: bool = True


def who_are(keys: Iterable[UUID]) -> dict[UUID, Who]:
    """Delegates by their keys. Not scoped: the caller knows that they meet, or that they are the organizer's."""
    found = list(Delegate.objects.filter(pk__in=set(keys)).order_by("pk"))
    names = names_of(each.organisation_id for each in found)
    people = people_named(each.person_id for each in found)
    return {
        each.pk: Who(
            names[each.organisation_id] if each.organisation_id else each.guest_organisation,
            each.role,
            people[each.person_id] if each.person_id else str(each.guest_name),
            on_network=each.organisation_id is not None,
        )
        for each in found
    }


def meetings_of(actor: Actor, forum_id: UUID) -> list[Meeting]:
    """The meetings of which the actor may know: their organisation's own, or all for the organizer; by time."""
    return list(visible(Meeting, to=actor).filter(forum_id=forum_id).order_by("begins_at", "pk"))


def accepted_in_order(forum: Forum) -> list[Meeting]:
    """The meetings that both want, oldest first."""
    said = [Meeting.Says.YES, Meeting.Says.RULE]
    return list(Meeting.objects.filter(forum=forum, first_says__in=said, second_says__in=said).order_by("pk"))


def others_at(meeting: Meeting, begins_at: datetime | None) -> list[Meeting]:
    """The other meetings that begin at that time."""
    return list(
        Meeting.objects.filter(Q(forum_id=meeting.forum_id, begins_at=begins_at) & ~Q(pk=meeting.pk)).order_by("pk")
    )


def newest_plan(actor: Actor, forum: Forum, kind: str) -> Plan | None:
    """The organizer's newest plan or repair of a forum."""
    return visible(Plan, to=actor).filter(forum=forum, kind=kind).order_by("-pk").first()
