"""Reads about money; scoped to the actor, but for what steps need to know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from clearpath.agreements.queries import FeeRow, why_not_pay
from clearpath.charter.actor import Actor
from clearpath.core.money import as_text
from clearpath.core.outcomes import Objection
from clearpath.money.models import Contract, Deposit, Invoice, Refund, SettledFee
from clearpath.offers import queries as offers
from clearpath.offers.interests import fees_on, organisations_on
from clearpath.offers.wording import FEES
from clearpath.parties import queries as parties
from clearpath.turns.sight import shown, visible
from clearpath.turns.subject import Subject


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """Something that was signed, held, asked for or given back. Minor units of `currency`."""

    name: Any
    at: datetime
    amount_minor: int
    currency: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FeeSettled:
    """Who earned how much from whom."""

    payer: str
    payee: str
    why: Any
    amount_minor: int
    currency: str


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
    """The fees in force among the parties of a journey that are owed for its treatment.

    What marketing is paid for otherwise (`marketing.earnings`) is not. Not scoped: the network settles by it.
    """
    return [fee for fee in fees_on(journey, organisations_on(journey), at=at) if fee.per == "treated"]


def why_not_settle(journey: Subject, *, at: datetime) -> Objection | None:
    """Why the fees that are due may not be paid now: the law of the place is asked again, knowing the price."""
    invoices = Invoice.objects.filter(journey_id=journey.pk, settlement=None)
    currency = invoices.values_list("currency", flat=True).first() or ""
    return why_not_pay(fees_due(journey, at=at), price_minor=_sum(invoices, "total_minor"), currency=currency)


def currency_on(journey: Subject) -> str:
    """The currency of what is held, else of the contract in force; "" when there is neither."""
    held = Deposit.objects.filter(journey_id=journey.pk, released_at=None).values_list("currency", flat=True).first()
    contract = contract_in_force(journey)
    return held or (contract.currency if contract else "")


def money_rows_for(actor: Actor, journey: Subject) -> list[MoneyRow]:
    """Contracts, deposits, invoices and refunds that the actor may see, oldest first."""
    rows = []
    for contract in visible(Contract, to=actor).filter(journey_id=journey.pk):
        seen = shown(contract, to=actor)
        rows.append(MoneyRow(_("Contract signed"), seen.signed_at, seen.total_minor, seen.currency))
    for deposit in visible(Deposit, to=actor).filter(journey_id=journey.pk):
        seen = shown(deposit, to=actor)
        name = _("Deposit, used or given back") if seen.released_at else _("Deposit held")
        rows.append(MoneyRow(name, seen.held_at, seen.amount_minor, seen.currency, seen.reference))
    invoices = visible(Invoice, to=actor).filter(journey_id=journey.pk)
    rows += [_invoice_row(shown(invoice, to=actor)) for invoice in invoices]
    for refund in visible(Refund, to=actor).filter(journey_id=journey.pk):
        seen = shown(refund, to=actor)
        rows.append(MoneyRow(_("Deposit given back"), seen.refunded_at, seen.amount_minor, seen.currency, seen.reason))
    return sorted(rows, key=lambda row: row.at)


def _invoice_row(seen: Any) -> MoneyRow:
    due = seen.total_minor - seen.deposit_minor
    what = _("to be given back: %s") if due < 0 else _("still to be paid: %s")
    detail = str(what) % as_text(abs(due), seen.currency)
    return MoneyRow(_("Invoice"), seen.issued_at, seen.total_minor, seen.currency, detail)


def fees_settled_for(actor: Actor, journey: Subject) -> list[FeeSettled]:
    """The fees of the journey that were settled: all for the patient, its own for an organisation."""
    found = list(visible(SettledFee, to=actor).filter(settlement__journey_id=journey.pk).order_by("pk"))
    names = parties.names_of(key for fee in found for key in (fee.payer_id, fee.payee_id))
    rows = []
    for fee in found:
        seen = shown(fee, to=actor)
        why = FEES.get(seen.fee_type, seen.fee_type)
        rows.append(FeeSettled(names[fee.payer_id], names[fee.payee_id], why, seen.amount_minor, seen.currency))
    return rows
