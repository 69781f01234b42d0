"""Where the price of one offer goes, computed from the fees on file. Nothing here knows a database or a language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from clearpath.core.money import split_by_weight
from clearpath.offers.earnings.amounts import fee_minor

WHOLE = 100  # of every hundred that the patient pays


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee in force, as agreements tell it; money in minor units of `currency`."""

    payer_id: UUID
    payee_id: UUID
    fee_type: str
    rate_bps: int | None
    amount_minor: int | None
    cap_minor: int | None
    currency: str
    per: str = "treated"  # or lead, good_outcome, month
    is_of_price: bool = True  # a share of something else is known only by those who agreed on it
    verdict: str = ""
    ground: Any = None  # the rule behind the verdict, where one is known


@dataclass(frozen=True, slots=True)
class Flow:
    """Money from one to another. `amount_minor` is None where it is not known whether and how much is paid."""

    payer_id: UUID
    payee_id: UUID
    amount_minor: int | None
    currency: str
    fee: Fee | None = None


@dataclass(frozen=True, slots=True)
class Earnings:
    """Where the price of an offer goes. `stays` and `of_hundred` are empty where something makes them unknowable."""

    provider_id: UUID
    total_minor: int
    currency: str
    flows: tuple[Flow, ...]
    stays: Mapping[UUID, int]  # what each keeps of the price, in minor units; adds up to it
    of_hundred: Mapping[UUID, int]  # the same of every hundred; adds up to a hundred

    @property
    def unknown(self) -> tuple[Flow, ...]:
        """Where no agreement is on file, or none that tells an amount."""
        return tuple(flow for flow in self.flows if flow.amount_minor is None)


def earnings_of(
    *, provider_id: UUID, total_minor: int, currency: str, fees: Iterable[Fee], expected: Sequence[tuple[UUID, UUID]]
) -> Earnings:
    """Every amount that goes to somebody when this offer is accepted.

    `expected`: who could pay whom; a pair of which no fee is on file is told as unknown, never as nothing.
    """
    known = [_flow(fee, total_minor, currency) for fee in fees]
    paid = {flow.payee_id for flow in known}
    missing = [Flow(payer, payee, None, currency) for payer, payee in expected if payee not in paid]
    stays = _stays(provider_id, total_minor, currency, known)
    return Earnings(provider_id, total_minor, currency, (*known, *missing), stays, _of_hundred(stays))


def _flow(fee: Fee, price_minor: int, price_currency: str) -> Flow:
    """A share is one of this price, in its currency; a cap in another currency is written beside it, not reckoned."""
    if fee.per == "month":
        return Flow(fee.payer_id, fee.payee_id, 0, price_currency, fee)  # whoever is treated: nothing of this price
    if fee.rate_bps is None:
        return Flow(fee.payer_id, fee.payee_id, fee.amount_minor or 0, fee.currency, fee)
    if not fee.is_of_price:
        return Flow(fee.payer_id, fee.payee_id, None, price_currency, fee)
    cap = fee.cap_minor if fee.currency == price_currency else None
    amount = fee_minor(fee.rate_bps, None, cap, price_minor=price_minor)
    return Flow(fee.payer_id, fee.payee_id, amount, price_currency, fee)


def _stays(provider_id: UUID, total_minor: int, currency: str, flows: Sequence[Flow]) -> dict[UUID, int]:
    """What each has in the end; nothing where currencies differ, an amount is unknown, or more is paid than got."""
    if any(flow.currency != currency or flow.amount_minor is None for flow in flows):
        return {}
    net = {provider_id: total_minor}
    for flow in flows:
        net[flow.payer_id] = net.get(flow.payer_id, 0) - (flow.amount_minor or 0)
        net[flow.payee_id] = net.get(flow.payee_id, 0) + (flow.amount_minor or 0)
    return net if min(net.values()) >= 0 else {}


def _of_hundred(stays: Mapping[UUID, int]) -> dict[UUID, int]:
    if not any(stays.values()):
        return {}
    return dict(zip(stays, split_by_weight(WHOLE, list(stays.values())), strict=True))
