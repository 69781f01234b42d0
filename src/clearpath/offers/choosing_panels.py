"""What a journey's page shows of how a patient chooses: questions and answers, and the contract."""

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.offers import questions_asked
from clearpath.offers.contract import queries as contracts
from clearpath.turns.panels import Panel, beside, panel
from clearpath.turns.subject import Subject

beside("offers.acknowledge_interests", "interests")
beside("offers.answer_question", "questions")
beside("offers.ask_question", "questions")


@panel("journey", order=31)
def questions(actor: Actor, subject: Subject) -> Panel | None:
    """One question, the answers of the hospitals side by side; a hospital sees its own alone."""
    rows = questions_asked.question_rows_for(actor, subject)
    if not rows:
        return None
    context = {"rows": rows, "can_answer": actor.role == "provider" and any(not a.answered_at for a in rows[0].answers)}
    return Panel(_("Questions and answers"), "offers/_questions.html", context, "message-question", "questions")


@panel("journey", order=33)
def contract(actor: Actor, subject: Subject) -> Panel | None:
    """The contract to read and keep; for its two parties."""
    choice = contracts.choice_for(actor, subject)
    if choice is None:
        return None
    return Panel(_("Your contract"), "offers/_contract.html", {"choice": choice}, "file-text", "contract")
