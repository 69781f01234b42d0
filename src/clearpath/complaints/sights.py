"""The data class of each field of a complaint."""

from clearpath.complaints.models import Complaint, Post
from clearpath.turns import sight


def register() -> None:
    """Seen by the patient and the steward; who is complained about is asked by message, and sees that alone."""
    sight.register(
        Complaint,
        subject="pk",
        owners=("about_id",),
        classes=dict.fromkeys(
            ("category", "text", "about_journey_id", "settled", "about", "about_id", "stage", "facts", "opened_at",
             "stage_since", "closed_at"),
            "complaint",
        ),
    )  # fmt: skip
    sight.register(
        Post,
        subject="complaint_id",
        owners=("complaint__about_id",),
        classes=dict.fromkeys(("role", "author_id", "text", "written_at"), "complaint"),
    )
