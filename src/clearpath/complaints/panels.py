"""What a complaint's page shows."""

from typing import cast

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.complaints import queries
from clearpath.complaints.models import Complaint
from clearpath.journeys.queries import journeys_for
from clearpath.turns.panels import Panel, panel
from clearpath.turns.sight import shown
from clearpath.turns.subject import Subject
from clearpath.web import parts


@panel("complaint", order=10)
def thread(actor: Actor, subject: Subject) -> Panel | None:
    """The complaint and what was said to it, oldest first."""
    row = shown(subject, to=actor)
    if row.hidden:
        return None
    first = parts.Message(row.opened_at, parts.Seat("patient"), row.text, mine=row.about_id == actor.stands_for)
    said = [
        parts.Message(post.written_at, parts.Seat(post.role), post.text or "", mine=post.author_id == actor.person_id)
        for post in queries.posts_on(actor, subject.pk)
    ]
    journey = journeys_for(actor).filter(pk=row.about_journey_id).first() if row.about_journey_id else None
    context = {
        "category": Complaint.Category(row.category).label,
        "journey": journey and (journey.pk, journey.reference),
        "settled": cast(Complaint, subject).settled,
        "thread": [first, *said],
    }
    return Panel(_("The complaint"), "complaints/_complaint.html", context, "message-2", "complaint")
