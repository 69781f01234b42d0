"""The page on which anybody asks to come to a forum, while the organizer lets them."""

import secrets
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from clearpath.core.outcomes import Objection, Refused
from clearpath.forums import registration
from clearpath.forums.models import Forum
from clearpath.forums.registration_forms import Come
from clearpath.forums.told_once import new_secret
from clearpath.parties.queries import names_of
from clearpath.records.address import root_of

SALT = "clearpath forum registration 1"
STATUS = {"registration_ended": 410, "forum_is_full": 200}  # the others: later it works again


@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def come(request: HttpRequest, forum_id: UUID) -> HttpResponse:
    """Ask to come. A forum whose page was never opened is unknown here, like one that does not exist."""
    now = timezone.now()
    forum = Forum.objects.filter(pk=forum_id).exclude(registration_page=None).first()
    if forum is None:
        return private(render(request, "forums/registration_closed.html", {}, status=404))
    objection = registration.why_not_ask(forum, at=now)
    if objection is not None:
        return _closed(request, forum, objection)
    if request.method != "POST":
        return _page(request, forum, Come(forum=forum))
    form = Come(request.POST, forum=forum)
    if not form.is_valid():
        return _page(request, forum, form, status=422)
    secret = new_secret()
    if not form.cleaned_data["website"]:  # a program gets the same answer, and nothing is kept
        try:
            registration.ask_to_come(forum, form.cells, secret=secret, key=_key(request), at=now)
        except Refused as refusal:
            return _closed(request, forum, refusal.objection)
    address = root_of(request) + reverse("forums:guest", args=[secret])
    return private(render(request, "forums/registration_sent.html", {"forum": forum, "address": address}))


def private(response: HttpResponse) -> HttpResponse:
    """Neither found by search engines nor told to other sites by the browser."""
    response["Referrer-Policy"] = "same-origin"  # with no-referrer browsers hide the origin, and no form is taken
    response["X-Robots-Tag"] = "noindex"
    return response


def _closed(request: HttpRequest, forum: Forum, says: Objection) -> HttpResponse:
    status = STATUS.get(says.code, 503)
    return private(render(request, "forums/registration_closed.html", {"forum": forum, "says": says}, status=status))


def _page(request: HttpRequest, forum: Forum, form: Come, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "forum": forum,
        "form": form,
        "organizer": names_of([forum.organizer_id])[forum.organizer_id],
        "kept_days": registration.KEPT_FOR.days,
        "stamp": form.data.get("stamp") or signing.dumps(secrets.token_urlsafe(12), salt=SALT),
    }
    return private(render(request, "forums/registration.html", context, status=status))


def _key(request: HttpRequest) -> str:
    """Of the form as it was shown, so that sent twice it is taken once; of a form that was never shown, a new one."""
    try:
        return f"shown {signing.loads(request.POST.get('stamp', ''), salt=SALT)}"
    except signing.BadSignature:
        return f"sent {secrets.token_urlsafe(12)}"
