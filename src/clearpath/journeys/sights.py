"""The data class of each field of a journey."""

from clearpath.journeys.models import Consent, HandedOver, Journey, Sending
from clearpath.turns import sight


def register() -> None:
    """Say who sees what of journeys and consents."""
    sight.register(
        Journey,
        subject="pk",
        owners=("about_id",),
        classes={
            **dict.fromkeys(
                ("reference", "patient_name", "born_on", "country", "language", "stage", "facts", "opened_at",
                 "stage_since", "closed_at", "about"),
                "identity",
            ),
            **dict.fromkeys(("email", "phone"), "contact"),
            **dict.fromkeys(("procedure", "story"), "clinical"),
            "wishes": "travel",
            **dict.fromkeys(("came_from", "source_reference"), "source"),
        },
    )  # fmt: skip
    consent = dict.fromkeys(("recipient_key", "purpose", "data_class", "given_at", "withdrawn_at"), "identity")
    sight.register(
        Consent,
        subject="journey_id",
        owners=("journey__about_id", "recipient_key"),
        concerns="recipient_key",
        classes=consent | {"wording": "identity", "language": "identity"},
    )
    sight.register(
        HandedOver,
        subject="journey_id",
        owners=("journey__about_id",),
        concerns="recipient_key",
        classes=dict.fromkeys(("recipient_key", "data_class", "step", "what", "at"), "identity"),
    )
    sight.register(  # hospitals do not see who else is asked
        Sending,
        subject="journey_id",
        owners=("journey__about_id",),
        classes=dict.fromkeys(("asked", "why", "why_fewer", "sent_at"), "offer"),
    )
