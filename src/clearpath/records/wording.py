"""Exact words: of the consent to a treatment, of a certificate, of who got the records."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clearpath.web.words import listed


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


def fit_to_fly_wording(fit_from: date, fit_until: date, text: str) -> str:
    """The certificate, with what the doctor adds to it."""
    days = {"first": date_format(fit_from, "DATE_FORMAT"), "last": date_format(fit_until, "DATE_FORMAT")}
    certified = _("The patient is fit to fly from %(first)s until %(last)s, both days included.") % days
    return "\n\n".join(filter(None, [certified, text.strip()]))


def handed_over_wording(agreed: Sequence[str], left_out: Sequence[str], text: str) -> str:
    """Who got the records, who did not for want of consent, and the letter that goes with them."""
    said = [_("Handed to the patient.")]
    if agreed:
        said.append(_("Handed, with the patient's consent, to: %s.") % listed(agreed))
    if left_out:
        said.append(_("Left out, because the patient has not agreed: %s.") % listed(left_out))
    return "\n\n".join(filter(None, [" ".join(said), text.strip()]))
