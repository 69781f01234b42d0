"""Fees in words for people."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext

from clearpath.agreements.models import Fee
from clearpath.core.money import as_text


def how_much(fee: Any) -> str:
    """A share of something, or an amount, as people write it."""
    if fee.rate_bps is None:
        amount = as_text(fee.amount_minor, fee.currency)
        return amount if fee.per == Fee.Per.TREATED else f"{amount} ({Fee.Per(fee.per).label})"
    share = percent(fee.rate_bps)
    if fee.base != Fee.Base.TREATMENT:
        share = f"{share} ({Fee.Base(fee.base).label})"
    return f"{share} (≤ {as_text(fee.cap_minor, fee.currency)})" if fee.cap_minor else share


def percent(bps: int) -> str:
    """Hundredths of a percent as people write them: 1250 is 12.5 %."""
    places = 0 if bps % 100 == 0 else 1 if bps % 10 == 0 else 2
    return gettext("%(number)s\u00a0%%") % {"number": number_format(bps / 100, places)}
