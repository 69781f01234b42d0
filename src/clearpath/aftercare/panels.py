"""What a journey's page shows of aftercare."""

from django.utils.translation import gettext_lazy as _

from clearpath.aftercare import queries
from clearpath.charter.actor import Actor
from clearpath.turns.panels import Panel, panel
from clearpath.turns.subject import Subject


@panel("journey", order=50)
def aftercare(actor: Actor, subject: Subject) -> Panel | None:
    """How the patient is, what needs the doctor, and how it ended."""
    reports, endings = queries.report_rows_for(actor, subject), queries.endings_for(actor, subject)
    if not reports and not endings:
        return None
    context = {"reports": reports, "endings": endings}
    return Panel(_("After the treatment"), "aftercare/_aftercare.html", context, "clipboard-heart", "aftercare")
