"""What returns of a deposit when somebody cancels: read from the offer's own refund table, by day."""

from collections.abc import Sequence
from datetime import date

from clearpath.offers.lines import Refund, Who

WHOLE = 10_000  # bps


def refund_due(refunds: Sequence[Refund], *, who: str, held_minor: int, starts_on: date | None, on: date) -> int | None:
    """How much of what is held returns when `who` cancels on that day, in minor units; None when the table is silent.

    Of the rows that the notice reaches, the one with the longest counts: days are counted to the admission. Without a
    date of admission nothing has been prepared for a day, so every notice is long enough. Rounded up: a part of a
    cent is the patient's. A doctor's no is no choice of the patient's: without a row of its own it returns whole.
    """
    own = [each for each in refunds if each.who == who]
    notice = (starts_on - on).days if starts_on else max((each.days_before for each in own), default=0)
    reached = [each for each in own if each.days_before <= notice]
    if reached:
        share = max(reached, key=lambda each: each.days_before).share_bps
        return -(-held_minor * share // WHOLE)
    if who == Who.DOCTOR:
        return held_minor
    return 0 if own else None
