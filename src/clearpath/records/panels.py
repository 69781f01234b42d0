"""What a journey's page shows of records and of what doctors wrote."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.records import queries, taking_home
from clearpath.records.models import Note
from clearpath.records.pack import missing_in_pack
from clearpath.records.treated import pack_of
from clearpath.records.written import Written, side_by_side
from clearpath.turns import charters
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
