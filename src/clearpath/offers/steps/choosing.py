"""The facilitator lays the offers before the patient, and the patient chooses."""

from typing import cast
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import refuse_if
from clearpath.offers import choices, policies, queries
from clearpath.offers.contract.parts import digest_of, written
from clearpath.offers.models import AskedAgain, Choice, Offer
from clearpath.offers.steps.ending import end
from clearpath.turns.step import remember, step
from clearpath.turns.subject import Subject


@step("offers.present")
def present(journey: Subject, offer: Offer, *, by: Actor) -> Offer:
    """Explain an offer to the patient. Refused: offer_not_open, offer_expired."""
    refuse_if(policies.why_not_answer(offer, at=by.now))
    offer.presented_at = by.now
    offer.save(update_fields=["presented_at"])
    remember(offer=offer.pk)
    return offer


@step("offers.accept")
def accept(journey: Subject, offer: Offer, *, insurance: str, language: str = "", by: Actor) -> Offer:
    """Choose one offer for the journey; the others are declined with thanks.

    `insurance` for complications was offered: taken, own, or refused. The contract is made in `language`.
    Refused: offer_not_open, offer_expired, comparison_not_seen, cooling_off, insurance_answer_needed.
    """
    refuse_if(policies.why_not_accept(offer, seen_at=choices.seen_at(offer), at=by.now))
    refuse_if(policies.why_not_insured(insurance))
    _accept(journey, offer, insurance, language, by)
    end(Offer.objects.filter(journey_id=journey.pk, state=Offer.State.SENT), Offer.State.DECLINED, by)
    return offer


@step("offers.accept_revision")
def accept_revision(journey: Subject, offer: Offer, *, language: str = "", by: Actor) -> Offer:
    """Say yes to the changed price or plan. Refused: not_a_changed_offer, offer_not_open, offer_expired."""
    refuse_if(policies.why_not_accept_revision(offer, at=by.now))
    before = Choice.objects.filter(offer__journey_id=journey.pk).order_by("-chosen_at").first()
    _accept(journey, offer, before.insurance if before else Choice.Insurance.NOT_ASKED, language, by)
    return offer


def _accept(journey: Subject, offer: Offer, insurance: str, language: str, by: Actor) -> None:
    """The yes, with the contract in the words that hold from now on."""
    offer.state, offer.accepted_at = Offer.State.ACCEPTED, by.now
    offer.save(update_fields=["state", "accepted_at"])
    language = language or by.language
    contract = written(journey, offer, insurance=insurance, language=language, at=by.now)
    choice = Choice.objects.create(
        offer=offer,
        insurance=insurance,
        contract=contract,
        contract_sha256=digest_of(contract),
        language=language,
        chosen_at=by.now,
    )
    remember(
        offer=offer.pk,
        total_minor=offer.total_minor,
        currency=offer.currency,
        insurance=insurance,
        contract=choice.contract_sha256,
    )


@step("offers.ask_again")
def ask_again(journey: Subject, *, wish: str, by: Actor) -> list[AskedAgain]:
    """Ask every provider who is still asked for another offer. Refused: reason_needed."""
    refuse_if(policies.why_not_without_reason(wish))
    remember(wish=wish)
    return [
        AskedAgain.objects.create(
            journey_id=journey.pk,
            lane_id=cast(UUID, seat.lane_id),
            provider_id=cast(UUID, seat.organisation_id),
            wish=wish,
            asked_at=by.now,
        )
        for seat in queries.seats_asked(journey)
    ]
