"""What a guest does by their secret address. They are nobody on the network, so none of it is a step (decision 26).

Each act is what a step does for a member, at the same stages and refused for the same reasons; it is noted in the
forum's log under its lock, in the guest's trade and without a person. The address itself is given by a step.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection, Refused
from clearpath.forums import queries
from clearpath.forums.models import Delegate, Forum, GuestLink, Meeting, Move
from clearpath.forums.repairs import to_apply
from clearpath.forums.told_once import digest_of
from clearpath.trust import log
from clearpath.turns import charters
from clearpath.turns.follow import tell
from clearpath.turns.subject import Subject

T = TypeVar("T", bound=Model)
NO_PAGE = Objection("no_such_page", _("This address has ended. Ask the organizer of the forum for a new one."))
NOT_NOW = Objection("wrong_stage", _("This cannot be done at this stage of the forum."))
BY_LINK = "_by_link"  # after the step's name: how the log names the act


def guest_behind(secret: str) -> Delegate:
    """Whose pages these are. Raises NotFound alike for an address that has ended and for one that never was."""
    link = GuestLink.objects.filter(digest=digest_of(secret)).select_related("delegate__forum").first()
    if link is None:
        raise NotFound(NO_PAGE)
    return link.delegate


def act(secret: str, step: str, do: Callable[[Forum, Delegate], T], *, at: datetime, tells: str = "") -> T:
    """Do for a guest what `step` does for a member; `tells`: the seats that learn of it.

    Raises NotFound, and Refused as the step does.
    """
    with transaction.atomic():
        Subject.objects.select_for_update().filter(pk=guest_behind(secret).forum_id).values_list("pk").first()
        me = guest_behind(secret)  # read again under the lock: address and stage may have changed
        if not charters.is_time_for(me.forum, step):
            raise Refused(NOT_NOW)
        forum = me.forum
        result = do(forum, me)
        by = Actor(role=me.role, now=at)
        name = step + BY_LINK
        log.append(chain=forum.pk, by=by, step=name, decision="done", charter=forum.charter, about=log.about(result))
        if tells:
            tell(forum.pk, {tells}, name, at)
    return result


def meetings_of(me: Delegate) -> list[Meeting]:
    """The guest's own, by time."""
    return list(queries.with_delegate(Meeting.objects.filter(forum=me.forum), me))


def open_moves(me: Delegate) -> list[Move]:
    """Changes of the guest's own agenda that are not out yet."""
    plan = to_apply(me.forum)
    return list(Move.objects.filter(plan=plan, delegate=me).order_by("pk")) if plan is not None else []
