"""Whether something may be done with an offer now, beyond the charter. Pure functions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection
from clearpath.offers.cooling_off import possible_from
from clearpath.offers.models import Choice, Offer, QuestionAsked
from clearpath.offers.moments import moment_in_words

INSURANCE_ANSWERS = (Choice.Insurance.TAKEN, Choice.Insurance.OWN, Choice.Insurance.REFUSED)


def why_not_withdraw(offer: Offer, provider_id: UUID | None) -> Objection | None:
    if offer.provider_id != provider_id:
        return Objection("not_your_offer", _("Only who made the offer can withdraw it."))
    return why_not_open(offer)


def why_not_open(offer: Offer) -> Objection | None:
    if offer.state != Offer.State.SENT:
        return Objection("offer_not_open", _("This offer is not waiting for an answer."))
    return None


def why_not_answer(offer: Offer, *, at: datetime) -> Objection | None:
    """Why the offer cannot be laid before the patient, or a changed one be agreed to."""
    not_open = why_not_open(offer)
    if not_open is not None:
        return not_open
    if offer.valid_until <= at:
        return Objection("offer_expired", _("This offer has expired. Ask for a new one."))
    return None


def why_not_accept(offer: Offer, *, seen_at: datetime | None, at: datetime) -> Objection | None:
    """`seen_at`: when the patient first saw the offer beside the others. Nothing shortens the time to think."""
    return why_not_answer(offer, at=at) or why_not_yet(seen_at, at=at)


def why_not_yet(seen_at: datetime | None, *, at: datetime) -> Objection | None:
    if seen_at is None:
        return Objection("comparison_not_seen", _("First look at the offers side by side, in peace. Then choose."))
    if at < possible_from(seen_at):
        words = _("Take your time to think. You can choose this offer from {moment} on.")
        return Objection("cooling_off", format_lazy(words, moment=moment_in_words(possible_from(seen_at))))
    return None


def why_not_insured(answer: str) -> Objection | None:
    if answer not in INSURANCE_ANSWERS:
        return Objection("insurance_answer_needed", _("Say whether you want insurance for complications."))
    return None


def why_not_accept_revision(offer: Offer, *, at: datetime) -> Objection | None:
    if offer.revises_id is None:
        return Objection("not_a_changed_offer", _("This is not the changed offer."))
    return why_not_answer(offer, at=at)


def why_not_ask(text: str, asked: Sequence[object]) -> Objection | None:
    if not text.strip():
        return Objection("question_needed", _("Write your question."))
    if not asked:
        return Objection("nobody_asked", _("No hospital is asked at the moment, so nobody could answer."))
    return None


def why_not_answer_question(question: QuestionAsked, text: str, provider_id: UUID | None) -> Objection | None:
    if question.provider_id != provider_id:
        return Objection("not_asked_you", _("This question was put to another hospital."))
    if question.answered_at is not None:
        return Objection("already_answered", _("You have already answered. Write to the patient to add something."))
    if not text.strip():
        return Objection("answer_needed", _("Write your answer."))
    return None


def why_not_without_reason(reason: str) -> Objection | None:
    if not reason.strip():
        return Objection("reason_needed", _("Say why in a sentence."))
    return None


def why_not_acknowledge(*, is_told: bool, read: str, stands: str) -> Objection | None:
    """`read` is the digest of what the patient had before their eyes ("" when not said), `stands` that of now."""
    if not is_told:
        return Objection("nothing_told", _("Nothing was told yet."))
    if read and read != stands:
        return Objection("told_anew", _("Something has changed since you opened this page. Please read it again."))
    return None
