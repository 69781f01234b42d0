"""What an organisation's page shows."""

from typing import cast

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.parties import queries, rows
from clearpath.parties.models import Organisation
from clearpath.turns.panels import Panel, panel
from clearpath.turns.sight import shown
from clearpath.turns.subject import Subject


@panel("organisation", order=10)
def details(actor: Actor, subject: Subject) -> Panel | None:
    """Name, place and roles, and evidence by what ends first."""
    row = shown(subject, to=actor)
    if row.hidden:
        return None
    context = {
        "row": row,
        "roles": sorted(queries.roles_held([subject.pk])),
        "evidence": queries.evidence_rows(subject.pk, today=actor.now.date()),
        "hours": cast(Organisation, subject).hours,
    }
    return Panel(_("The organisation"), "parties/_organisation.html", context, "building", "organisation")


@panel("organisation", order=20)
def ties(actor: Actor, subject: Subject) -> Panel | None:
    """Ownership, control, family, payments and gifts between this organisation and others."""
    if shown(subject, to=actor).hidden:
        return None
    found = rows.tie_rows(actor, organisation_id=subject.pk)
    return Panel(_("Ties to others"), "parties/_ties.html", {"ties": found}, "affiliate", "ties")
