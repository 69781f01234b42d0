"""Where the organizer gives guests their pages: an address is mailed, or shown or handed out as a file, once."""

import csv
import logging
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.mail import get_connection, send_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from clearpath.core.outcomes import NotFound, Objection
from clearpath.forums import queries, steps
from clearpath.forums.guest_forms import told_once
from clearpath.forums.models import Delegate, Forum
from clearpath.offers.directory.cells import harmless
from clearpath.records.address import root_of
from clearpath.turns.pages import as_card
from clearpath.turns.sight import visible
from clearpath.turns.step import check
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
    address = _given(request, forum, guest)
    is_mailed = _is_mailed(forum, guest, address, _post())
    mailed = _("It was mailed to them.") if is_mailed else _("It could not be mailed. Pass it on yourself.")
    messages.success(request, f"{told_once(guest, address)} {mailed}")
    return redirect(reverse("turns:subject", args=["forum", forum.pk]))


@require_POST
@login_required
@never_cache
def give_links(request: PageRequest, forum_id: UUID) -> HttpResponse:
    """An address for every guest who has none: by mail, and as a file for those whom no mail reached."""
    forum = queries.forum_for(request.actor, forum_id)
    with as_card(forum, request.actor):
        check("forums.give_link", forum, by=request.actor)
    found = visible(Delegate, to=request.actor).filter(forum=forum, organisation=None, guest_link=None)
    post, mailed, to_pass_on = _post(), 0, []
    for guest in found.order_by("guest_organisation", "pk"):
        address = _given(request, forum, guest)
        if _is_mailed(forum, guest, address, post):
            mailed += 1
        else:
            to_pass_on.append((guest, address))
    if mailed:
        says = ngettext("%(n)d address was mailed.", "%(n)d addresses were mailed.", mailed)
        messages.success(request, says % {"n": mailed})
    return _file_of(to_pass_on) if to_pass_on else redirect(reverse("turns:subject", args=["forum", forum.pk]))


def _file_of(addresses: list[tuple[Delegate, str]]) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")  # by the mark Excel knows the letters
    response["Content-Disposition"] = 'attachment; filename="addresses.csv"'
    writer = csv.writer(response)
    writer.writerow(["name", "organisation", "email", "address"])
    for guest, address in addresses:
        who = [guest.guest_name, guest.guest_organisation, guest.guest_email]
        writer.writerow([*(harmless(str(each)) for each in who), address])
    return response


def _given(request: PageRequest, forum: Forum, guest: Delegate) -> str:
    return root_of(request) + reverse("forums:guest", args=[steps.give_link(forum, guest, by=request.actor)])


def _post() -> BaseEmailBackend | None:
    """The way to the mail server, open for all that is sent; none where there is no server or it does not answer."""
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):  # no server is set up
        return None
    post: BaseEmailBackend = get_connection()
    try:
        post.open()
    except (SMTPException, OSError):
        logger.warning("The mail server does not answer.", exc_info=True)
        return None
    return post


def _is_mailed(forum: Forum, guest: Delegate, address: str, post: BaseEmailBackend | None) -> bool:
    if post is None or not guest.guest_email:
        return False
    text = _("Your agenda for %(forum)s stands at this address. It is yours alone: whoever has it acts as you.")
    body = f"{text % {'forum': forum.name}}\n\n{address}\n"
    title = " ".join(forum.name.split())
    try:
        return bool(send_mail(title, body, None, [str(guest.guest_email)], connection=post))
    except (SMTPException, OSError):
        logger.warning("The address of a guest could not be mailed.", exc_info=True)
        return False
