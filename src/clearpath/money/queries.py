"""Reads about money; scoped to the actor, but for what steps need to know."""

from datetime import datetime
from typing import Any

from django.db.models import Sum

from clearpath.agreements.queries import FeeRow
from clearpath.money.models import Contract, Deposit, Invoice
from clearpath.offers import queries as offers
from clearpath.offers.interests import fees_on, organisations_on
from clearpath.turns.subject import Subject


def contract_in_force(journey: Subject) -> Contract | None:
    """The contract for the offer that is accepted now; not scoped to an actor: steps decide by it."""
    accepted = offers.accepted_offer(journey)
    return None if accepted is None else Contract.objects.filter(offer_id=accepted.pk).first()


def held_minor(journey: Subject) -> int:
    """What is held in deposits, in minor units."""
    return _sum(Deposit.objects.filter(journey_id=journey.pk, released_at=None), "amount_minor")


def invoiced_minor(journey: Subject) -> int:
    """What was invoiced so far, in minor units."""
    return _sum(Invoice.objects.filter(journey_id=journey.pk), "total_minor")


def _sum(rows: Any, name: str) -> int:
    return int(rows.aggregate(total=Sum(name))["total"] or 0)


def fees_due(journey: Subject, *, at: datetime) -> list[FeeRow]:
    """The fees in force among the parties of a journey; not scoped to an actor: the network settles by it."""
    return fees_on(journey, organisations_on(journey), at=at)
