"""What a journey's page shows of records and of what doctors wrote."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.records import papers, queries
from clearpath.turns.panels import Panel, panel
from clearpath.turns.subject import Subject


@panel("journey", order=20)
def records(actor: Actor, subject: Subject) -> Panel | None:
    """The files of the patient, and which papers were asked for."""
    rows = queries.record_rows_for(actor, subject)
    asked = queries.papers_asked_for(actor, subject)
    if not rows and not asked:
        return None
    context = {"rows": rows, "asked": asked}
    return Panel(_("Health records"), "records/_records.html", context, "report-medical", "records")


BEFORE_TREATMENT = {"intake", "review", "decision", "preparation"}
HOW_TO_GET_PAPERS = {
    "patient": ("records.add", _("Add a file")),
    "facilitator": ("records.request_missing", _("Ask the patient for papers")),
}


@panel("journey", order=22)
def papers_wanted(actor: Actor, subject: Subject) -> Panel | None:
    """What doctors want before they spend time on the journey, and what of it is missing; with the way to add it."""
    if actor.role not in HOW_TO_GET_PAPERS or subject.stage not in BEFORE_TREATMENT:
        return None
    step, words = HOW_TO_GET_PAPERS[actor.role]
    context = {
        "papers": papers.papers_for(actor, subject),
        "add_url": reverse("turns:take", args=[subject.kind, subject.pk, step]),
        "add_words": words,
    }
    return Panel(_("Papers that doctors want"), "records/_papers.html", context, "clipboard-list", "papers")


@panel("journey", order=25)
def medical_file(actor: Actor, subject: Subject) -> Panel | None:
    """What doctors wrote: whole for patients themselves, as headlines with a way to open it for everybody else."""
    own = queries.own_file_for(actor, subject)
    written = own or queries.headlines_for(actor, subject)
    if not written:
        return None
    context = {"written": written, "is_open": bool(own)}
    return Panel(_("What the doctors wrote"), "records/_medical_file.html", context, "stethoscope", "medical")
