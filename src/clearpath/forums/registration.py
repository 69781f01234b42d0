"""Asking to come to a forum by its public page: what is kept of it, while it is open, and for how long.

Who writes here is nobody on the network, so none of it is a step (decision 26): it is noted in the forum's log and
binds nobody. The organizer accepts or declines it, and that is one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Objection, refuse_if
from clearpath.core.sheets import Line, Sheet
from clearpath.forums import queries
from clearpath.forums.delegate_files import Judged
from clearpath.forums.delegate_forms import judged_of
from clearpath.forums.models import Forum, Registration
from clearpath.forums.told_once import digest_of
from clearpath.forums.trades import trades_of
from clearpath.trust import log
from clearpath.turns import charters
from clearpath.turns.follow import tell
from clearpath.turns.subject import Subject

COLUMNS = ("organisation", "trade", "person", "email", "offers", "wants", "languages", "countries")
KEPT_FOR = timedelta(days=30)  # after it was declined, or after the forum for who never got an answer
BURST, WITHIN = 20, timedelta(minutes=1)  # people who send the form of one forum
MOST_WAITING = 2_000
ASKED = "forums.ask_to_come"  # no step, but named like one in the log


@dataclass(frozen=True, slots=True)
class Said:
    """One registration as the organizer reads it."""

    id: UUID
    sent_at: datetime
    cells: Mapping[str, str]
    declined_because: str = ""


def why_not_ask(forum: Forum, *, at: datetime) -> Objection | None:
    """Whether its page takes nobody now."""
    page = getattr(forum, "registration_page", None)
    if page is None or page.ended_at is not None or not can_answer(forum) or at >= forum.ends_at:
        return Objection("registration_ended", _("Registration for this forum is closed."))
    if not free_trades(forum):
        return Objection("forum_is_full", _("This forum is full: every place is taken."))
    waiting = Registration.objects.filter(forum=forum, declined_at=None)
    if waiting.count() >= MOST_WAITING:
        return Objection("too_many_wait", _("Very many wait for an answer. Come back in some days."))
    if waiting.filter(sent_at__gt=at - WITHIN).count() >= BURST:
        return Objection("too_many_at_once", _("Many people register at this moment. Try again in a minute."))
    return None


def can_answer(forum: Forum) -> bool:
    """Whether the organizer can still say yes to who asks."""
    return charters.is_time_for(forum, "forums.accept_registration")


def free_trades(forum: Forum) -> list[str]:
    """The trades that still have a place."""
    return [trade for trade in trades_of(forum) if not queries.is_full(forum, trade)]


def judged(forum: Forum, cells: Mapping[str, str]) -> Judged:
    """The same checks as for a line of the organizer's file."""
    return judged_of(forum, Sheet(tuple(cells), [Line(1, dict(cells))]))


def ask_to_come(forum: Forum, cells: Mapping[str, str], *, secret: str, key: str, at: datetime) -> None:
    """Keep what somebody wrote, for the organizer; the same form sent twice is kept once.

    Whether somebody with this address is there already is not looked at, so that nobody learns it.
    Refused: what `why_not_ask` says.
    """
    with transaction.atomic():
        locked = Subject.objects.select_for_update().filter(pk=forum.pk).values_list("charter", flat=True).get()
        if Registration.objects.filter(sent_key=digest_of(key)).exists():
            return
        refuse_if(why_not_ask(forum, at=at))
        others_wait = Registration.objects.filter(forum=forum, declined_at=None).exists()
        found = Registration.objects.create(
            forum=forum,
            trade=cells["trade"],
            said=json.dumps(dict(cells), ensure_ascii=False),
            digest=digest_of(secret),
            sent_key=digest_of(key),
            sent_at=at,
        )
        by = Actor(role=cells["trade"], now=at)
        log.append(chain=forum.pk, by=by, step=ASKED, decision="done", charter=locked, about=log.about(found))
        if not others_wait:  # else the organizer was told, and has not looked yet
            tell(forum.pk, {"organizer"}, ASKED, at)


def said_in(registration: Registration) -> dict[str, str]:
    """What stands in it, by column."""
    found: dict[str, str] = json.loads(str(registration.said))
    return found


def registration_behind(secret: str) -> Registration | None:
    """Whose own address it is; None for all others."""
    return Registration.objects.filter(digest=digest_of(secret)).select_related("forum").first()


def forget(*, at: datetime) -> int:
    """Erase what was declined some time ago, and what nobody answered; how many those were."""
    old = Q(declined_at__lte=at - KEPT_FOR) | Q(forum__ends_at__lte=at - KEPT_FOR)
    return Registration.objects.filter(old).delete()[0]
