"""What a journey's page shows of how a patient chooses: questions and answers, and the contract."""

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.offers import asked, questions_asked
from clearpath.offers.contract import queries as contracts
from clearpath.offers.models import Choice
from clearpath.turns.panels import Panel, beside, panel
from clearpath.turns.subject import Subject

beside("offers.acknowledge_interests", "interests")
beside("offers.answer_question", "questions")
beside("journeys.give_consent", "ties")
beside("journeys.send_for_review", "ties", "asked")
beside("offers.ask_question", "questions")


@panel("journey", order=27)
def ties(actor: Actor, subject: Subject) -> Panel | None:
    """What the guide has to do with hospitals and doctors of the network: to be known before anybody is asked."""
    if subject.stage not in {"inquiry", "intake", "review"}:
        return None
    lines = asked.ties_of_guide_for(actor, subject)
    if lines is None:
        return None
    return Panel(_("Ties of your guide"), "offers/_ties.html", {"lines": lines}, "affiliate", "ties")


@panel("journey", order=28)
def hospitals_asked(actor: Actor, subject: Subject) -> Panel | None:
    """Whom the guide asked for the patient, why these, and each tie; hospitals do not see who else is asked."""
    rows = asked.asked_rows_for(actor, subject)
    if not rows:
        return None
    return Panel(_("Hospitals that were asked"), "offers/_asked.html", {"rows": rows}, "send", "asked")


@panel("journey", order=31)
def questions(actor: Actor, subject: Subject) -> Panel | None:
    """One question, the answers of the hospitals side by side; a hospital sees its own alone."""
    rows = questions_asked.question_rows_for(actor, subject)
    if not rows:
        return None
    context = {"rows": rows, "can_answer": actor.role == "provider" and any(not a.answered_at for a in rows[0].answers)}
    return Panel(_("Questions and answers"), "offers/_questions.html", context, "message-question", "questions")


@panel("journey", order=34)
def insurance(actor: Actor, subject: Subject) -> Panel | None:
    """What the patient said about insurance: for the guide, who helps to find one."""
    if actor.role != "facilitator":
        return None
    choice = contracts.choice_seen_by(actor, subject)
    if choice is None:
        return None
    context = {
        "choice": choice,
        "is_wanted": choice.insurance == Choice.Insurance.TAKEN,
        "was_asked": choice.insurance != Choice.Insurance.NOT_ASKED,
    }
    return Panel(_("Insurance for complications"), "offers/_insurance.html", context, "shield-plus", "insurance")


@panel("journey", order=33)
def contract(actor: Actor, subject: Subject) -> Panel | None:
    """The contract to read and keep; for its two parties."""
    choice = contracts.choice_for(actor, subject)
    if choice is None:
        return None
    return Panel(_("Your contract"), "offers/_contract.html", {"choice": choice}, "file-text", "contract")
