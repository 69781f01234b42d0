"""Panels that every subject has: what was handed over, and who acts for the patient."""

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.turns import queries
from clearpath.turns.hooks import hooks
from clearpath.turns.panels import Panel, panel
from clearpath.turns.subject import Subject


def hand_offs(actor: Actor, subject: Subject) -> Panel | None:
    """What the reader's seat gave to others or got from them."""
    found = queries.hand_offs_on(actor, subject)
    if not found:
        return None
    return Panel(_("Handed over"), "turns/_hand_offs.html", {"hand_offs": found}, "arrows-exchange", "hand-offs")


def appointments(actor: Actor, subject: Subject) -> Panel | None:
    """Whom the patient let act for them."""
    found = list(queries.appointments_of(actor, subject)) if actor.role == "patient" else []
    if not found:
        return None
    return Panel(
        _("Who acts for me"), "turns/_appointments.html", {"appointments": found}, "user-check", "appointments"
    )


def register() -> None:
    """Called once at start-up, when every kind of subject is known."""
    for kind in hooks.models:
        panel(kind, order=90)(hand_offs)
    panel("journey", order=80)(appointments)
