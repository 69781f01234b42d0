"""What a forum's page offers while it runs and after it, and what the page of a next step shows."""

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.forums import queries
from clearpath.forums.models import Forum
from clearpath.turns.panels import Panel, panel
from clearpath.turns.sight import shown
from clearpath.turns.subject import Subject


@panel("forum", order=15)
def ways(actor: Actor, subject: Subject) -> Panel | None:
    """My agenda for a delegate; board and report for who runs the forum."""
    if not isinstance(subject, Forum) or shown(subject, to=actor).hidden or subject.stage == "planning":
        return None
    is_organizer = actor.role == "organizer" and actor.organisation_id == subject.organizer_id
    if not is_organizer and queries.delegate_of(subject, actor) is None:
        return None
    title = _("On the day and after it") if is_organizer else _("My agenda")
    context = {"forum": subject, "is_organizer": is_organizer}
    return Panel(title, "forums/_ways.html", context, "calendar-time", "ways")


@panel("next_step", order=10)
def what_was_agreed(actor: Actor, subject: Subject) -> Panel | None:
    """What both wanted, by when, and why it was given up if it was."""
    row = shown(subject, to=actor)
    if row.hidden:
        return None
    return Panel(_("What you agreed"), "forums/_next_step.html", {"row": row}, "arrow-right", "next_step")
