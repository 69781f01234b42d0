"""What waits for a delegate, or for who is invited and has not registered: first on the forum's page."""

from typing import cast

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.forums import queries
from clearpath.forums.figures import YES
from clearpath.forums.models import Delegate, Forum, Meeting, Wish
from clearpath.turns.panels import Panel, panel
from clearpath.turns.queries import why_not
from clearpath.turns.sight import shown, visible
from clearpath.turns.subject import Subject


@panel("forum", order=5)
def part(actor: Actor, subject: Subject) -> Panel | None:
    """Register; then answer who asks for a meeting, and say whom one wishes to meet. The organizer has tasks."""
    if actor.role == "organizer" or shown(subject, to=actor).hidden:
        return None
    forum = cast(Forum, subject)
    me = queries.delegate_of(forum, actor)
    step = "forums.register" if me is None else "forums.answer_meeting"
    if why_not(actor, forum, step, None) is not None:
        return None
    asks = _asks(actor, me) if me else 0
    is_silent = me is not None and forum.agendas_published_at is None and not Wish.objects.filter(delegate=me).exists()
    if me is not None and not asks and not is_silent:
        return None
    context = {"forum": forum, "is_registered": me is not None, "asks": asks, "is_silent": is_silent}
    return Panel(_("What you can do now"), "forums/_part.html", context, "target", "part")


def _asks(actor: Actor, me: Delegate) -> int:
    """How many wait for this delegate's answer."""
    asked = Q(first=me, first_says="", second_says__in=YES) | Q(second=me, second_says="", first_says__in=YES)
    return visible(Meeting, to=actor).filter(asked).count()
