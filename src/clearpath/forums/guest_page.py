"""The own pages of somebody who asked to come, by their secret address: what the organizer answered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from clearpath.core.outcomes import NotFound, Objection
from clearpath.forums.models import GuestLink
from clearpath.forums.registration import registration_behind
from clearpath.forums.registration_page import private
from clearpath.forums.told_once import digest_of

NO_PAGE = Objection("no_such_page", _("This address has ended. Ask the organizer of the forum for a new one."))


@never_cache
def home(request: HttpRequest, secret: str) -> HttpResponse:
    """Waiting, declined with the reason, or accepted. An address that ended and one that never was look alike."""
    asked = registration_behind(secret)
    link = GuestLink.objects.filter(digest=digest_of(secret)).select_related("delegate__forum").first()
    if asked is None and link is None:
        raise NotFound(NO_PAGE)
    context = {"forum": asked.forum if asked else link.delegate.forum, "asked": asked}  # type: ignore[union-attr]
    return private(render(request, "forums/guest_waiting.html", context))
