"""What is asked when a guest gets pages, and of a guest on them."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from clearpath.forums.forms import choose
from clearpath.forums.models import Delegate, Forum
from clearpath.forums.wish_form import Wishes
from clearpath.turns.forms import StepForm, form_for
from clearpath.turns.sight import visible


@form_for("forums.give_link")
class GiveLink(StepForm):
    """Which guest."""

    intro = _(
        "They get an address of their own: agenda, calendar, whom to meet, and ratings, without an account. It is "
        "shown to you this once. Whoever has it acts as this guest; an older address ends."
    )
    delegate = forms.ChoiceField(label=_("Guest"))

    def prepare(self) -> None:
        choose(self, "delegate", [(each.pk, named(each)) for each in guests_of(self)])

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        self.guest = visible(Delegate, to=self.actor).get(pk=self.cleaned_data["delegate"])
        return [self.guest], {}

    def when_done(self, secret: str) -> str:
        return told_once(self.guest, settings.LINK_URL.rstrip("/") + reverse("forums:guest", args=[secret]))


def told_once(guest: Delegate, address: str) -> str:
    """What the organizer reads when a guest has got an address."""
    return _now("The address of %(name)s, shown this once: %(address)s") % {"name": named(guest), "address": address}


def guests_of(form: StepForm) -> list[Delegate]:
    """The guests of a forum, as the organizer sees them."""
    found = visible(Delegate, to=form.actor).filter(forum_id=cast(Forum, form.subject).pk, organisation=None)
    return list(found.order_by("guest_organisation", "pk"))


def named(guest: Delegate) -> str:
    """A guest in a list."""
    return f"{guest.guest_organisation} · {guest.guest_name or guest.guest_email}"


class GuestWishes(Wishes):
    """The same wishes, for a guest."""

    def __init__(self, *args: Any, guest: Delegate, **details: Any) -> None:
        self.guest = guest
        super().__init__(*args, **details)

    def whose(self, forum: Forum) -> Delegate | None:  # noqa: ARG002
        return self.guest
