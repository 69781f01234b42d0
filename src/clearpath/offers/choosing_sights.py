"""The data class of each field of how a patient chooses."""

from clearpath.offers.models import Acknowledgement, Choice, ComparisonSeen, QuestionAsked
from clearpath.turns import sight


def register() -> None:
    """A hospital sees the question that reached it and its own answer; what the patient has looked at, nobody else."""
    sight.register(
        QuestionAsked,
        subject="journey_id",
        lane="lane_id",
        owners=("journey__about_id", "provider_id"),
        classes=dict.fromkeys(("question", "provider", "text", "asked_at", "answer", "answered_at"), "offer"),
    )
    sight.register(
        ComparisonSeen,
        subject="journey_id",
        owners=("journey__about_id",),
        classes={"seen_at": "commission"},
    )
    sight.register(
        Acknowledgement,
        subject="disclosure__journey_id",
        owners=("disclosure__journey__about_id",),
        classes=dict.fromkeys(("shown", "language", "at"), "commission"),
    )
    sight.register(
        Choice,
        subject="offer__journey_id",
        lane="offer__lane_id",
        owners=("offer__journey__about_id", "offer__provider_id"),
        classes=dict.fromkeys(("insurance", "contract", "contract_sha256", "language", "chosen_at"), "offer"),
    )
