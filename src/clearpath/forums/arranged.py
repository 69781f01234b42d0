"""What is said of the time of single meetings, as pages show it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.forums.as_problem import names_for, said_in, worth_of
from clearpath.forums.models import Arranged, Forum, Precedence, Session
from clearpath.turns.sight import visible


@dataclass(frozen=True, slots=True)
class ArrangedRow:
    """Which two, what is said of their meeting, and why the plan does not keep it yet ("" where it does)."""

    id: UUID
    pair: str
    says: str
    waits: str = ""


def rows_for(actor: Actor, forum: Forum) -> list[ArrangedRow]:
    """By time, then sessions, then orders; of a delegate those of their own.

    Whom somebody does not wish to meet is told to the organizer alone: to a delegate a no looks like no answer yet.
    """
    times = visible(Arranged, to=actor).filter(forum=forum).select_related("session")
    orders = visible(Precedence, to=actor).filter(forum=forum)
    names, zone = names_for(forum), ZoneInfo(forum.time_zone)
    worth, said = worth_of(forum), said_in(forum)

    def pair_of(first: UUID, second: UUID) -> str:
        return f"{names[first]} – {names[second]}"

    def waits(first: UUID, second: UUID) -> str:
        if (first, second) in worth:
            return ""
        is_no = None in {said.get((first, second), 0), said.get((second, first), 0)}
        if is_no and actor.organisation_id == forum.organizer_id:
            return _("One of the two said no: it does not take place.")
        return _("It waits until both have said yes.") if forum.acceptance == Forum.Acceptance.BOTH else ""

    bound = sorted(times, key=lambda each: (each.begins_at is None, each.begins_at or begins(each), each.pk))
    return [
        ArrangedRow(
            each.pk, pair_of(each.first_id, each.second_id),
            clock(each.begins_at, zone) if each.begins_at else stretch(each.session, zone),
            waits(each.first_id, each.second_id),
        )
        for each in bound
    ] + [
        ArrangedRow(
            each.pk, pair_of(each.first_id, each.second_id),
            _("before %(pair)s") % {"pair": pair_of(each.then_first_id, each.then_second_id)},
        )
        for each in orders.order_by("pk")
    ]  # fmt: skip


def begins(arranged: Arranged) -> datetime | None:
    """When the session begins to which a meeting is bound."""
    return arranged.session.begins_at if arranged.session else None


def arranged_for(actor: Actor, key: UUID) -> Arranged | Precedence:
    """One of them. Raises NotFound."""
    found = visible(Arranged, to=actor).filter(pk=key).first() or visible(Precedence, to=actor).filter(pk=key).first()
    if found is None:
        raise NotFound(Objection("nothing_arranged", gettext_lazy("Nothing like that was said in this forum.")))
    return found


def clock(time: datetime, zone: ZoneInfo) -> str:
    """A slot by the clock of the place."""
    return f"{time.astimezone(zone):%Y-%m-%d %H:%M}"


def stretch(session: Session | None, zone: ZoneInfo) -> str:
    """A session by its title and the clock of the place."""
    if session is None:
        return ""
    when = f"{clock(session.begins_at, zone)} – {session.ends_at.astimezone(zone):%H:%M}"
    return f"{session.title} ({when})" if session.title else when
