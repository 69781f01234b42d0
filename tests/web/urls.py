"""The shell alone, and one address for each outcome."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import timezone

from clearpath.core.outcomes import NotFound, NotYourPart, Objection, Refused


def missing(_request: HttpRequest) -> HttpResponse:
    raise NotFound(Objection("no_such_offer", "There is no such offer."))


def refused(_request: HttpRequest) -> HttpResponse:
    raise Refused(Objection("offer_expired", "This offer has <b>expired</b>."))


def not_yours(request: HttpRequest) -> HttpResponse:
    outcome = NotYourPart(
        Objection("not_your_part", "Only a doctor may say so."),
        step="records.give_opinion",
        rightful="doctor",
        missing=("consent",),
    )
    if "nowhere" not in request.GET:
        outcome.hand_off_url = "/hand-off/7"
    raise outcome


def broken(_request: HttpRequest) -> HttpResponse:
    raise ValueError("a bug")


def zone(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(timezone.get_current_timezone_name())


urlpatterns = [
    path("", include("clearpath.web.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.account.urls")),
    path("missing", missing),
    path("refused", refused),
    path("not-yours", not_yours),
    path("broken", broken),
    path("zone", zone),
]
