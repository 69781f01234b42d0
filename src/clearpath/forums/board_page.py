"""The organizer's pages while a forum runs: a scanned badge, and the live board."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from clearpath.forums import badges, board, during_steps, my_agenda, queries
from clearpath.forums.models import Meeting
from clearpath.turns.pages import as_card
from clearpath.turns.sight import visible
from clearpath.web.request import PageRequest


@login_required
@never_cache
def badge(request: PageRequest, code: str) -> HttpResponse:
    """What opens when the organizer scans a badge: whose it is, where they go next, and the button to check in."""
    delegate = badges.delegate_with(request.actor, code)
    forum = delegate.forum
    if request.method == "POST":
        with as_card(forum, request.actor):
            during_steps.check_in(forum, delegate, by=request.actor)
        messages.success(request, _("Checked in."))
        return redirect("forums:badge", code)
    who = queries.who_are([delegate.pk])[delegate.pk]
    theirs = queries.with_delegate(visible(Meeting, to=request.actor).filter(forum=forum), delegate)
    lines = my_agenda.lines_of(delegate, theirs, at=request.actor.now)
    context = {
        "forum": forum,
        "who": who,
        "is_here": board.is_here(delegate, request.actor.now),
        "lines": [line for line in lines if line.time in {"now", "next"}],
    }
    return render(request, "forums/badge.html", context)


@login_required
@never_cache
def board_now(request: PageRequest, forum_id: UUID) -> HttpResponse:
    """Who is where now; it asks for itself anew every half minute."""
    forum = queries.forum_for(request.actor, forum_id)
    template = "forums/_board.html" if request.htmx else "forums/board.html"
    return render(request, template, {"forum": forum, "board": board.board_for(request.actor, forum)})
