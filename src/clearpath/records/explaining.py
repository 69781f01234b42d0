"""What the explanation of a treatment consists of, and what a second doctor says of a first opinion."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from clearpath.records.models import Note
from clearpath.records.treated import details_of

# Beside what is done. Sources: Oviedo Convention, article 5; MTA guidelines for contracts (2012), read 2026-11-23.
EXPLANATION = {
    "purpose": _("What it is for"),
    "risks": _("What can go wrong"),
    "alternatives": _("What else could be done, also nothing"),
    "what_follows": _("What follows"),
    "who_operates": _("Who operates, and who gives the anaesthesia"),
    "complication_costs": _("Who pays when there are complications"),
}

VERDICTS = {
    "agrees": _("Agrees"),
    "differs": _("Sees it differently"),
    "needs_more": _("Needs to know more"),
}


def parts_of(explanation: Note) -> list[tuple[Any, str]]:
    """What was explained, each part under its heading, in the words of the doctor."""
    details = details_of(explanation)
    parts = [
        (_("What is done"), explanation.text or ""),
        *((words, details.get(key, "")) for key, words in EXPLANATION.items()),
    ]
    return [(heading, text) for heading, text in parts if text]
