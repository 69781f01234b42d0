"""What the shell around every page knows."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_info

from clearpath.web import navigation
from clearpath.web.navigation import Link
from clearpath.web.roles import RoleWords, role_words

PHONE_TABS = 4


class Shell:
    """Computed only where a template asks, so that a partial for htmx pays nothing for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.demo = bool(getattr(settings, "DEMO", False))

    @cached_property
    def signed_in(self) -> bool:
        user = getattr(self.request, "user", None)
        return bool(user is not None and user.is_authenticated)

    @cached_property
    def hat(self) -> Any:
        """In which role the reader acts, as the parties' middleware put it on the request; None for nobody."""
        return getattr(self.request, "hat", None) if self.signed_in else None

    @property
    def hats(self) -> list[Any]:
        """What the reader could choose instead, when there is a choice and a page to make it."""
        others = [hat for hat in getattr(self.request, "hats", ()) if hat.key != self.hat.key] if self.hat else []
        return others if self.switch_url else []

    @cached_property
    def switch_url(self) -> str:
        return navigation.switch_url()

    @cached_property
    def role(self) -> str:
        return getattr(self.hat, "role", "")

    @property
    def role_words(self) -> RoleWords:
        return role_words(self.role)

    @property
    def name(self) -> str:
        user = getattr(self.request, "user", None)
        return str(getattr(user, "name", "") or user) if self.signed_in else ""

    @property
    def acting_for(self) -> str:
        """The organisation, or the patient who appointed the reader."""
        return getattr(self.hat, "organisation", "") or getattr(self.hat, "for_person", "")

    @cached_property
    def places(self) -> list[Link]:
        return navigation.places_for(self.role, self.request) if self.signed_in else []

    @property
    def tabs(self) -> list[Link]:
        """Places along the foot of a phone; one more than fits is still better than a menu of one."""
        return self.places if len(self.places) <= PHONE_TABS + 1 else self.places[:PHONE_TABS]

    @property
    def more(self) -> list[Link]:
        return self.places[len(self.tabs) :]

    @cached_property
    def menu(self) -> list[Link]:
        return navigation.menu_for(self.request) if self.signed_in else []

    @cached_property
    def bell(self) -> Link | None:
        return navigation.bell_for(self.request) if self.signed_in else None

    @property
    def languages(self) -> list[dict[str, Any]]:
        return [dict(get_language_info(code)) for code, _name in settings.LANGUAGES]

    @property
    def here(self) -> str:
        """Where to come back to; the address of a form's answer cannot be asked for again."""
        return self.request.get_full_path() if self.request.method in {"GET", "HEAD"} else "/"


def shell(request: HttpRequest) -> dict[str, Shell]:
    return {"shell": Shell(request)}
