"""The data class of each field of a forum: business, of who runs it, who is invited, and who meets whom."""

from clearpath.forums.models import Delegate, Forum, Meeting
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
