"""What a journey's page shows of records and of what doctors wrote."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.records import aside, link_queries, papers, queries, taking_home
from clearpath.records.models import Note
from clearpath.records.pack import missing_in_pack
from clearpath.records.treated import pack_of
from clearpath.records.written import Written, side_by_side
from clearpath.turns import charters
from clearpath.turns import queries as turns
from clearpath.turns.panels import Panel, panel
from clearpath.turns.subject import Subject


@panel("journey", order=20)
def records(actor: Actor, subject: Subject) -> Panel | None:
    """The files of the patient, and which papers were asked for."""
    rows = queries.record_rows_for(actor, subject)
    asked = queries.papers_asked_for(actor, subject)
    refused = aside.rows_for(actor, subject)
    if not (rows or asked or refused):
        return None
    shown_to = queries.shown_to(actor, subject) if rows and actor.role == "patient" else None
    context = {
        "rows": rows,
        "asked": asked,
        "refused": refused,
        "shown_to": shown_to,
        "can_share": _can(actor, subject, "records.share"),
    }
    return Panel(_("Health records"), "records/_records.html", context, "report-medical", "records")


BEFORE_TREATMENT = {"intake", "review", "decision", "preparation"}
HOW_TO_GET_PAPERS = {
    "patient": ("records.add", _("Add a file")),
    "facilitator": ("records.request_missing", _("Ask the patient for papers")),
    "doctor": None,  # by the answer in their room that they need more
    "second_doctor": None,
}


@panel("journey", order=22)
def papers_wanted(actor: Actor, subject: Subject) -> Panel | None:
    """What doctors want before they spend time on the journey, and what of it is missing; with the way to get it."""
    if actor.role not in HOW_TO_GET_PAPERS or subject.stage not in BEFORE_TREATMENT:
        return None
    context: dict[str, Any] = {"papers": papers.papers_for(actor, subject)}
    if way := HOW_TO_GET_PAPERS[actor.role]:
        step, words = way
        context |= {"add_url": reverse("turns:take", args=[subject.kind, subject.pk, step]), "add_words": words}
    return Panel(_("Papers that doctors want"), "records/_papers.html", context, "clipboard-list", "papers")


@panel("journey", order=25)
def medical_file(actor: Actor, subject: Subject) -> Panel | None:
    """What doctors wrote: whole for patients themselves, as headlines with a way to open it for everybody else."""
    own = queries.own_file_for(actor, subject)
    written = own or queries.headlines_for(actor, subject)
    if not written:
        return None
    context = {
        "written": written,
        "is_open": bool(own),
        "beside": side_by_side(own),
        "can_ask": _can_ask(actor, subject, written),
    }
    return Panel(_("What the doctors wrote"), "records/_medical_file.html", context, "stethoscope", "medical")


def _can_ask(actor: Actor, subject: Subject, written: list[Written]) -> bool:
    """Whether the reader could ask a second doctor now: there is a first opinion and no second one."""
    rule = charters.rules_of(subject.charter, subject.kind).steps.get("records.give_second_opinion")
    kinds = {each.kind for each in written}
    in_time = rule is not None and subject.stage in rule.stages
    return (
        in_time
        and actor.role in {"patient", "facilitator"}
        and "opinion" in kinds
        and Note.Kind.SECOND_OPINION not in kinds
    )


@panel("journey", order=21)
def answers(actor: Actor, subject: Subject) -> Panel | None:
    """What doctors without an account wrote back after opening a link."""
    found = link_queries.answers_for(actor, subject)
    if not found:
        return None
    return Panel(_("From a doctor at home"), "records/_answers.html", {"answers": found}, "home-heart", "answers")


@panel("journey", order=26)
def pack(actor: Actor, subject: Subject) -> Panel | None:
    """What the patient takes home, and what of it is missing: for whoever may read the discharge papers."""
    if not queries.may_read_papers(actor, subject):
        return None
    context = {"missing": missing_in_pack(pack_of(subject.pk))}
    return Panel(_("What the patient takes home"), "records/_pack.html", context, "home", "pack")


@panel("journey", order=28)
def take_home(actor: Actor, subject: Subject) -> Panel | None:
    """Summary, paper and files to download, for patients also when the journey is over."""
    if not taking_home.may_take(actor, subject):
        return None
    context = {"languages": settings.LANGUAGES, "is_own": queries.is_own(actor, subject)}
    return Panel(_("Records to take along"), "records/_take_home.html", context, "download", "take-home")


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
