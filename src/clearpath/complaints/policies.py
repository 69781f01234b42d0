"""Whether a step on a complaint may be taken now, beyond the charter."""

from collections.abc import Sized
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from clearpath.complaints.models import Complaint
from clearpath.core.outcomes import Objection

SILENCE = timedelta(days=60)  # after which an answered complaint counts as settled


def why_not_raise(text: str, category: str, stewards: Sized) -> Objection | None:
    if not text.strip():
        return Objection("complaint_needed", _("Write what went wrong, in your own words."))
    if category not in Complaint.Category.values:
        return Objection("no_such_category", _("Choose what the complaint is about."))
    if not stewards:
        return Objection("nobody_to_hear_it", _("This network has no steward yet."))
    return None


def why_not_say(text: str) -> Objection | None:
    if not text.strip():
        return Objection("text_needed", _("Write a few words."))
    return None


def has_been_silent(answered_at: datetime, *, at: datetime) -> bool:
    """Whether the patient has said nothing for sixty days after the answer."""
    return at - answered_at >= SILENCE
