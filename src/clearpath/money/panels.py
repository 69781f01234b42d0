"""What a journey's page shows of money."""

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.money import queries
from clearpath.turns.panels import Panel, panel
from clearpath.turns.subject import Subject


@panel("journey", order=40)
def money(actor: Actor, subject: Subject) -> Panel | None:
    """What was signed, held, asked for and given back, and which fees were settled."""
    rows, fees = queries.money_rows_for(actor, subject), queries.fees_settled_for(actor, subject)
    if not rows and not fees:
        return None
    return Panel(_("Money"), "money/_money.html", {"rows": rows, "fees": fees}, "wallet", "money")
