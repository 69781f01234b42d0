"""The data class of each field of campaigns, advertisements and leads."""

from clearpath.marketing.models import Campaign, Creative, Dispute, Lead
from clearpath.turns import sight

LIFE = ("stage", "facts", "opened_at", "stage_since", "closed_at")


def register() -> None:
    """A lead's person is identity and contact, which no agency sees; where it came from is source, the agency's own."""
    sight.register(
        Campaign,
        subject="pk",
        owners=("client_id", "agency_id"),
        classes=dict.fromkeys(
            ("name", "client_id", "client_role", "agency_id", "claims_doctor_id", "under_agreement_id", "services",
             "countries", "languages", "may_claim", "plan", "budget_minor", "currency", "ended_because", *LIFE),
            "business",
        ),
    )  # fmt: skip
    sight.register(
        Dispute,
        subject="campaign_id",
        owners=("campaign__client_id", "campaign__agency_id"),
        classes=dict.fromkeys(
            ("about", "text", "before_steward", "raised_at", "answer", "answered_by", "answered_at"), "business"
        ),
    )
    sight.register(
        Creative,
        subject="pk",
        owners=("client_id", "agency_id", "doctor_id"),
        classes=dict.fromkeys(
            ("part_of_id", "client_id", "agency_id", "doctor_id", "title", "text", "landing_page", "countries",
             "languages", "first_day", "last_day", "picture_key", "picture_alt", "claims_note", "claims_checked_at",
             "reviewed", "stopped_because", *LIFE),
            "business",
        ),
    )  # fmt: skip
    sight.register(
        Lead,
        subject="pk",
        owners=("agency_id",),
        classes={
            **dict.fromkeys(
                ("name", "country", "language", "opened_at", "stage_since", "closed_at", "facts"), "identity"
            ),
            **dict.fromkeys(
                (
                    "email",
                    "phone",
                    "asks",
                    "consent_wording",
                    "consent_language",
                    "consented_at",
                    "measuring_wording",
                    "rejected_because",
                    "known_by_id",
                    "signs",
                ),
                "contact",
            ),
            **dict.fromkeys(
                ("token", "agency_id", "came_by_id", "channel", "link_id", "handed_over_at", "stage"), "source"
            ),
        },
    )
