"""What a journey's page shows of the patient and of what the patient agreed to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.journeys import queries
from clearpath.journeys.models import Journey
from clearpath.turns.panels import Panel, panel
from clearpath.turns.sight import shown
from clearpath.turns.subject import Subject
from clearpath.web.words import word_for


@panel("journey", order=10)
def patient(actor: Actor, subject: Subject) -> Panel:
    """Who the patient is and what they ask for, as far as the reader may see it."""
    row = shown(subject, to=actor)
    facts = [
        (_("Name"), row.patient_name),
        (_("Lives in"), row.country),
        (_("Born"), row.born_on),
        (_("Telephone"), row.phone),
        (_("E-mail"), row.email),
        (_("Asks for"), row.procedure),
        (_("Story"), row.story),
        (_("Wishes"), row.wishes),
        (_("Came from"), row.came_from),
        (_("Reference"), row.reference),
    ]
    return Panel(
        _("What I told about me") if subject.about_id == actor.stands_for else _("The patient"),
        "journeys/_patient.html",
        {"facts": [(label, value) for label, value in facts if value], "hidden": bool(row.hidden)},
        "user-heart",
        "patient",
    )


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One consent, and, once withdrawn, what the recipient already has."""

    recipient: str
    data: Any
    wording: Any
    given_at: datetime
    withdrawn_at: datetime | None
    already_has: list[str]


@panel("journey", order=60)
def consents(actor: Actor, subject: Subject) -> Panel | None:
    """Who may see what, in the words that were agreed to."""
    journey = cast(Journey, subject)
    names = queries.recipient_names(journey)
    rows = []
    for consent in queries.consents_of(actor, journey):
        has = queries.handed_over_to(actor, journey, consent.recipient_key) if consent.withdrawn_at else []
        rows.append(
            ConsentRow(
                names.get(consent.recipient_key, ""),
                word_for(f"class:{consent.data_class}"),
                shown(consent, to=actor).wording,
                consent.given_at,
                consent.withdrawn_at,
                [each.what for each in has],
            )
        )
    if not rows and actor.role != "patient":
        return None
    return Panel(_("Who may see what"), "journeys/_consents.html", {"consents": rows}, "shield-check", "consents")
