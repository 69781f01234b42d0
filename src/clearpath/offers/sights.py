"""The data class of each field of offers and interests."""

from clearpath.offers.models import (
    Admission,
    AskedAgain,
    Disclosure,
    Interest,
    Offer,
    OfferItem,
    RequestDeclined,
)
from clearpath.turns import sight

PATIENT = "journey__about_id"


def register() -> None:
    """Say who sees what: a provider its own offers alone, an organisation the interests that name it."""
    offer = (
        "provider", "state", "total_minor", "currency", "stay_nights", "includes", "excludes", "why_changed",
        "valid_until", "made_at", "presented_at", "ended_at", "why_ended", "accepted_at",
        "surgeon", "anaesthetist", "site", "package_id", "starts_on", "ends_on", "deposit_minor", "refunds",
        "complications_paid_by", "complications_note", "aftercare",
    )  # fmt: skip
    own = {
        Offer: offer,
        RequestDeclined: ("provider", "reason", "declined_at"),
        AskedAgain: ("provider", "wish", "asked_at"),
    }
    for model, names in own.items():
        sight.register(
            model,
            subject="journey_id",
            lane="lane_id",
            owners=(PATIENT, "provider_id"),
            classes=dict.fromkeys(names, "offer"),
        )
    sight.register(
        OfferItem,
        subject="offer__journey_id",
        lane="offer__lane_id",
        owners=("offer__journey__about_id", "offer__provider_id"),
        classes=dict.fromkeys(("number", "label", "kind", "standing", "amount_minor", "tax_bps", "maker"), "offer"),
    )
    sight.register(
        Disclosure,
        subject="journey_id",
        owners=(PATIENT,),
        classes=dict.fromkeys(("at", "acknowledged_at", "reopened_at"), "commission"),
    )
    interest = ("kind", "first", "second", "share_bps", "rate_bps", "amount_minor", "currency", "detail")
    sight.register(
        Interest,
        subject="disclosure__journey_id",
        owners=("disclosure__journey__about_id", "first_id", "second_id"),
        classes=dict.fromkeys(interest, "commission"),
    )
    sight.register(
        Admission,
        subject="journey_id",
        lane="lane_id",
        owners=(PATIENT,),
        classes=dict.fromkeys(("admitted_at", "hospital_number"), "identity"),
    )
