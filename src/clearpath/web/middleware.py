"""Turns the foreseen outcomes into pages, so that no page needs a `try`."""

import zoneinfo
from collections.abc import Callable
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from clearpath.core.outcomes import NotFound, NotYourPart, Outcome

ZONE_COOKIE = "clearpath_zone"  # set by clearpath.js from the reader's device


class OutcomeMiddleware:
    """NotFound is 404, NotYourPart a friendly card with 403, Refused the same with 409.

    For htmx the card alone is sent, aimed at #notice. Also tells times in the reader's zone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(zone_of(request)):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer_to(request, exception) if isinstance(exception, Outcome) else None


def zone_of(request: HttpRequest) -> zoneinfo.ZoneInfo | None:
    """Where the reader's device is, failing that their own setting; None is the network's zone."""
    device = _zone(request.COOKIES.get(ZONE_COOKIE, ""))
    return device or _zone(getattr(getattr(request, "user", None), "time_zone", ""))


def _zone(name: str) -> zoneinfo.ZoneInfo | None:
    return zoneinfo.ZoneInfo(name) if name in _zone_names() else None


@cache
def _zone_names() -> frozenset[str]:
    """Asked of the file system once: it takes a tenth of a second."""
    return frozenset(zoneinfo.available_timezones())


def answer_to(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    """`outcome.hand_off_url`, where the step set one, makes the hand-off button."""
    status = 404 if isinstance(outcome, NotFound) else 403 if isinstance(outcome, NotYourPart) else 409
    context = {"outcome": outcome, "status": status, **card_of(outcome)}
    if not getattr(request, "htmx", False):
        return render(request, "404.html" if status == 404 else "web/refusal.html", context, status=status)
    response = render(request, "web/_refusal.html", context, status=status)
    response["HX-Retarget"] = "#notice"
    response["HX-Reswap"] = "innerHTML"
    return response


def card_of(outcome: Outcome) -> dict[str, object]:
    """What the refusal card shows, whatever kind of refusal it is."""
    return {
        "message": outcome.objection.message,
        "rightful": getattr(outcome, "rightful", ""),
        "missing": tuple(getattr(outcome, "missing", ())),
        "step": getattr(outcome, "step", ""),
        "hand_off_url": getattr(outcome, "hand_off_url", ""),
    }
