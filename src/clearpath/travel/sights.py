"""The data class of each field of travel."""

from clearpath.travel.models import Arrival, HomeTravel, Invitation, TravelPlan
from clearpath.turns import sight


def register() -> None:
    """Say who sees what: travel is for the patient, the facilitator and the hospital, never for the doctor."""
    travel = {
        TravelPlan: ("arrives_on", "leaves_on", "airport", "stay", "contact", "planned_at"),
        Arrival: ("arrived_on", "note", "confirmed_at"),
        HomeTravel: ("leaves_on", "transport", "sent_at"),
    }
    for model, names in travel.items():
        sight.register(
            model, subject="journey_id", owners=("journey__about_id",), classes=dict.fromkeys(names, "travel")
        )
    invitation = ("provider", "expected_from", "expected_until", "companions", "text", "issued_at")
    sight.register(
        Invitation,
        subject="journey_id",
        lane="lane_id",
        owners=("journey__about_id",),
        classes=dict.fromkeys(invitation, "travel"),
    )
