"""The steps of a journey that are neither medicine nor offers: opening, consent, asking, leaving."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Objection, Refused, refuse_if
from clearpath.journeys import policies, queries
from clearpath.journeys.models import Consent, HandedOver, Journey, Sending
from clearpath.turns.models import Lane, Seat
from clearpath.turns.step import begin, remember, step, take_seats, tell_also

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is misread on the phone


@dataclass(frozen=True, slots=True)
class Asked:
    """One provider to be asked, with the doctor who looks at the journey there."""

    provider_id: UUID
    doctor_id: UUID  # the doctor's organisation
    doctor_person_id: UUID | None = None


def open_for(
    *, patient_id: UUID, facilitator_id: UUID, patient_name: str, country: str, procedure: str, **details: Any
) -> Journey:
    """Begin a journey inside a step that opens one; the facilitator's and the patient's seats are taken."""
    return begin(
        Journey,
        kind="journey",
        about_id=patient_id,
        seats=[
            Seat(position="patient", role="patient", person_id=patient_id),
            Seat(position="facilitator", role="facilitator", organisation_id=facilitator_id),
        ],
        reference="".join(secrets.choice(ALPHABET) for _letter in range(8)),
        patient_name=patient_name,
        country=country,
        procedure=procedure,
        **details,
    )


@step("journeys.start")
def start(
    *, facilitator_id: UUID, patient_name: str, country: str, procedure: str, by: Actor, **details: Any
) -> Journey:
    """Ask a facilitator for help."""
    if by.stands_for is None:
        raise Refused(Objection("sign_in_first", _("Sign in first.")))
    return open_for(
        patient_id=by.stands_for,
        facilitator_id=facilitator_id,
        patient_name=patient_name,
        country=country,
        procedure=procedure,
        **details,
    )


@step("journeys.answer_inquiry")
def answer_inquiry(journey: Journey, *, how: str = "", by: Actor) -> Journey:
    """A human has answered the patient; `how` says by which way."""
    remember(how=how)
    return journey


@step("journeys.open")
def open_journey(journey: Journey, *, by: Actor) -> Journey:
    """Begin to gather story, records and wishes."""
    return journey


@step("journeys.decline_inquiry")
def decline_inquiry(journey: Journey, *, reason: str, by: Actor) -> Journey:
    """Say no to the inquiry, with a reason for the patient. Refused: reason_needed."""
    refuse_if(policies.why_not_without_reason(reason))
    remember(reason=reason)
    return journey


@step("journeys.give_consent")
def give_consent(
    journey: Journey, *, recipient_key: UUID, purpose: str, data_class: str, wording: str, language: str, by: Actor
) -> Consent:
    """Agree that one recipient uses one class of data for one purpose, in these very words.

    Refused: no_such_class, wording_needed, consent_in_force.
    """
    in_force = Consent.objects.filter(
        journey=journey, recipient_key=recipient_key, data_class=data_class, purpose=purpose, withdrawn_at=None
    ).exists()
    refuse_if(policies.why_not_give_consent(data_class, wording, in_force=in_force))
    remember(recipient=str(recipient_key), purpose=purpose, data_class=data_class, wording=wording, language=language)
    return Consent.objects.create(
        journey=journey,
        recipient_key=recipient_key,
        purpose=purpose,
        data_class=data_class,
        wording=wording,
        language=language,
        given_at=by.now,
        given_by_id=by.somebody,
    )


@step("journeys.withdraw_consent")
def withdraw_consent(journey: Journey, consent: Consent, *, by: Actor) -> Consent:
    """Take a consent back: the recipient's sight ends at once. What they already have, `handed_over_to` names.

    Refused: already_withdrawn.
    """
    refuse_if(policies.why_not_withdraw_consent(consent))
    consent.withdrawn_at = by.now
    consent.save(update_fields=["withdrawn_at"])
    remember(recipient=str(consent.recipient_key), data_class=consent.data_class, purpose=consent.purpose)
    return consent


@step("journeys.send_for_review")
def send_for_review(
    journey: Journey, *, to: Sequence[Asked], why: str = "", why_fewer: str = "", by: Actor
) -> list[Lane]:
    """Ask providers and their doctors, each in a lane of its own; who has no consent is left out.

    `why` these, and why fewer than three: the patient reads both.
    Refused: nobody_asked, consent_needed, already_asked, and what the network objects to.
    """
    asked = queries.providers_asked(journey)
    new = [each for each in to if each.provider_id not in asked]
    if to and not new:
        raise Refused(Objection("already_asked", _("These hospitals are already asked.")))
    consented = [each for each in new if queries.has_consent(journey, each.doctor_id, "clinical")]
    refuse_if(policies.why_not_send_for_review(consented, new))
    remember(
        asked=[str(each.provider_id) for each in consented],
        left_out=[str(each.provider_id) for each in new if each not in consented],
        why=why,
        why_fewer=why_fewer,
    )
    Sending.objects.create(
        journey=journey,
        asked=[[str(each.provider_id), str(each.doctor_id)] for each in consented],
        why=why.strip(),
        why_fewer=why_fewer.strip(),
        sent_at=by.now,
    )
    return [_open_lane(journey, each, by) for each in consented]


def _open_lane(journey: Journey, asked: Asked, by: Actor) -> Lane:
    lane = Lane.objects.create(subject_id=journey.pk, number=journey.lanes.count() + 1, opened_at=by.now)
    seats = [
        Seat(position="provider", role="provider", organisation_id=asked.provider_id, lane=lane),
        Seat(
            position="doctor",
            role="doctor",
            organisation_id=asked.doctor_id,
            person_id=asked.doctor_person_id,
            lane=lane,
        ),
    ]
    take_seats(journey, seats, at=by.now)
    recipients = {asked.doctor_id}
    if queries.has_consent(journey, asked.provider_id, "clinical"):
        recipients.add(asked.provider_id)
    for recipient in sorted(recipients, key=str):
        note_handed_over(journey, recipient, "clinical", "journeys.send_for_review", str(_("Health records")), by)
    return lane


def note_handed_over(journey: Journey, recipient_key: UUID, data_class: str, name: str, what: str, by: Actor) -> None:
    """Remember what went to whom, so that a withdrawal can name it. Called inside a step."""
    HandedOver.objects.create(
        journey=journey, recipient_key=recipient_key, data_class=data_class, step=name, what=what[:200], at=by.now
    )


@step("journeys.end_without_offer")
def end_without_offer(journey: Journey, *, by: Actor) -> Journey:
    """No provider made an offer: put in order what is owed."""
    return journey


@step("journeys.end_unsuitable")
def end_unsuitable(journey: Journey, *, by: Actor) -> Journey:
    """Every doctor advised against treatment: put in order what is owed."""
    return journey


@step("journeys.withdraw")
def withdraw(journey: Journey, *, reason: str = "", by: Actor) -> Journey:
    """Leave the journey; a reason may be given and is not asked for."""
    remember(reason=reason)
    return journey


@step("journeys.close_untreated")
def close_untreated(journey: Journey, *, by: Actor) -> Journey:
    """End a journey that came to no treatment."""
    return journey


@step("journeys.close_treated")
def close_treated(journey: Journey, *, by: Actor) -> Journey:
    """End a journey that was left after the treatment."""
    return journey


@step("journeys.change_facilitator")
def change_facilitator(journey: Journey, *, facilitator_id: UUID, by: Actor) -> Seat:
    """Ask another facilitator to take over; the new one accepts the seat, and only then the old one leaves it.

    Refused: same_facilitator.
    """
    if Seat.objects.filter(
        subject_id=journey.pk, position="facilitator", organisation_id=facilitator_id, ended_at=None
    ).exists():
        raise Refused(
            Objection("same_facilitator", _("They already have this seat, or it is already offered to them."))
        )
    tell_also("facilitator")
    remember(facilitator=str(facilitator_id))
    return Seat.objects.create(
        subject_id=journey.pk,
        position="facilitator",
        role="facilitator",
        organisation_id=facilitator_id,
        offered_at=by.now,
        offered_by=by.person_id,
    )
