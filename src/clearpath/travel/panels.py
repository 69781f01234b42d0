"""What a journey's page shows of travel."""

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.travel import queries
from clearpath.turns.panels import Panel, panel
from clearpath.turns.subject import Subject


@panel("journey", order=45)
def travel(actor: Actor, subject: Subject) -> Panel | None:
    """Invitation, plan, arrival and the way home."""
    trip = queries.trip_for(actor, subject)
    return Panel(_("Travel"), "travel/_travel.html", {"trip": trip}, "plane", "travel") if trip else None
