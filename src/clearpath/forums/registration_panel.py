"""Who asked to come by the public page, and who comes as a guest: for the organizer."""

from typing import cast

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.forums import registration
from clearpath.forums.models import Delegate, Forum, GuestLink, Registration, RegistrationPage
from clearpath.forums.registration import Said
from clearpath.turns.charters import is_time_for
from clearpath.turns.panels import Panel, beside, panel
from clearpath.turns.sight import HIDDEN, shown, visible
from clearpath.turns.subject import Subject

beside("forums.accept_registration", "registrations")
beside("forums.decline_registration", "registrations")


@panel("forum", order=28)
def registrations(actor: Actor, subject: Subject) -> Panel | None:
    """The page's address and state, and who waits for an answer."""
    forum = cast(Forum, subject)
    if not _runs(actor, forum):
        return None
    page = visible(RegistrationPage, to=actor).filter(forum=forum).first()
    if page is None:
        return None
    context = {
        "forum": forum,
        "says": registration.why_not_ask(forum, at=actor.now),
        "waiting": said_to(actor, forum),
        "can_answer": registration.can_answer(forum),
    }
    return Panel(_("Who asks to come"), "forums/_registrations.html", context, "user-plus", "registrations")


@panel("forum", order=29)
def guests(actor: Actor, subject: Subject) -> Panel | None:
    """Who comes without an account, and whether they have pages of their own."""
    forum = cast(Forum, subject)
    if not _runs(actor, forum):
        return None
    found = visible(Delegate, to=actor).filter(forum=forum, organisation=None).order_by("guest_organisation", "pk")
    linked = set(GuestLink.objects.filter(delegate__forum=forum).values_list("delegate_id", flat=True))
    rows = [{"delegate": shown(each, to=actor), "has_link": each.pk in linked} for each in found]
    if not rows:
        return None
    context = {"forum": forum, "rows": rows, "can_give": is_time_for(forum, "forums.give_link")}
    return Panel(_("Guests"), "forums/_guests.html", context, "user", "guests")


def _runs(actor: Actor, forum: Forum) -> bool:
    is_organizers = actor.role == "organizer" and actor.organisation_id == forum.organizer_id
    return is_organizers and not shown(forum, to=actor).hidden


def said_to(actor: Actor, forum: Forum) -> list[Said]:
    """What those who wait wrote, the first one first."""
    found = visible(Registration, to=actor).filter(forum=forum, declined_at=None).order_by("pk")
    return [
        Said(row.pk, row.sent_at, registration.said_in(row)) for row in found if shown(row, to=actor).said is not HIDDEN
    ]
