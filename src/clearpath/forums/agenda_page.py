"""A delegate's agenda: the page that also works offline, the file and the feed, the paper, the picture of the floor."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from clearpath.forums import feeds, my_agenda, queries
from clearpath.forums.badges import code_of
from clearpath.forums.booths import owners
from clearpath.forums.calendar_file import Event, calendar_file
from clearpath.forums.during_policies import is_rated_until
from clearpath.forums.floor import Floor, Room, Where, floor_of
from clearpath.forums.models import Delegate, Forum, Meeting
from clearpath.forums.my_agenda import Line
from clearpath.records.address import root_of
from clearpath.web.request import PageRequest

WORKER = Path(__file__).parent / "data/agenda-worker.js"
SHOWN_ONCE = "new_feed_of_"  # in the session, until it was shown once


@login_required
@never_cache
def agenda(request: PageRequest, forum_id: UUID) -> HttpResponse:
    """My meetings by day: what is now, what is next, with whom and where."""
    forum = queries.forum_for(request.actor, forum_id)
    me = my_agenda.my_delegate(request.actor, forum)
    mine = my_agenda.meetings_for(request.actor, me)
    lines = my_agenda.agenda_of(me, mine, at=request.actor.now)
    secret = request.session.pop(f"{SHOWN_ONCE}{forum.pk}", "")
    context = {
        "forum": forum,
        "days": my_agenda.by_day(lines, forum.time_zone),
        "can_rate": request.actor.now < is_rated_until(forum.ends_at),
        "has_feed": feeds.has_feed(me),
        "feed": root_of(request) + reverse("forums:feed", args=[secret]) if secret else "",
        "taken_off": my_agenda.taken_off(me, mine),
        "place": my_agenda.place_now(lines),
    }
    return render(request, "forums/agenda.html", context)


def worker(_request: HttpRequest) -> HttpResponse:
    """The script that keeps an agenda readable offline; the page that asks for it narrows it to its own address."""
    response = HttpResponse(WORKER.read_bytes(), content_type="text/javascript")
    response["Service-Worker-Allowed"] = reverse("forums:agenda_worker").rpartition("/")[0] + "/"
    response["Cache-Control"] = "no-cache"
    return response


@login_required
@never_cache
def agenda_file(request: PageRequest, forum_id: UUID) -> HttpResponse:
    """My meetings as an iCalendar file."""
    forum = queries.forum_for(request.actor, forum_id)
    return calendar_of(forum, my_agenda.lines_for(request.actor, forum), request.actor.now)


@never_cache
def feed(_request: HttpRequest, secret: str) -> HttpResponse:
    """The same for a calendar that asks by itself, by its secret address."""
    me = feeds.delegate_behind(secret)
    mine = queries.with_delegate(Meeting.objects.filter(forum=me.forum), me)
    now = timezone.now()
    return calendar_of(me.forum, my_agenda.lines_of(me, mine, at=now), now)


def calendar_of(forum: Forum, lines: list[Line], at: datetime) -> HttpResponse:
    """An agenda as an iCalendar file."""
    events = [
        Event(
            key=str(line.meeting_id),
            begins_at=line.begins_at,
            ends_at=line.ends_at,
            title=line.organisation,
            where=", ".join([line.place, forum.name, forum.city]),
            says=line.person,
        )
        for line in lines
    ]
    response = HttpResponse(calendar_file(forum.name, events, at=at), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="agenda.ics"'
    return response


@require_POST
@login_required
def new_feed(request: PageRequest, forum_id: UUID) -> HttpResponse:
    """A new secret address; the old one ends."""
    forum = queries.forum_for(request.actor, forum_id)
    request.session[f"{SHOWN_ONCE}{forum.pk}"] = feeds.new_feed(request.actor, forum)
    return redirect(reverse("forums:agenda", args=[forum.pk]) + "#calendar")


@require_POST
@login_required
def end_feed(request: PageRequest, forum_id: UUID) -> HttpResponse:
    """The address ends."""
    forum = queries.forum_for(request.actor, forum_id)
    feeds.end_feed(request.actor, forum)
    messages.success(request, _("The calendar address has ended."))
    return redirect(reverse("forums:agenda", args=[forum.pk]) + "#calendar")


@login_required
@never_cache
def agenda_paper(request: PageRequest, forum_id: UUID) -> HttpResponse:
    """Badge and agenda on one sheet of paper."""
    forum = queries.forum_for(request.actor, forum_id)
    me = my_agenda.my_delegate(request.actor, forum)
    return paper_of(request, me, my_agenda.lines_for(request.actor, forum))


def paper_of(request: HttpRequest, me: Delegate, lines: list[Line]) -> HttpResponse:
    """The same of a delegate, whoever asks."""
    from clearpath.forums.printed import badge_and_agenda  # typst is slow to load

    who = queries.who_are([me.pk])[me.pk]
    link = root_of(request) + reverse("forums:badge", args=[code_of(me.pk)])
    pdf = badge_and_agenda(me.forum, who, my_agenda.by_day(lines, me.forum.time_zone), link=link)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="agenda.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@never_cache
def floor(request: PageRequest, forum_id: UUID) -> HttpResponse:
    """Today's tables as a picture: who sits where now for the organizer, one's own tables for a delegate."""
    forum = queries.forum_for(request.actor, forum_id)
    if request.actor.role == "organizer":
        return _drawn(request, forum, _whole_floor(request, forum))
    return floor_of_mine(request, forum, my_agenda.lines_for(request.actor, forum), at=request.actor.now)


def floor_of_mine(request: HttpRequest, forum: Forum, lines: list[Line], *, at: datetime) -> HttpResponse:
    """A delegate's own tables of the day, whoever asks."""
    return _drawn(request, forum, _my_floor(forum, lines, at))


def _drawn(request: HttpRequest, forum: Forum, floor: Floor) -> HttpResponse:
    response = render(request, "forums/floor_svg.html", {"floor": floor, "title": forum.name})
    response["Content-Type"] = "image/svg+xml"
    return response


def _my_floor(forum: Forum, lines: list[Line], at: datetime) -> Floor:
    """Only what one's own agenda says."""
    days = my_agenda.by_day(lines, forum.time_zone)
    today = my_agenda.day_at(forum, at)
    day = next((each for each in days if each.day >= today), days[-1] if days else None)
    says: dict[Where, tuple[str, ...]] = {}
    for line in day.lines if day else ():
        where = (line.hall.pk, line.table)
        says[where] = (*says.get(where, ()), my_agenda.clock(forum, line.begins_at))
    return floor_of(
        _rooms(forum), says={key: times[:2] for key, times in says.items()}, mine=frozenset(says), owners=owners(forum)
    )


def _rooms(forum: Forum) -> list[Room]:
    return [Room(hall.pk, hall.name, hall.tables) for hall in queries.halls_of(forum) if not hall.is_online]


def _whole_floor(request: PageRequest, forum: Forum) -> Floor:
    names = queries.names_by_key(forum)
    now, length = request.actor.now, timedelta(minutes=forum.slot_minutes)
    sitting = [
        each
        for each in queries.meetings_of(request.actor, forum.pk)
        if each.begins_at and each.begins_at <= now < each.begins_at + length
    ]
    says: dict[Where, tuple[str, ...]] = {
        (each.hall_id, each.table or 0): (names[each.first_id].organisation, names[each.second_id].organisation)
        for each in sitting
    }
    return floor_of(_rooms(forum), says=says, owners=owners(forum))
