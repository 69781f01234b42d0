"""Mail to guests whose agenda a repair changed: they have no notices, and only they know the address of their page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from clearpath import jobs
from clearpath.forums import my_agenda, queries
from clearpath.forums.models import Delegate, Meeting, Plan


def tell_guests(plan: Plan, changed: Iterable[Meeting]) -> None:
    """Queue a mail to each guest with an address who has one of these meetings."""
    theirs: dict[UUID, list[str]] = defaultdict(list)
    for meeting in changed:
        for key in (meeting.first_id, meeting.second_id):
            theirs[key].append(str(meeting.pk))
    for guest in Delegate.objects.filter(pk__in=theirs, organisation=None).order_by("pk"):
        if guest.guest_email:
            said = {"plan": str(plan.pk), "guest": str(guest.pk), "meetings": theirs[guest.pk]}
            words = {"language": translation.get_language() or ""}
            jobs.later("forums.mail_change", said | words, key=f"forum repair {plan.pk} {guest.pk}")


def mail_change(payload: Mapping[str, Any]) -> None:
    """Send one of them: which meetings changed to what, and why."""
    plan = Plan.objects.select_related("forum").get(pk=UUID(payload["plan"]))
    guest = Delegate.objects.filter(pk=UUID(payload["guest"])).first()
    if guest is None or not guest.guest_email:
        return
    forum = plan.forum
    with translation.override(payload["language"] or None):
        says = _("Your agenda for %(forum)s has changed. Your page shows it.") % {"forum": forum.name}
        lines = [f"- {line}" for line in _lines(guest, payload["meetings"])]
        body = "\n".join([says, "", plan.asks["reason"], "", *lines, ""])
        send_mail(" ".join(forum.name.split()), body, None, [str(guest.guest_email)])


def _lines(guest: Delegate, keys: Iterable[str]) -> Iterable[str]:
    found = Meeting.objects.filter(pk__in=list(keys)).select_related("hall").order_by("begins_at", "pk")
    names = queries.who_are(my_agenda.other_of(each, guest.pk) for each in found)
    zone = ZoneInfo(guest.forum.time_zone)
    for each in found:
        other = names[my_agenda.other_of(each, guest.pk)].organisation
        if each.begins_at is None or each.hall is None or each.table is None:
            yield f"{other}: {_('It does not take place')}"
        else:
            time = f"{each.begins_at.astimezone(zone):%Y-%m-%d %H:%M}"
            yield f"{other}: {time} · {my_agenda.place_of(each.hall, each.table)}"
