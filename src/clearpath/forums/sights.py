"""The data class of each field of a forum: business, of who runs it, who is invited, and who meets whom."""

from clearpath.forums.models import CheckIn, Delegate, Forum, Held, Meeting, NextStep, Rating
from clearpath.turns import sight


def register() -> None:
    """A forum is addressed to its participants; what a delegate offers and wants, to the organizer who plans."""
    sight.register(
        Forum,
        subject="pk",
        owners=("participants__organisation_id",),  # one row an organisation, the organizer's own among them
        classes=dict.fromkeys(
            ("name", "organizer_id", "country", "city", "time_zone", "begins_at", "ends_at", "slot_minutes", "tables",
             "agendas_published_at", "stage", "facts", "opened_at", "stage_since", "closed_at"),
            "business",
        ),
    )  # fmt: skip
    sight.register(
        Delegate,
        subject="forum_id",
        owners=("organisation_id", "forum__organizer_id"),
        classes=dict.fromkeys(("organisation_id", "role", "person_id", "offers", "wants", "registered_at"), "business"),
    )
    sight.register(
        Meeting,
        subject="forum_id",
        owners=("first__organisation_id", "second__organisation_id", "forum__organizer_id"),
        classes=dict.fromkeys(
            ("first_id", "second_id", "first_says", "second_says", "begins_at", "table", "changed_because", "state"),
            "business",
        ),
    )
    register_outcomes()


def register_outcomes() -> None:
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
        classes=dict.fromkeys(("state", "absent_id", "begins_at", "table", "recorded_at"), "business"),
    )
    sight.register(
        Rating,
        subject="forum_id",
        owners=("delegate__organisation_id",),
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
