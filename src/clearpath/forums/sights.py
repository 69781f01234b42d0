"""The data class of each field of a forum: business, of who runs it, who is invited, and who meets whom."""

from clearpath.forums.models import (
    Absence,
    Arranged,
    Delegate,
    Forum,
    Hall,
    Meeting,
    Move,
    Place,
    Plan,
    Precedence,
    Quota,
    Registration,
    RegistrationPage,
    Session,
    Topic,
    Wish,
)
from clearpath.turns import sight
from clearpath.turns.hooks import done_in_private


def register() -> None:
    """A forum is addressed to its participants; what a delegate offers and wants, to the organizer who plans."""
    sight.register(
        Forum,
        subject="pk",
        owners=("participants__organisation_id",),  # one row an organisation, the organizer's own among them
        classes=dict.fromkeys(
            ("name", "organizer_id", "country", "city", "time_zone", "begins_at", "ends_at", "slot_minutes", "tables",
             "acceptance", "agendas_published_at", "follows_id", "stage", "facts", "opened_at", "stage_since",
             "closed_at"),
            "business",
        ),
    )  # fmt: skip
    sight.register(
        Delegate,
        subject="forum_id",
        owners=("organisation_id", "forum__organizer_id"),
        classes=dict.fromkeys(
            ("organisation_id", "role", "person_id", "guest_organisation", "guest_name", "guest_email", "offers",
             "wants", "least", "most", "booth_id", "asks_before_moving", "registered_at"),
            "business",
        ),
    )  # fmt: skip
    sight.register(
        Meeting,
        subject="forum_id",
        owners=("first__organisation_id", "second__organisation_id", "forum__organizer_id"),
        classes=dict.fromkeys(
            ("first_id", "second_id", "first_says", "second_says", "begins_at", "hall_id", "table", "changed_because",
             "state"),
            "business",
        ),
    )  # fmt: skip
    _register_arranged()
    _register_room()
    _register_wishes()
    _register_plans()
    _register_asking()
    done_in_private("forums.wish", "forums.answer_meeting", "forums.answer_move", "forums.rate")


def _register_arranged() -> None:
    """When two meet is theirs to know; in which order meetings lie is the organizer's, since it names others."""
    sight.register(
        Arranged,
        subject="forum_id",
        owners=("first__organisation_id", "second__organisation_id", "forum__organizer_id"),
        classes=dict.fromkeys(("first_id", "second_id", "begins_at", "session_id"), "business"),
    )
    sight.register(
        Precedence,
        subject="forum_id",
        owners=("forum__organizer_id",),
        classes=dict.fromkeys(("first_id", "second_id", "then_first_id", "then_second_id"), "business"),
    )


def _register_room() -> None:
    """When and where one meets, and how many of each trade: for all who are invited."""
    for model, fields in (
        (Session, ("title", "begins_at", "ends_at")),
        (Hall, ("number", "name", "tables", "minutes_to_next", "is_online")),
        (Place, ("trade", "most")),
        (Quota, ("trade", "others", "least", "most")),
    ):
        sight.register(
            model,
            subject="forum_id",
            owners=("forum__participants__organisation_id",),
            classes=dict.fromkeys(fields, "business"),
        )


def _register_wishes() -> None:
    """What a delegate says of themselves, and whom they wish to meet: theirs, and the organizer's who plans."""
    for model, fields in (
        (Topic, ("side", "kind", "code", "yearly_volume")),
        (Wish, ("other_id", "rank")),
        (Absence, ("begins_at", "ends_at")),
    ):
        sight.register(
            model,
            subject="delegate__forum_id",
            owners=("delegate__organisation_id", "delegate__forum__organizer_id"),
            classes=dict.fromkeys(fields, "business"),
        )


def _register_plans() -> None:
    """A plan is the organizer's until it is out; what a repair asks of somebody is theirs too."""
    sight.register(
        Plan,
        subject="forum_id",
        owners=("forum__organizer_id",),
        classes=dict.fromkeys(
            ("kind", "asks", "status", "score", "bound", "says", "meetings", "progress", "asked_at", "done_at",
             "published_at"),
            "business",
        ),
    )  # fmt: skip
    sight.register(
        Move,
        subject="plan__forum_id",
        owners=("delegate__organisation_id", "plan__forum__organizer_id"),
        classes=dict.fromkeys(("delegate_id", "because", "says", "answered_at"), "business"),
    )


def _register_asking() -> None:
    """What somebody writes who asks to come is the organizer's alone."""
    sight.register(
        Registration,
        subject="forum_id",
        owners=("forum__organizer_id",),
        classes=dict.fromkeys(("trade", "said", "sent_at", "declined_because", "declined_at"), "business"),
    )
    sight.register(
        RegistrationPage,
        subject="forum_id",
        owners=("forum__participants__organisation_id",),
        classes=dict.fromkeys(("opened_at", "ended_at"), "business"),
    )
