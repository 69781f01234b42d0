"""What a forum's page shows."""

from typing import cast

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.forums import arranged, balance_rows, planned, queries, repairs, rows
from clearpath.forums.models import Forum
from clearpath.forums.planning.sentences import told, told_line
from clearpath.forums.repair_forms import open_moves
from clearpath.parties.queries import names_of
from clearpath.turns.charters import is_time_for
from clearpath.turns.panels import Panel, panel
from clearpath.turns.sight import shown
from clearpath.turns.subject import Subject


@panel("forum", order=10)
def details(actor: Actor, subject: Subject) -> Panel | None:
    """Where and when, and who runs it."""
    row = shown(subject, to=actor)
    if row.hidden:
        return None
    context = {
        "row": row,
        "organizer": names_of([row.organizer_id])[row.organizer_id],
        "sessions": queries.sessions_of(cast(Forum, subject)),
        "halls": queries.halls_of(cast(Forum, subject)),
        "follows": cast(Forum, subject).follows if actor.organisation_id == row.organizer_id else None,
    }
    return Panel(_("The forum"), "forums/_forum.html", context, "calendar-event", "forum")


@panel("forum", order=15)
def plan(actor: Actor, subject: Subject) -> Panel | None:
    """The organizer's newest plan: how good it is, and who has too few meetings."""
    found = queries.newest_plan(actor, cast(Forum, subject), "whole")
    if actor.role != "organizer" or shown(subject, to=actor).hidden:
        return None
    context = {
        "plan": found,
        "is_there": found is not None and planned.is_there(found),
        "good": planned.how_good(found) if found else "",
        "left_out": [(*row, *told([why])) for *row, why in found.asks.get("left_out", [])] if found else [],
        "says": told(found.says, cast(Forum, subject).time_zone) if found else [],
        "progress": told_line(found.progress) if found else "",
    }
    return Panel(_("The plan"), "forums/_plan.html", context, "calendar-plus", "plan")


@panel("forum", order=12)
def repair(actor: Actor, subject: Subject) -> Panel | None:
    """What the newest repair would change, for the organizer; for a delegate, what it asks of them."""
    if shown(subject, to=actor).hidden:
        return None
    forum = cast(Forum, subject)
    if actor.role == "organizer":
        found = queries.newest_plan(actor, forum, "repair")
        if found is None:
            return None
        waits = found.published_at is None and is_time_for(forum, "forums.apply_repair")
        button = {
            "forum": forum,
            "waits": waits,
            "why_not": repairs.why_not_apply(found, at=actor.now) if waits else None,
        }
        return Panel(_("The repair"), "forums/_repair.html", rows.repair_for(found, forum) | button, "tool", "repair")
    moves = open_moves(actor, forum)
    if not moves:
        return None
    context = {"moves": moves, "reason": moves[0].plan.asks["reason"], "forum": forum}
    return Panel(_("Your agenda would change"), "forums/_moves.html", context, "alert-triangle", "moves")


@panel("forum", order=18)
def arranged_meetings(actor: Actor, subject: Subject) -> Panel | None:
    """What the organizer said of the time of single meetings; for a delegate, of their own."""
    if shown(subject, to=actor).hidden:
        return None
    forum = cast(Forum, subject)
    found = arranged.rows_for(actor, forum)
    if not found and actor.role != "organizer":
        return None
    is_open = actor.role == "organizer" and is_time_for(forum, "forums.arrange")
    context = {"rows": found, "forum": forum, "is_open": is_open}
    return Panel(_("Meetings with a time of their own"), "forums/_arranged.html", context, "map-pin", "arranged")


@panel("forum", order=20)
def meetings(actor: Actor, subject: Subject) -> Panel | None:
    """My meetings, or all of them for the organizer."""
    if shown(subject, to=actor).hidden:
        return None
    forum = cast(Forum, subject)
    folds = actor.role == "organizer"
    context = {"rows": rows.meeting_rows_for(actor, forum), "zone": forum.time_zone, "folds": folds}
    title = _("All meetings") if folds else _("My meetings")
    return Panel(title, "forums/_meetings.html", context, "calendar-time", "meetings")


@panel("forum", order=30)
def delegates(actor: Actor, subject: Subject) -> Panel | None:
    """Who comes."""
    if shown(subject, to=actor).hidden:
        return None
    found = rows.delegate_rows_for(actor, cast(Forum, subject))
    return Panel(_("Who comes"), "forums/_delegates.html", {"rows": found}, "users", "delegates")


@panel("forum", order=25)
def balance(actor: Actor, subject: Subject) -> Panel | None:
    """Supply and demand, for the organizer who decides who may come."""
    if actor.role != "organizer" or shown(subject, to=actor).hidden:
        return None
    context = balance_rows.balance_for(cast(Forum, subject), at=actor.now)
    return Panel(_("Supply and demand"), "forums/_balance.html", context, "scale", "balance")
