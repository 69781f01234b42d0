"""Whether lines and terms make an offer: what any price must keep to, of a first offer and of a changed one. Pure.

Each refusal of a line names it, by its number and its words.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection
from clearpath.offers.lines import SAID_BY_HOSPITAL, Kind, Line, PaidBy, Plan, Promise, Refund, Standing, Who, total_of

# No deadline under a day: pressure is a known harm of this trade (the field's notes, sections 3 and 4, stage 6).
SHORTEST_VALIDITY = timedelta(hours=24)
# Three capital letters is what ISO 4217 asks for; which of them are in use the payment will show.
CURRENCY_LETTERS = 3
LONGEST_STAY = 365  # nights
MOST_TAX = 10_000  # bps
LONGEST_NOTICE = 365  # days
LONGEST_AFTERCARE = 3_650  # days
WHOLE = 10_000  # bps


def why_not_price(
    lines: Sequence[Line], currency: str, stay_nights: int, valid_until: datetime, *, at: datetime
) -> Objection | None:
    """What any new price must keep to."""
    if not lines or not all(line.label.strip() for line in lines):
        return Objection("items_needed", _("Say line by line what the price is for."))
    for number, line in enumerate(lines, start=1):
        wrong = why_not_line(line, number)
        if wrong is not None:
            return wrong
    if total_of(lines) == 0:
        return Objection("price_not_positive", _("What is included must cost something: the whole is zero."))
    if len(currency) != CURRENCY_LETTERS or not (currency.isascii() and currency.isalpha() and currency.isupper()):
        return Objection("no_such_currency", _("Write the currency as three capital letters, such as EUR."))
    if not 0 <= stay_nights <= LONGEST_STAY:
        return Objection("stay_out_of_range", _("Say how many nights in the hospital are included, from 0 to 365."))
    if valid_until < at + SHORTEST_VALIDITY:
        return Objection("validity_too_short", _("An offer is valid for at least 24 hours, so that nobody is pressed."))
    return None


def why_not_line(line: Line, number: int) -> Objection | None:
    """What one line must keep to; the objection names it."""
    for code, is_wrong, says in LINE_RULES:
        if is_wrong(line):
            return Objection(code, says % {"number": number, "label": line.label})
    return None


LINE_RULES: tuple[tuple[str, Callable[[Line], bool], Any], ...] = (
    (
        "price_not_positive",
        lambda line: line.amount_minor < 0,
        _("Line %(number)d (%(label)s): the amount is below zero. Write zero or more."),
    ),
    (
        "no_such_kind",
        lambda line: line.kind not in Kind.values,
        _("Line %(number)d (%(label)s): choose what kind of line it is."),
    ),
    (
        "no_such_standing",
        lambda line: line.standing not in Standing.values,
        _("Line %(number)d (%(label)s): choose whether it is included, optional or not included."),
    ),
    (
        "tax_out_of_range",
        lambda line: not 0 <= line.tax_bps <= MOST_TAX,
        _("Line %(number)d (%(label)s): the tax is between 0 and 100 percent."),
    ),
    (
        "maker_needed",
        lambda line: line.kind == Kind.IMPLANT and line.is_included and not line.maker.strip(),
        _("Line %(number)d (%(label)s): name who makes the implant."),
    ),
)


def why_not_plan(plan: Plan, *, total_minor: int, stay_nights: int, at: datetime) -> Objection | None:
    """What is promised beside a price must be possible, and say what returns where money is asked for first."""
    if not 0 <= plan.deposit_minor <= total_minor:
        return Objection("deposit_above_price", _("The deposit is a part of the price: not below zero, not above it."))
    if plan.complications_paid_by not in {"", *PaidBy.values}:
        return Objection("nobody_pays", _("Say who pays when something goes wrong."))
    return (
        _why_not_days(plan, stay_nights, at)
        or _why_not_refunds(plan.refunds, has_deposit=plan.deposit_minor > 0)
        or _why_not_aftercare(plan.aftercare)
    )


def _why_not_days(plan: Plan, stay_nights: int, at: datetime) -> Objection | None:
    if plan.starts_on is not None and plan.starts_on < at.date():
        return Objection("starts_in_the_past", _("The day of admission is in the past."))
    if plan.starts_on and plan.ends_on and plan.ends_on < plan.starts_on + timedelta(days=stay_nights):
        return Objection("flies_too_early", _("The flight home comes before the nights in the hospital are over."))
    return None


def _why_not_refunds(refunds: Sequence[Refund], *, has_deposit: bool) -> Objection | None:
    for number, row in enumerate(refunds, start=1):
        if row.who not in Who.values or not 0 <= row.days_before <= LONGEST_NOTICE or not 0 <= row.share_bps <= WHOLE:
            says = _("Refunds, line %(number)d: say who cancels, 0 to 365 days before, and 0 to 100 percent.")
            return Objection("refund_out_of_range", says % {"number": number})
    said = {(row.who, row.days_before) for row in refunds}
    if len(said) < len(refunds):
        return Objection("refund_said_twice", _("Two lines of the refunds speak of the same case. Keep one."))
    if any(_returns_less(longer, shorter) for longer in refunds for shorter in refunds):
        return Objection("refund_falls_with_notice", _("Whoever cancels earlier must not get less back."))
    missing = [SAID_BY_HOSPITAL[who] for who in Who.values if who not in {row.who for row in refunds}]
    if has_deposit and missing:
        says = _("You ask for a deposit: say what returns of it when this side cancels: %(who)s.")
        return Objection("refund_table_needed", says % {"who": ", ".join(map(str, missing))})
    return None


def _returns_less(longer: Refund, shorter: Refund) -> bool:
    return (
        longer.who == shorter.who and longer.days_before > shorter.days_before and longer.share_bps < shorter.share_bps
    )


def _why_not_aftercare(promises: Sequence[Promise]) -> Objection | None:
    for number, promise in enumerate(promises, start=1):
        if not 0 <= promise.day <= LONGEST_AFTERCARE or not promise.how.strip():
            says = _("Aftercare, line %(number)d: say on which day after the discharge, and how.")
            return Objection("aftercare_out_of_range", says % {"number": number})
    return None
