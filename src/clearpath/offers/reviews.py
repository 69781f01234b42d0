"""Whether a review may be written or answered now, and reviews as a journey shows them."""

from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection
from clearpath.offers.directory.showing import ReviewRow
from clearpath.offers.models import Review
from clearpath.offers.models.experience import BEST
from clearpath.turns.subject import Subject

LONGEST = 5000  # characters


def why_not_review(text: str, stars: int, *, is_public: bool, is_treated: bool, is_reviewed: bool) -> Objection | None:
    if not is_treated:
        return Objection("nobody_treated_you", _("No hospital on this journey has treated you."))
    if is_reviewed:
        return Objection("reviewed_already", _("You have written your review. It stays as it is."))
    if not 1 <= stars <= BEST:
        return Objection("stars_out_of_range", _("Choose from 1 to 5 stars."))
    return why_not_text(text) or _why_not_public(is_public=is_public)


def why_not_text(text: str) -> Objection | None:
    if not text.strip():
        return Objection("text_needed", _("Write it down in a sentence or more."))
    if len(text) > LONGEST:
        return Objection("text_too_long", _("This is too long. Shorten it to 5000 characters."))
    return None


def _why_not_public(*, is_public: bool) -> Objection | None:
    if not is_public:
        return Objection("not_confirmed_public", _("Confirm that everybody on the network may read this."))
    return None


def why_not_answer(text: str, review: Review | None, *, is_theirs: bool) -> Objection | None:
    if review is None:
        return Objection("no_review", _("There is no review to answer."))
    if not is_theirs:
        return Objection("not_your_review", _("This review is about another hospital."))
    if review.answered_at is not None:
        return Objection("answered_already", _("You have answered this review. Your answer stays as it is."))
    return why_not_text(text)


def review_of(journey: Subject) -> ReviewRow | None:
    """The review that the patient wrote on this journey: it is public."""
    each = Review.objects.filter(journey_id=journey.pk).first()
    if each is None:
        return None
    return ReviewRow(
        each.journey_id, each.stars, each.text, each.language, each.written_at, each.answer, each.answered_at
    )
