"""The charter for everybody, signed in or not: the version in force, and every one that was."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import NotFound, Objection
from clearpath.stewardship import duties, queries
from clearpath.turns import charters

NO_SUCH_VERSION = Objection("no_such_charter", _("There is no such version of the charter."))


def charter(request: HttpRequest, version: str = "") -> HttpResponse:
    """Who does what, who sees what, and what can never happen, under one version."""
    in_force = charters.in_force()
    known = queries.versions()
    if version and version != in_force and version not in {each.version for each in known}:
        raise NotFound(NO_SUCH_VERSION)
    shown = charters.charter(version or in_force)
    context = {
        "charter": shown,
        "is_in_force": shown.version == in_force,
        "enacted_at": next((each.enacted_at for each in known if each.version == shown.version), None),
        "roles": duties.roles_of(shown),
        "promises": duties.promises_of(shown),
        "parts": duties.parts_of(shown),
        "sights": duties.sights_of(shown),
        "apart": duties.apart_in(shown),
        "duties": duties.DUTIES,
        "sight_words": duties.SIGHTS,
        "versions": known,
    }
    return render(request, "stewardship/charter.html", context)


def charter_text(_request: HttpRequest, version: str) -> HttpResponse:
    """The file itself, as the network keeps it."""
    if version not in {each.version for each in queries.versions()}:
        raise NotFound(NO_SUCH_VERSION)
    response = HttpResponse(queries.source_of(version) or "", content_type="text/plain; charset=utf-8")
    response["X-Content-Type-Options"] = "nosniff"
    return response
