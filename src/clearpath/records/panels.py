"""What a journey's page shows of records and of what doctors wrote."""

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.records import link_queries, queries
from clearpath.turns import queries as turns
from clearpath.turns.panels import Panel, panel
from clearpath.turns.subject import Subject


@panel("journey", order=20)
def records(actor: Actor, subject: Subject) -> Panel | None:
    """The files of the patient, and which papers were asked for."""
    rows = queries.record_rows_for(actor, subject)
    asked = queries.papers_asked_for(actor, subject)
    if not rows and not asked:
        return None
    context = {"rows": rows, "asked": asked, "can_share": _can(actor, subject, "records.share")}
    return Panel(_("Health records"), "records/_records.html", context, "report-medical", "records")


@panel("journey", order=25)
def medical_file(actor: Actor, subject: Subject) -> Panel | None:
    """What doctors wrote: whole for patients themselves, as headlines with a way to open it for everybody else."""
    own = queries.own_file_for(actor, subject)
    written = own or queries.headlines_for(actor, subject)
    if not written:
        return None
    context = {"written": written, "is_open": bool(own)}
    return Panel(_("What the doctors wrote"), "records/_medical_file.html", context, "stethoscope", "medical")


@panel("journey", order=21)
def answers(actor: Actor, subject: Subject) -> Panel | None:
    """What doctors without an account wrote back after opening a link."""
    found = link_queries.answers_for(actor, subject)
    if not found:
        return None
    return Panel(_("From a doctor at home"), "records/_answers.html", {"answers": found}, "home-heart", "answers")


@panel("journey", order=22)
def links(actor: Actor, subject: Subject) -> Panel | None:
    """The patient's links with the way to a new one, and the way in for links of others."""
    rows = link_queries.own_links(actor, subject)
    can_share, can_receive = _can(actor, subject, "records.share"), _can(actor, subject, "records.add")
    if not (rows or can_share or can_receive):
        return None
    context = {"links": rows, "can_share": can_share, "can_receive": can_receive}
    return Panel(_("Records by link"), "records/_links.html", context, "qrcode", "links")


def _can(actor: Actor, subject: Subject, step: str) -> bool:
    return turns.why_not(actor, subject, step, None) is None
