"""What the network asks of a journey before it settles the fees."""

from datetime import datetime
from typing import Any

from clearpath.money import queries
from clearpath.money.models import Invoice
from clearpath.turns.hooks import question


@question("fees_are_due_and_lawful")
def fees_are_due_and_lawful(journey: Any, at: datetime) -> bool:
    """Whether an invoice is not settled yet, the records are home, and every fee on it is known to be lawful."""
    if not {"invoiced", "handed_over"} <= set(journey.facts):
        return False
    if not Invoice.objects.filter(journey_id=journey.pk, settlement=None).exists():
        return False
    return queries.why_not_settle(journey, at=at) is None
