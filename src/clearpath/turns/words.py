"""The sentences in which a no is told, in the reader's language."""

from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clearpath.charter.decide import Decision
from clearpath.core.outcomes import Objection
from clearpath.web.words import word_for

SENTENCES: dict[str, Any] = {
    "not_your_part": _("This is not your part. It is the part of: %(rightful)s."),
    "not_appointed": _("You were not appointed to do this."),
    "not_seated": _("You have no seat here."),
    "wrong_stage": _("This cannot be done at this stage."),
    "missing_facts": _("Something must be true first: %(missing)s."),
    "closed": _("This has ended. Nothing more can be done here."),
    "no_lane": _("No hospital is asked yet."),
    "unknown_step": _("The charter does not know this step."),
}


def says_no(decision: Decision) -> Objection:
    """The objection of a decision that does not allow the step."""
    sentence = SENTENCES.get(decision.code, decision.says)

    def told() -> str:
        return str(sentence) % {
            "rightful": word_for(decision.rightful or ""),
            "missing": gettext("; ").join(str(word_for(fact)) for fact in decision.missing),
        }

    return Objection(decision.code, lazy(told, str)())
