"""The data class of each field of money."""

from clearpath.money.models import Contract, Deposit, Invoice, Refund, SettledFee, Settlement
from clearpath.turns import sight


def register() -> None:
    """Say who sees what: prices as offers are seen; fees as what somebody earns, by who pays and who is paid."""
    prices = {
        Contract: ("provider", "total_minor", "currency", "wording", "document_sha256", "language", "signed_at"),
        Deposit: ("provider", "amount_minor", "currency", "reference", "held_at", "released_at"),
        Invoice: ("provider", "number", "total_minor", "deposit_minor", "currency", "issued_at"),
        Refund: ("provider", "held_minor", "amount_minor", "currency", "reason", "refunded_at"),
    }
    for model, names in prices.items():
        sight.register(
            model,
            subject="journey_id",
            owners=("journey__about_id", "provider_id"),
            classes=dict.fromkeys(names, "offer"),
        )
    sight.register(
        Settlement, subject="journey_id", owners=("journey__about_id",), classes={"settled_at": "commission"}
    )
    sight.register(
        SettledFee,
        subject="settlement__journey_id",
        owners=("settlement__journey__about_id", "payer_id", "payee_id"),
        classes=dict.fromkeys(("payer", "payee", "fee_type", "amount_minor", "currency"), "commission"),
    )
