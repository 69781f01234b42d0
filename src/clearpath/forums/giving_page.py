"""Where the organizer gives a guest their pages: the address is shown once, and mailed."""

import logging
from smtplib import SMTPException
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.mail import send_mail
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clearpath.core.outcomes import NotFound, Objection
from clearpath.forums import queries, steps
from clearpath.forums.guest_forms import told_once
from clearpath.forums.models import Delegate, Forum
from clearpath.records.address import root_of
from clearpath.turns.sight import visible
from clearpath.web.request import PageRequest

logger = logging.getLogger(__name__)


@require_POST
@login_required
def give_link(request: PageRequest, forum_id: UUID, delegate_id: UUID) -> HttpResponse:
    """A new address for this guest; the old one ends."""
    forum = queries.forum_for(request.actor, forum_id)
    guest = visible(Delegate, to=request.actor).filter(forum=forum, pk=delegate_id).first()
    if guest is None:
        raise NotFound(Objection("no_such_delegate", _("Nobody like that comes to this forum.")))
    secret = steps.give_link(forum, guest, by=request.actor)
    address = root_of(request) + reverse("forums:guest", args=[secret])
    is_mailed = _is_mailed(forum, guest, address)
    mailed = _("It was mailed to them.") if is_mailed else _("It could not be mailed. Pass it on yourself.")
    messages.success(request, f"{told_once(guest, address)} {mailed}")
    return redirect(reverse("turns:subject", args=["forum", forum.pk]))


def _is_mailed(forum: Forum, guest: Delegate, address: str) -> bool:
    if not guest.guest_email:
        return False
    text = _("Your agenda for %(forum)s stands at this address. It is yours alone: whoever has it acts as you.")
    body = f"{text % {'forum': forum.name}}\n\n{address}\n"
    try:
        return bool(send_mail(" ".join(forum.name.split()), body, None, [str(guest.guest_email)]))
    except (SMTPException, OSError):
        logger.warning("The address of a guest could not be mailed.", exc_info=True)
        return False
