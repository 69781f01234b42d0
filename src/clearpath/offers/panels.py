"""What a journey's page shows of offers and of who earns what."""

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.offers import choices, queries, reviews
from clearpath.offers.comparing.wording import way_out
from clearpath.offers.earnings.queries import earnings_for
from clearpath.turns.panels import Panel, panel
from clearpath.turns.queries import why_not
from clearpath.turns.subject import Subject

COMPARE = ("patient", "facilitator")  # who has several offers to compare


@panel("journey", order=30)
def offers(actor: Actor, subject: Subject) -> Panel | None:
    """Offers side by side, each with what is told about its hospital; what was declined, and what was wished for."""
    rows = queries.offer_rows_for(actor, subject)
    choices.note_comparison_seen(subject, [row for row in rows if row.is_open], by=actor)
    context = {
        "rows": rows,
        "can_compare": actor.role in COMPARE and any(row.is_open for row in rows),
        "way_out": way_out(),
        "declined": queries.declined_rows_for(actor, subject),
        "wishes": queries.wishes_for(actor, subject),
    }
    if not any((rows, context["declined"], context["wishes"])):
        return None
    return Panel(_("Offers"), "offers/_offers.html", context, "clipboard-list", "offers")


@panel("journey", order=32)
def interests(actor: Actor, subject: Subject) -> Panel | None:
    """Who earns what from whom, and who owns whom: whole for the patient, an organisation's own lines for it."""
    told = queries.told_for(actor, subject)
    if told is None:
        return None
    context = {
        "told": told,
        "nothing_known": queries.NOTHING_KNOWN,
        "earnings": earnings_for(actor, subject),
        "is_patient": actor.role == "patient",
    }
    return Panel(_("Who earns what, who owns whom"), "offers/_interests.html", context, "scale", "interests")


@panel("journey", order=46)
def admissions(actor: Actor, subject: Subject) -> Panel | None:
    """When the patient was taken into the hospital."""
    rows = queries.admission_rows_for(actor, subject)
    if not rows:
        return None
    return Panel(_("In the hospital"), "offers/_admissions.html", {"rows": rows}, "bed", "admissions")


@panel("journey", order=55)
def reviewed(actor: Actor, subject: Subject) -> Panel | None:
    """What the patient said of the hospital in public, or the wish that they say it."""
    if actor.role not in {"patient", "facilitator", "provider"}:
        return None
    review = reviews.review_of(subject)
    can_write = review is None and actor.role == "patient" and why_not(actor, subject, "offers.review", None) is None
    if review is None and not can_write:
        return None
    can_answer = (
        review is not None
        and review.answered_at is None
        and actor.role == "provider"
        and why_not(actor, subject, "offers.answer_review", None) is None
    )
    context = {"review": review, "can_write": can_write, "can_answer": can_answer}
    return Panel(_("Review"), "offers/_reviewed.html", context, "star", "review")
