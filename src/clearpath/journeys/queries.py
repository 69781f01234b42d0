"""Reads about journeys and consents; always scoped to the actor."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.journeys.models import Consent, HandedOver, Journey
from clearpath.turns.models import Seat
from clearpath.turns.sight import visible
from clearpath.turns.subject import Subject


def journeys_for(actor: Actor) -> QuerySet[Journey]:
    """The journeys of which the actor sees anything, newest first."""
    return visible(Journey, to=actor).order_by("-pk")


def journey_for(actor: Actor, journey_id: UUID) -> Journey:
    """Raises NotFound alike for a missing journey and for one the actor may not see."""
    found = journeys_for(actor).filter(pk=journey_id).first()
    if found is None:
        raise NotFound(Objection("no_such_journey", _("There is no such journey.")))
    return found


def has_consent(journey: Journey, recipient_key: UUID, data_class: str) -> bool:
    """Whether the patient's consent to this recipient and class is in force."""
    return Consent.objects.filter(
        journey=journey, recipient_key=recipient_key, data_class=data_class, withdrawn_at=None
    ).exists()


def consent_in_force(subject: Subject, by: Actor) -> bool:
    """Answers the hook of the same name: the fact `consent`, for whoever acts.

    For a recipient it is their own consent; for patient, facilitator and network, any on the journey.
    """
    if subject.kind != "journey":
        return False
    found = Consent.objects.filter(journey_id=subject.pk, withdrawn_at=None)
    if by.role not in {"patient", "facilitator", "network"}:
        found = found.filter(recipient_key=by.organisation_id or by.person_id, data_class="clinical")
    return found.exists()


def consented(to: Actor, data_class: str, subject_path: str) -> Q:
    """Answers the hook of the same name: rows whose patient consented to this recipient, as a condition."""
    return Q(
        Exists(
            Consent.objects.filter(
                journey_id=OuterRef(subject_path),
                recipient_key=to.organisation_id or to.person_id,
                data_class=data_class,
                withdrawn_at=None,
            )
        )
    )


def providers_asked(journey: Journey) -> set[UUID]:
    """The providers who have a lane that still runs."""
    seats = Seat.objects.filter(subject_id=journey.pk, role="provider", ended_at=None, lane__ended_at=None)
    return {key for key in seats.values_list("organisation_id", flat=True) if key}


def consents_of(actor: Actor, journey: Journey) -> QuerySet[Consent]:
    """What the patient agreed to, newest first."""
    return visible(Consent, to=actor).filter(journey=journey).order_by("-given_at", "pk")


def handed_over_to(actor: Actor, journey: Journey, recipient_key: UUID) -> list[HandedOver]:
    """What a recipient already has, in the order in which it went."""
    found = visible(HandedOver, to=actor).filter(journey=journey, recipient_key=recipient_key)
    return list(found.order_by("at", "pk"))
