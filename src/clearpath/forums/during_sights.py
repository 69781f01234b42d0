"""The data class of each field of what happens at a forum and after it."""

from clearpath.forums.models import CheckIn, Held, NextStep, Rating
from clearpath.turns import sight


def register() -> None:
    """How meetings went is the organizer's too; what a delegate says in private is theirs alone, next steps both's."""
    sight.register(
        CheckIn,
        subject="forum_id",
        owners=("delegate__organisation_id", "forum__organizer_id"),
        classes=dict.fromkeys(("delegate_id", "day", "at"), "business"),
    )
    sight.register(
        Held,
        subject="forum_id",
        owners=("meeting__first__organisation_id", "meeting__second__organisation_id", "forum__organizer_id"),
        classes=dict.fromkeys(("state", "absent_id", "begins_at", "hall_id", "table", "recorded_at"), "business"),
    )
    sight.register(
        Rating,
        subject="forum_id",
        owners=("delegate__organisation_id",),
        person="delegate__person_id",
        classes=dict.fromkeys(
            ("meeting_id", "delegate_id", "worth_it", "next_step", "what", "due_on", "shares_contact", "rated_at"),
            "business",
        ),
    )
    sight.register(
        NextStep,
        subject="pk",
        owners=("first_id", "second_id"),
        classes=dict.fromkeys(
            ("title", "first_id", "second_id", "due_on", "done_at", "dropped_because", "stage", "facts", "opened_at",
             "stage_since", "closed_at"),
            "business",
        ),
    )  # fmt: skip
