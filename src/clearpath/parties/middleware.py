"""Who is acting in this request: built once, here, so that nothing below reads the clock or the session."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from clearpath.charter.actor import Actor
from clearpath.parties.hats import Hat, actor_of, hats_of
from clearpath.parties.models import Person
from clearpath.web.request import PageRequest

SESSION_KEY = "hat"


class HatRequest(PageRequest):
    """`hat`: the role chosen; `hats`: those that could be chosen."""

    hat: Hat
    hats: list[Hat]


class ActorMiddleware:
    """Puts `actor`, `hat` and `hats` on the request; they are looked up when first used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page = cast(HatRequest, request)
        page.hats = cast(list[Hat], SimpleLazyObject(lambda: _hats(request)))
        page.hat = cast(Hat, SimpleLazyObject(lambda: _chosen(page)))
        page.actor = cast(Actor, SimpleLazyObject(lambda: _actor(page)))
        return self.get_response(request)


def _hats(request: HttpRequest) -> list[Hat]:
    return hats_of(request.user) if isinstance(request.user, Person) else []


def _chosen(request: HatRequest) -> Hat:
    wanted = request.session.get(SESSION_KEY)
    return next((hat for hat in request.hats if hat.key == wanted), request.hats[0])


def _actor(request: HatRequest) -> Actor:
    assert isinstance(request.user, Person), "only somebody who signed in acts"  # noqa: S101
    return actor_of(request.user, request.hat, now=timezone.now())
