"""The exact words of the consent to a treatment, in the patient's language."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _


def informed_consent_wording(explained_on: date) -> str:
    """What the patient agrees to; what was explained stands above it and is kept with it.

    Contents: nature, risks and alternatives were explained, questions were answered, the yes is free and can be
    taken back (Council of Europe, Oviedo Convention, article 5, read 2026-11-23 from general knowledge).
    """
    return _(
        "On %(day)s the doctor explained to me, in a language that I understand, what the treatment is, what it is "
        "for, its risks, and the alternatives, also to do nothing. My questions were answered. I agree to this "
        "treatment of my own free will. I know that I can take this back at any time before it begins."
    ) % {"day": date_format(explained_on, "DATE_FORMAT")}
