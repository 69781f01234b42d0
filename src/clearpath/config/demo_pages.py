"""Sign-in, and in demo mode alone one click to be any persona of the invented network."""

from typing import cast

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth import login as sign_in_as
from django.contrib.auth import logout as sign_out
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from clearpath.parties.hats import invented_person, personas_and_hats
from clearpath.parties.middleware import SESSION_KEY
from clearpath.web.parts import Persona


def personas() -> list[Persona]:
    """Somebody for each role, and more of each; empty outside demo mode."""
    if not settings.DEMO:
        return []
    url = reverse("demo_sign_in")
    return [
        Persona(url, person.name, hat.role, hat.organisation, said_about(person.persona_about), str(person.pk))
        for person, hat in personas_and_hats()
    ]


def said_about(about: str) -> str:
    """What a persona is, in the reader's language; as it stands in the demo network if nobody translated it."""
    return gettext(about) if about else ""


class Login(LoginView):  # type: ignore[misc]
    """The door, with the personas when this is the demo network."""

    template_name = "web/door.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """In the demo somebody signed in may come back to the door to be somebody else."""
        if settings.DEMO and request.method == "GET" and "switch" in request.GET:
            sign_out(request)
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return {**super().get_context_data(**kwargs), "personas": personas()}


login = Login.as_view()


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Be a persona. Only in demo mode, and only an invented person."""
    if not settings.DEMO:
        raise Http404
    person = invented_person(request.POST.get("persona", ""))
    if person is None:
        raise Http404
    sign_in_as(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
    request.session.pop(SESSION_KEY, None)
    return redirect("home")
