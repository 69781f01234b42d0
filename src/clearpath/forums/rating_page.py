"""Two taps after a meeting: was it worth it, is there a next step. What is said stays with who says it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from clearpath.core.outcomes import NotFound, NotYourPart, Objection, Refused
from clearpath.forums import during_steps, my_agenda, queries
from clearpath.forums.models import Forum, Rating
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
    line = next((each for each in my_agenda.lines_for(request.actor, forum) if each.meeting_id == meeting_id), None)
    if line is None:
        raise NotFound(NO_MEETING)
    if request.method != "POST":
        form = Said(initial=_said_before(request, forum, meeting_id) | request.GET.dict())
        return render(request, "forums/rate.html", {"forum": forum, "line": line, "form": form})
    form = Said(request.POST)
    if form.is_valid() and _is_taken(request, forum, meeting_id, form):
        messages.success(request, _("Kept, for you alone. What both of you want becomes known to both."))
        return redirect(reverse("forums:agenda", args=[forum.pk]) + f"#meeting-{meeting_id}")
    return render(request, "forums/rate.html", {"forum": forum, "line": line, "form": form}, status=422)


def _said_before(request: PageRequest, forum: Forum, meeting_id: UUID) -> dict[str, Any]:
    me = my_agenda.my_delegate(request.actor, forum)
    said = Rating.objects.filter(meeting_id=meeting_id, delegate=me).first()
    if said is None:
        return {}
    kept = {"what": said.what, "due_on": said.due_on, "shares_contact": said.shares_contact}
    return kept | {"worth_it": "yes" if said.worth_it else "no"}


def _is_taken(request: PageRequest, forum: Forum, meeting_id: UUID, form: Said) -> bool:
    """Take the step; what is in the way is told in the form."""
    given = form.cleaned_data
    meeting = next(each for each in queries.meetings_of(request.actor, forum.pk) if each.pk == meeting_id)
    is_dated = given["next_step"] == Rating.Next.DATED
    try:
        during_steps.rate(
            forum,
            meeting,
            worth_it=given["worth_it"] == "yes",
            next_step=given["next_step"],
            what=given["what"] if is_dated else "",
            due_on=given["due_on"] if is_dated else None,
            shares_contact=given["shares_contact"],
            by=request.actor,
        )
    except NotYourPart:
        raise
    except Refused as refusal:
        form.add_error(None, refusal.objection.message)
        return False
    return True
