"""The rule on which the verdict about a fee rests, as `agreements` found it."""

from dataclasses import dataclass
from datetime import date

from clearpath.agreements.queries import FeeRow
from clearpath.offers.earnings.flows import Fee

OF_PRICE = ("treatment", "bill")  # bases that an offer tells


@dataclass(frozen=True, slots=True)
class Ground:
    """A rule with where it was read and when."""

    rule: str
    source: str
    read_on: date


def with_ground(fee: FeeRow) -> Fee:
    """The fee as earnings reckon with it."""
    rule = fee.rule
    return Fee(
        payer_id=fee.payer_id,
        payee_id=fee.payee_id,
        fee_type=fee.fee_type,
        rate_bps=fee.rate_bps,
        amount_minor=fee.amount_minor,
        cap_minor=fee.cap_minor,
        currency=fee.currency,
        per=fee.per,
        is_of_price=fee.base in OF_PRICE,
        verdict=fee.verdict,
        ground=Ground(rule.rule, next(iter(rule.sources), ""), rule.read_on) if rule else None,
    )
