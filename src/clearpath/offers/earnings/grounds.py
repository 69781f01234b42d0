"""The rule on which the verdict about a fee rests. The one place that asks the table of `agreements`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from clearpath.agreements import lawful
from clearpath.agreements.queries import FeeRow
from clearpath.offers.earnings.flows import Fee

NOT_ALLOWED = frozenset({"forbidden", "over_cap"})


@dataclass(frozen=True, slots=True)
class Ground:
    """A rule with where it was read and when."""

    rule: str
    source: str
    read_on: date


def ground_of(fee: FeeRow) -> Ground | None:
    """The rule that speaks of the fee, whatever it says; None where none is known."""
    found = lawful.check(
        jurisdiction=fee.jurisdiction,
        payer_role=fee.payer_role,
        payee_role=fee.payee_role,
        fee_type=fee.fee_type,
        rate_bps=fee.rate_bps,
    ).by
    return None if found is None else Ground(found.rule, next(iter(found.sources), ""), found.read_on)


def with_ground(fee: FeeRow) -> Fee:
    """The fee as earnings reckon with it."""
    return Fee(
        payer_id=fee.payer_id,
        payee_id=fee.payee_id,
        fee_type=fee.fee_type,
        rate_bps=fee.rate_bps,
        amount_minor=fee.amount_minor,
        cap_minor=fee.cap_minor,
        currency=fee.currency,
        verdict=fee.verdict,
        ground=ground_of(fee),
    )


def not_allowed(fees: Iterable[FeeRow]) -> list[FeeRow]:
    """The fees in force that a rule forbids, or that are more than it allows."""
    return [fee for fee in fees if fee.verdict in NOT_ALLOWED]
