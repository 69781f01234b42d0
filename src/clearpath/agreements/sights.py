"""The data class of each field of an agreement."""

from clearpath.agreements.models import Agreement, Fee, Reopening, Signature, Terms
from clearpath.turns import sight


def register() -> None:
    """Terms are business of the two parties; what somebody earns is commission, seen by payer and payee."""
    sight.register(
        Agreement,
        subject="pk",
        owners=("first_id", "second_id"),
        classes=dict.fromkeys(
            ("title", "first", "first_id", "first_role", "second", "second_id", "second_role", "signed_at",
             "ended_because", "stage", "facts", "opened_at", "stage_since", "closed_at"),
            "business",
        ),
    )  # fmt: skip
    parties = ("terms__agreement__first_id", "terms__agreement__second_id")
    sight.register(
        Terms,
        subject="agreement_id",
        owners=("agreement__first_id", "agreement__second_id"),
        classes=dict.fromkeys(
            (
                "number",
                "text",
                "parts",
                "exclusivity",
                "data_purposes",
                "attribution",
                "attribution_days",
                "language",
                "translations",
                "note",
                "governing_law",
                "starts_on",
                "ends_on",
                "proposed_by_id",
                "proposed_at",
            ),
            "business",
        ),
    )
    sight.register(
        Fee,
        subject="terms__agreement_id",
        owners=("payer_id", "payee_id"),
        classes=dict.fromkeys(
            ("number", "fee_type", "payer_id", "payer_role", "payee_id", "payee_role", "rate_bps", "amount_minor",
             "cap_minor", "base", "per", "currency", "jurisdiction", "region", "institution", "care_paid_by", "bundled",
             "verdict", "rule", "checked_at", "ruled_lawful_because", "ruled_source", "ruled_under",
             "ruled_at", "is_lawful", "answer"),
            "commission",
        ),
    )  # fmt: skip
    sight.register(
        Reopening,
        subject="fee__terms__agreement_id",
        owners=("fee__payer_id", "fee__payee_id"),
        classes=dict.fromkeys(("fee_id", "was", "was_rule", "became", "became_rule", "reopened_at"), "commission"),
    )
    sight.register(
        Signature,
        subject="terms__agreement_id",
        owners=parties,
        classes=dict.fromkeys(("position", "organisation_id", "person_id", "signed_at"), "business"),
    )
