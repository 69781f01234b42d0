"""The exact words of a consent, in the patient's language."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from clearpath.web.words import word_for

PURPOSES = {"clinical": "care", "contact": "coordination", "outcome": "aftercare", "identity": "care"}


def consent_wording(recipient: str, data_class: str, language: str) -> str:
    """What the patient agrees to, as one text that stands alone."""
    with override(language):
        return _(
            "I agree that %(recipient)s may see and use my data of this kind: %(data)s. It is used for my journey "
            "only. I can withdraw this at any time; their sight then ends at once. What they already have is "
            "named to me."
        ) % {"recipient": recipient, "data": word_for(f"class:{data_class}")}
