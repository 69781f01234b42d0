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
    def role(self) -> str:
        """The role of `request.actor`, set by the parties' middleware; empty when nobody is signed in."""
        return getattr(getattr(self.request, "actor", None), "role", "")

    @property
    def role_words(self) -> RoleWords:
        return role_words(self.role)

    @cached_property
    def signed_in(self) -> bool:
        user = getattr(self.request, "user", None)
        return bool(user is not None and user.is_authenticated)

    @property
    def name(self) -> str:
        user = getattr(self.request, "user", None)
        return str(getattr(user, "name", "") or user) if self.signed_in else ""

    @property
    def organisation(self) -> str:
        """`request.acting_for`: for which organisation the reader acts, by name; set beside the actor."""
        return getattr(self.request, "acting_for", "")

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
