"""Fees in whole units. All amounts are minor units of one currency."""


def fee_minor(rate_bps: int | None, amount_minor: int | None, cap_minor: int | None, *, price_minor: int) -> int:
    """What a fee comes to: the fixed amount, or the share of the price up to the cap.

    Half a minor unit and more counts as one, so that nobody loses by rounding more than half a cent.
    """
    if rate_bps is None:
        return amount_minor or 0
    share = (price_minor * rate_bps + 5_000) // 10_000
    return share if cap_minor is None else min(share, cap_minor)
