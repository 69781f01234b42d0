"""Explaining, consenting, treating."""

from datetime import date
from typing import cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Objection, Refused, refuse_if
from clearpath.records import policies
from clearpath.records.models import InformedConsent, Note
from clearpath.records.steps.notes import keep
from clearpath.turns.models import Lane
from clearpath.turns.step import remember, step
from clearpath.turns.subject import Subject


@step("records.explain_treatment")
def explain_treatment(journey: Subject, *, text: str, language: str, lane: Lane | None = None, by: Actor) -> Note:
    """Explain the treatment, its risks and alternatives, in a language that the patient understands.

    Refused: text_needed, language_needed.
    """
    refuse_if(policies.why_not_without_text(text))
    refuse_if(policies.why_not_without_language(language))
    return keep(journey, Note.Kind.EXPLANATION, text, lane, by, language=language)


@step("records.give_informed_consent")
def give_informed_consent(journey: Subject, *, wording: str, language: str, by: Actor) -> InformedConsent:
    """Agree to the treatment as it was explained last, in these very words.

    Refused: nothing_explained, wording_needed, informed_consent_in_force.
    """
    explained = Note.objects.filter(journey_id=journey.pk, kind=Note.Kind.EXPLANATION).order_by("-pk").first()
    in_force = InformedConsent.objects.filter(journey_id=journey.pk, withdrawn_at=None).exists()
    refuse_if(
        policies.why_not_give_informed_consent(wording, language, is_explained=explained is not None, in_force=in_force)
    )
    assert explained is not None  # noqa: S101 - the policy refuses it
    remember(wording=wording, language=language, explanation=explained.pk)
    return InformedConsent.objects.create(
        journey_id=journey.pk,
        explanation=explained,
        wording=wording,
        language=language,
        given_at=by.now,
        given_by_id=cast(UUID, by.person_id),
    )


@step("records.withdraw_informed_consent")
def withdraw_informed_consent(journey: Subject, *, reason: str = "", by: Actor) -> InformedConsent:
    """Take the yes to the treatment back; a reason may be given and is not asked for.

    Refused: no_informed_consent.
    """
    consent = InformedConsent.objects.filter(journey_id=journey.pk, withdrawn_at=None).first()
    if consent is None:
        raise Refused(Objection("no_informed_consent", _("There is no consent to take back.")))
    consent.withdrawn_at, consent.why_withdrawn = by.now, reason
    consent.save(update_fields=["withdrawn_at", "why_withdrawn"])
    remember(consent=consent.pk, reason=reason)
    return consent


@step("records.treat")
def treat(journey: Subject, *, text: str, treated_on: date, lane: Lane | None = None, by: Actor) -> Note:
    """Record what was done: procedure, findings, complications, implants, medicines.

    Refused: text_needed, day_is_ahead.
    """
    refuse_if(policies.why_not_without_text(text))
    refuse_if(policies.why_not_on(treated_on, today=by.now.date()))
    return keep(journey, Note.Kind.TREATMENT, text, lane, by, happened_on=treated_on)
