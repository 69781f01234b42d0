"""Two taps after a meeting: was it worth it, is there a next step. What is said stays with who says it."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from clearpath.core.outcomes import NotFound, NotYourPart, Objection, Refused
from clearpath.forums import during_steps, my_agenda, queries
from clearpath.forums.models import Delegate, Rating
from clearpath.forums.my_agenda import Line
from clearpath.turns.forms import day
from clearpath.web.request import PageRequest

NO_MEETING = Objection("no_such_meeting", gettext_lazy("There is no such meeting in your agenda."))


class Said(forms.Form):
    """The two answers; what and when are asked for a next step by a day alone."""

    worth_it = forms.ChoiceField(
        label=gettext_lazy("Was it worth it?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
    )
    shares_contact = forms.BooleanField(
        label=gettext_lazy("They may have my name and e-mail, if I may have theirs"), required=False
    )
    what = forms.CharField(label=gettext_lazy("What is the next step?"), max_length=200, required=False)
    due_on = day(gettext_lazy("By which day?"), required=False)
    next_step = forms.ChoiceField(choices=Rating.Next.choices, widget=forms.HiddenInput)


@login_required
@never_cache
def rate(request: PageRequest, forum_id: UUID, meeting_id: UUID) -> HttpResponse:
    """The first tap was on the agenda; the second is one of three buttons here."""
    forum = queries.forum_for(request.actor, forum_id)
    me = my_agenda.my_delegate(request.actor, forum)
    line = line_of(my_agenda.lines_for(request.actor, forum), meeting_id)

    def take(**said: Any) -> Rating:
        meeting = next(each for each in queries.meetings_of(request.actor, forum.pk) if each.pk == meeting_id)
        return during_steps.rate(forum, meeting, by=request.actor, **said)

    return rating(request, line, me, take, back=reverse("forums:agenda", args=[forum.pk]))


def line_of(lines: Iterable[Line], meeting_id: UUID) -> Line:
    """One meeting of an agenda. Raises NotFound."""
    found = next((each for each in lines if each.meeting_id == meeting_id), None)
    if found is None:
        raise NotFound(NO_MEETING)
    return found


def rating(request: HttpRequest, line: Line, me: Delegate, take: Callable[..., Rating], *, back: str) -> HttpResponse:
    """The page of two answers on one meeting, and what happens when they are sent. `back`: the agenda's address."""
    context: dict[str, Any] = {"line": line, "back": back}
    if request.method != "POST":
        form = Said(initial=_said_before(me, line.meeting_id) | request.GET.dict())
        return render(request, "forums/rate.html", context | {"form": form})
    form = Said(request.POST)
    if form.is_valid() and _is_taken(take, form):
        messages.success(request, _("Kept, for you alone. What both of you want becomes known to both."))
        return redirect(f"{back}#meeting-{line.meeting_id}")
    return render(request, "forums/rate.html", context | {"form": form}, status=422)


def _said_before(me: Delegate, meeting_id: UUID) -> dict[str, Any]:
    said = Rating.objects.filter(meeting_id=meeting_id, delegate=me).first()
    if said is None:
        return {}
    kept = {"what": said.what, "due_on": said.due_on, "shares_contact": said.shares_contact}
    return kept | {"worth_it": "yes" if said.worth_it else "no"}


def _is_taken(take: Callable[..., Rating], form: Said) -> bool:
    """Take it; what is in the way is told in the form."""
    given = form.cleaned_data
    is_dated = given["next_step"] == Rating.Next.DATED
    try:
        take(
            worth_it=given["worth_it"] == "yes",
            next_step=given["next_step"],
            what=given["what"] if is_dated else "",
            due_on=given["due_on"] if is_dated else None,
            shares_contact=given["shares_contact"],
        )
    except NotYourPart:
        raise
    except Refused as refusal:
        form.add_error(None, refusal.objection.message)
        return False
    return True
