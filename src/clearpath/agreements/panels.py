"""What an agreement's page shows."""

from typing import cast

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clearpath.agreements import queries, rows
from clearpath.agreements.models import Agreement
from clearpath.charter.actor import Actor
from clearpath.parties.queries import names_of
from clearpath.turns.panels import Panel, panel
from clearpath.turns.sight import shown
from clearpath.turns.subject import Subject

PROPOSE = "agreements.propose_terms"


@panel("agreement", order=10)
def terms(actor: Actor, subject: Subject) -> Panel | None:
    """Who the parties are, and what the terms say in each version."""
    agreement = cast(Agreement, subject)
    row = shown(agreement, to=actor)
    if row.hidden:
        return None
    names = names_of([agreement.first_id, agreement.second_id])
    versions = rows.terms_rows_for(actor, agreement)
    negotiates = agreement.stage == "draft" and actor.organisation_id in {agreement.first_id, agreement.second_id}
    context = {
        "first": (row.first_role, names[agreement.first_id]),
        "second": (row.second_role, names[agreement.second_id]),
        "ended_because": row.ended_because,
        "versions": versions,
        "missing": queries.missing_parts(agreement) if versions and agreement.stage == "draft" else [],
        "counter_url": reverse("turns:take", args=["agreement", agreement.pk, PROPOSE]) if negotiates else "",
    }
    return Panel(_("The terms"), "agreements/_terms.html", context, "contract", "terms")


@panel("agreement", order=20)
def fees(actor: Actor, subject: Subject) -> Panel | None:
    """Each fee with its verdict, and the rule, the source and the date on which the verdict rests."""
    lines = rows.fee_lines_for(actor, cast(Agreement, subject))
    if not lines:
        return None
    return Panel(_("The fees, and whether they are lawful"), "agreements/_fees.html", {"fees": lines}, "scale", "fees")
