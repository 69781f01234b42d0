"""What an agreement's page shows."""

from typing import cast

from django.utils.translation import gettext_lazy as _

from clearpath.agreements import rows
from clearpath.agreements.models import Agreement
from clearpath.charter.actor import Actor
from clearpath.parties.queries import names_of
from clearpath.turns.panels import Panel, panel
from clearpath.turns.sight import shown
from clearpath.turns.subject import Subject


@panel("agreement", order=10)
def terms(actor: Actor, subject: Subject) -> Panel | None:
    """Who the parties are, and what the terms say in each version."""
    agreement = cast(Agreement, subject)
    row = shown(agreement, to=actor)
    if row.hidden:
        return None
    names = names_of([agreement.first_id, agreement.second_id])
    context = {
        "first": (row.first_role, names[agreement.first_id]),
        "second": (row.second_role, names[agreement.second_id]),
        "ended_because": row.ended_because,
        "versions": rows.terms_rows_for(actor, agreement),
    }
    return Panel(_("The terms"), "agreements/_terms.html", context, "contract", "terms")


@panel("agreement", order=20)
def fees(actor: Actor, subject: Subject) -> Panel | None:
    """Each fee with its verdict, and the rule, the source and the date on which the verdict rests."""
    lines = rows.fee_lines_for(actor, cast(Agreement, subject))
    if not lines:
        return None
    return Panel(_("The fees, and whether they are lawful"), "agreements/_fees.html", {"fees": lines}, "scale", "fees")
