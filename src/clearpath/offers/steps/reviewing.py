"""A treated patient reviews the hospital, once and in public; the hospital answers beneath."""

from django.utils.translation import get_language

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import refuse_if
from clearpath.offers import outcomes, reviews
from clearpath.offers.models import Outcome, Review
from clearpath.turns.step import remember, step
from clearpath.turns.subject import Subject


@step("offers.review")
def review(journey: Subject, *, stars: int, text: str, is_public: bool, language: str = "", by: Actor) -> Review:
    """Say in public how it was; once a journey, and never edited.

    Refused: nobody_treated_you, reviewed_already, stars_out_of_range, text_needed, text_too_long,
    not_confirmed_public.
    """
    treated = outcomes.note_outcome(journey, Outcome.State.WAITING, at=by.now)
    written = Review.objects.filter(journey_id=journey.pk).exists()
    refuse_if(
        reviews.why_not_review(text, stars, is_public=is_public, is_treated=treated is not None, is_reviewed=written)
    )
    assert treated is not None  # noqa: S101 - the policy refuses it
    remember(stars=stars, text=text)
    return Review.objects.create(
        journey_id=journey.pk,
        provider_id=treated.provider_id,
        stars=stars,
        text=text,
        language=language or get_language() or "en",
        written_at=by.now,
    )


@step("offers.answer_review")
def answer_review(journey: Subject, *, text: str, by: Actor) -> Review:
    """Answer beneath a review, once. Refused: no_review, not_your_review, answered_already, text_needed."""
    found = Review.objects.filter(journey_id=journey.pk).first()
    is_theirs = found is not None and found.provider_id == by.organisation_id
    refuse_if(reviews.why_not_answer(text, found, is_theirs=is_theirs))
    assert found is not None  # noqa: S101 - the policy refuses it
    found.answer, found.answered_at = text, by.now
    found.save(update_fields=["answer", "answered_at"])
    remember(review=found.pk, text=text)
    return found
