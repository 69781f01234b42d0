"""A guest's own pages, by their secret address: what the organizer answered, then agenda, people, wishes, ratings."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection, Refused
from clearpath.forums import guests, my_agenda, queries
from clearpath.forums.agenda_page import calendar_of, floor_of_mine, paper_of
from clearpath.forums.during_policies import is_rated_until
from clearpath.forums.during_steps import note_rating
from clearpath.forums.guest_forms import GuestWishes
from clearpath.forums.models import Delegate, Forum, Meeting, Move, Rating
from clearpath.forums.my_agenda import Line
from clearpath.forums.rating_page import line_of, rating
from clearpath.forums.registration import registration_behind
from clearpath.forums.registration_page import private
from clearpath.forums.steps.delegates import note_wish
from clearpath.forums.steps.meeting import note_answer
from clearpath.forums.steps.repairing import note_move
from clearpath.turns.charters import is_time_for


@never_cache
def home(request: HttpRequest, secret: str) -> HttpResponse:
    """Waiting, or declined with the reason; once accepted, the guest's agenda."""
    asked = registration_behind(secret)
    if asked is not None:
        return private(render(request, "forums/guest_waiting.html", {"forum": asked.forum, "asked": asked}))
    me = guests.guest_behind(secret)
    forum, now, mine = me.forum, timezone.now(), list(guests.meetings_of(me))
    lines = my_agenda.agenda_of(me, mine, at=now)
    agreed = [(line.agreed.due_on, line) for line in lines if line.agreed]
    context = {
        "forum": forum,
        "secret": secret,
        "who": queries.who_are([me.pk])[me.pk],
        "days": my_agenda.by_day(lines, forum.time_zone),
        "taken_off": my_agenda.taken_off(me, mine),
        "place": my_agenda.place_now(lines),
        "agreed": [line for _day, line in sorted(agreed, key=lambda each: each[0])],
        "can_rate": is_time_for(forum, "forums.rate") and now < is_rated_until(forum.ends_at),
        "moves": guests.open_moves(me) if is_time_for(forum, "forums.answer_move") else [],
        "can_answer": is_time_for(forum, "forums.answer_meeting"),
        "proposed": sum(asks for _mine, _state, asks in _said(me).values()),
    }
    return private(render(request, "forums/guest.html", context))


def _lines(me: Delegate) -> list[Line]:
    return my_agenda.agenda_of(me, guests.meetings_of(me), at=timezone.now())


@never_cache
def calendar(_request: HttpRequest, secret: str) -> HttpResponse:
    """The guest's meetings as an iCalendar file, also for a calendar that asks by itself."""
    me = guests.guest_behind(secret)
    return private(calendar_of(me.forum, _lines(me), timezone.now()))


@never_cache
def paper(request: HttpRequest, secret: str) -> HttpResponse:
    """Badge and agenda on one sheet of paper."""
    me = guests.guest_behind(secret)
    return private(paper_of(request, me, _lines(me)))


@never_cache
def floor(request: HttpRequest, secret: str) -> HttpResponse:
    """The tables at which the guest sits today, as a picture."""
    me = guests.guest_behind(secret)
    return private(floor_of_mine(request, me.forum, _lines(me), at=timezone.now()))


@never_cache
def rate(request: HttpRequest, secret: str, meeting_id: UUID) -> HttpResponse:
    """Two taps after a meeting, as for everybody."""
    me = guests.guest_behind(secret)

    def take(**said: Any) -> Rating:
        now = timezone.now()

        def do(forum: Forum, me: Delegate) -> Rating:
            return note_rating(forum, _mine(me, meeting_id), me, at=now, **said)

        return guests.act(secret, "forums.rate", do, at=now)

    return private(rating(request, line_of(_lines(me), meeting_id), me, take, back=_home(secret)))


def _mine(me: Delegate, meeting_id: UUID) -> Meeting:
    return queries.with_delegate(Meeting.objects.filter(pk=meeting_id), me).get()


@never_cache
def people(request: HttpRequest, secret: str) -> HttpResponse:
    """Who comes, those first who ask for a meeting; yes or no to each."""
    me = guests.guest_behind(secret)
    if request.method == "POST":
        other = me.forum.delegates.filter(pk=_key(request.POST.get("other", ""))).first()
        if other is None:
            raise NotFound(Objection("no_such_delegate", _("Nobody like that comes to this forum.")))
        answer = request.POST.get("answer", "")
        _try(request, secret, "forums.answer_meeting", lambda forum, me: note_answer(forum, me, other, answer))
        return private(redirect(reverse("forums:guest_people", args=[secret]) + f"#delegate-{other.pk}"))
    context = {
        "forum": me.forum,
        "secret": secret,
        "people": _people(me),
        "by_rule": me.forum.acceptance == Forum.Acceptance.AUTOMATIC,
        "can_answer": is_time_for(me.forum, "forums.answer_meeting"),
    }
    return private(render(request, "forums/guest_people.html", context))


def _people(me: Delegate) -> list[dict[str, Any]]:
    """Everybody whom the guest may meet, what both said of it, and whether it waits for the guest."""
    said = _said(me)
    rows = [
        {"who": each, "mine": mine, "state": state, "asks": asks}
        for each in queries.others_than(me, queries.names_at(me.forum))
        for mine, state, asks in [said.get(each.id, ("", "", False))]
    ]
    return sorted(rows, key=lambda row: not row["asks"])


def _said(me: Delegate) -> dict[UUID, tuple[str, str, bool]]:
    """By the other delegate: what the guest said, the state of the meeting, and whether it waits for the guest."""
    found = {}
    for each in guests.meetings_of(me):
        mine, theirs = each.first_says, each.second_says
        if each.second_id == me.pk:
            mine, theirs = theirs, mine
        found[my_agenda.other_of(each, me.pk)] = (mine, each.state, theirs in {"yes", "rule"} and not mine)
    return found


@never_cache
def wishes(request: HttpRequest, secret: str) -> HttpResponse:
    """Whom the guest wishes to meet, how many, and when they are away."""
    me = guests.guest_behind(secret)
    actor = Actor(role=me.role, now=timezone.now())
    form = GuestWishes(request.POST or None, actor=actor, subject=me.forum, guest=me)
    if request.method == "POST" and form.is_valid():
        _things, said = form.arguments()
        if _try(request, secret, "forums.wish", lambda forum, me: note_wish(forum, me, **said)):
            return private(redirect(_home(secret)))
    context = {"forum": me.forum, "secret": secret, "form": form, "can_wish": is_time_for(me.forum, "forums.wish")}
    return private(render(request, "forums/guest_wishes.html", context, status=422 if form.errors else 200))


@require_POST
@never_cache
def answer_move(request: HttpRequest, secret: str, move_id: UUID) -> HttpResponse:
    """Yes or no to a change of the guest's own agenda."""
    me, now, answer = guests.guest_behind(secret), timezone.now(), request.POST.get("answer", "")
    move = Move.objects.filter(pk=move_id, delegate=me).first()
    if move is None:
        raise NotFound(Objection("no_such_move", _("There is no such change of your agenda.")))
    _try(
        request, secret, "forums.answer_move", lambda forum, me: note_move(forum, me, move, answer, at=now),
        tells="organizer",
    )  # fmt: skip
    return private(redirect(_home(secret)))


def _try(request: HttpRequest, secret: str, step: str, do: Any, *, tells: str = "") -> bool:
    """Act; what is in the way is told on the next page."""
    try:
        guests.act(secret, step, do, at=timezone.now(), tells=tells)
    except Refused as refusal:
        messages.warning(request, refusal.objection.message)
        return False
    messages.success(request, _("Kept."))
    return True


def _home(secret: str) -> str:
    return reverse("forums:guest", args=[secret])


def _key(text: str) -> UUID:
    """The key that stands there; one that nobody has where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
