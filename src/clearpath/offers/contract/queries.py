"""Reads the contract of an accepted offer; for the patient and the hospital, who are its parties."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.offers.contract.parts import written
from clearpath.offers.contract.printed import printed
from clearpath.offers.models import Choice, Offer
from clearpath.turns.sight import visible
from clearpath.turns.subject import Subject

PARTIES = ("patient", "provider")


def choice_for(actor: Actor, journey: Subject) -> Choice | None:
    """The choice that holds now, for a party to the contract; None where there is none."""
    return choice_seen_by(actor, journey) if actor.role in PARTIES else None


def choice_seen_by(actor: Actor, journey: Subject) -> Choice | None:
    """The choice that holds now; None where there is none that the actor may see."""
    found = visible(Choice, to=actor).filter(offer__journey_id=journey.pk, offer__state=Offer.State.ACCEPTED)
    return found.select_related("offer").first()


def contract_for(actor: Actor, journey: Subject, *, language: str = "") -> bytes:
    """The contract as PDF; in another language than the one it was made in, for reading only.

    Raises NotFound alike where none was made and for who is no party to it.
    """
    choice = choice_for(actor, journey)
    if choice is None:
        raise NotFound(Objection("no_such_contract", _("There is no such contract.")))
    is_translation = bool(language) and language != choice.language
    contract = choice.contract
    if is_translation:
        contract = written(
            journey,
            choice.offer,
            insurance=choice.insurance,
            language=language,
            at=choice.chosen_at,
            made_in=choice.language,
        )
    return printed(contract, sha256=choice.contract_sha256, is_translation=is_translation)


def digest_on(offer_id: UUID) -> str:
    """The fingerprint of the contract of an offer, "" where none was made. Not scoped: money keeps it when signed."""
    return Choice.objects.filter(offer_id=offer_id).values_list("contract_sha256", flat=True).first() or ""
