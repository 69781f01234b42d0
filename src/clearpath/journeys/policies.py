"""Whether a step on a journey may be taken now, beyond the charter."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection
from clearpath.journeys.models import Consent

CONSENT_CLASSES = ("clinical", "contact", "outcome", "identity")  # classes that the charter shows by consent


def why_not_give_consent(data_class: str, wording: str, *, in_force: bool) -> Objection | None:
    if data_class not in CONSENT_CLASSES:
        return Objection("no_such_class", _("This kind of data needs no consent."))
    if not wording.strip():
        return Objection("wording_needed", _("The exact words that you agree to are missing."))
    if in_force:
        return Objection("consent_in_force", _("You have already agreed to this."))
    return None


def why_not_withdraw_consent(consent: Consent) -> Objection | None:
    if consent.withdrawn_at is not None:
        return Objection("already_withdrawn", _("This consent was already withdrawn."))
    return None


def why_not_send_for_review(consented: Collection[object], asked: Collection[object]) -> Objection | None:
    if not asked:
        return Objection("nobody_asked", _("Choose at least one hospital to ask."))
    if not consented:
        return Objection(
            "consent_needed",
            _("The patient has not agreed that any of these may see the records. Ask for consent first."),
        )
    return None


def why_not_without_reason(reason: str) -> Objection | None:
    if not reason.strip():
        return Objection("reason_needed", _("Say why in a sentence."))
    return None
