"""Fees and shares in whole units. All amounts are minor units of one currency."""

from collections.abc import Sequence


def fee_minor(rate_bps: int | None, amount_minor: int | None, cap_minor: int | None, *, price_minor: int) -> int:
    """What a fee comes to: the fixed amount, or the share of the price up to the cap.

    Half a minor unit and more counts as one, so that nobody loses by rounding more than half a cent.
    """
    if rate_bps is None:
        return amount_minor or 0
    share = (price_minor * rate_bps + 5_000) // 10_000
    return share if cap_minor is None else min(share, cap_minor)


def shares_of(whole: int, weights: Sequence[int]) -> list[int]:
    """Split a whole by weights so that the parts add up to it.

    Raises ValueError when the whole or a weight is negative, or no weight is above zero.
    Source: largest remainder (Hamilton); ties go to the earlier weight.
    """
    total = sum(weights)
    if whole < 0 or min(weights, default=0) < 0 or total == 0:
        raise ValueError("shares_of needs a whole and weights of zero or more, one of them above zero")
    parts = [whole * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda each: whole * weights[each] % total, reverse=True)
    for each in by_remainder[: whole - sum(parts)]:
        parts[each] += 1
    return parts
