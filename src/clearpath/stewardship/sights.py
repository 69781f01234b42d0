"""The data class of each field of a version of the charter."""

from clearpath.stewardship.models import CharterVersion, Comment, Voice
from clearpath.turns import sight


def register() -> None:
    """A proposal is addressed to the organisations that are asked; what one of them says, to the steward."""
    sight.register(
        CharterVersion,
        subject="pk",
        owners=("voices__organisation_id",),  # at most one voice an organisation, so no row comes twice
        classes=dict.fromkeys(
            ("version", "title", "source", "compared_with", "roles_asked", "enacted_at", "stage", "facts",
             "opened_at", "stage_since", "closed_at"),
            "business",
        ),
    )  # fmt: skip
    sight.register(
        Voice,
        subject="version_id",
        owners=("organisation_id",),
        classes=dict.fromkeys(("organisation_id", "roles", "agrees", "voted_at"), "business"),
    )
    sight.register(
        Comment,
        subject="version_id",
        owners=("organisation_id",),
        classes=dict.fromkeys(("organisation_id", "person_id", "role", "text", "written_at"), "business"),
    )
