"""The rows of an offer's form: its lines, its refund table and its aftercare, to and from what people type."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clearpath.core.money import from_minor, to_minor
from clearpath.offers.lines import (
    SAID_BY_HOSPITAL,
    Kind,
    Line,
    Promise,
    Refund,
    Standing,
    line_of,
    promises_of,
    refunds_of,
)
from clearpath.offers.row_fields import Column, Row, Rows, RowsField

MOST_LINES, MOST_REFUNDS, MOST_PROMISES = 40, 12, 12
WRONG_AMOUNT = _("Line %(number)d (%(label)s): write the amount without thousands separators, such as 8000 or 8000.50.")
WRONG_TAX = _("Line %(number)d (%(label)s): write the tax in percent, such as 10.")
NO_LABEL = _("Line %(number)d: say what it is for.")
WRONG_REFUND = _("Refunds, line %(number)d: write the days and the percent as numbers, such as 14 and 50.")
WRONG_DAY = _("Aftercare, line %(number)d: write the day after the discharge as a number, such as 14.")


def lines_field() -> RowsField:
    """Line by line what the price is for."""
    columns = (
        Column("label", _("What for")),
        Column("amount", _("Amount"), mode="decimal"),
        Column("kind", _("Kind"), Kind.choices),
        Column("standing", _("In the price?"), Standing.choices),
        Column("maker", _("Maker, of an implant")),
        Column("tax", _("Tax in it, %"), mode="decimal"),
    )
    return RowsField(
        columns,
        telling=("label", "amount"),
        most=MOST_LINES,
        label=_("What the price is for"),
        help_text=_(
            "What is included adds up to the price; write 0 where it has no price of its own. To take a line out, "
            "empty it. Of what is not included, say what it usually costs, or leave it empty."
        ),
    )


def refunds_field() -> RowsField:
    """What returns of the deposit."""
    columns = (
        Column("who", _("Who cancels"), list(SAID_BY_HOSPITAL.items())),
        Column("days", _("Days before, at least"), mode="numeric"),
        Column("share", _("Returns, %"), mode="decimal"),
    )
    return RowsField(
        columns,
        telling=("days", "share"),
        most=MOST_REFUNDS,
        required=False,
        label=_("What returns of the deposit"),
        help_text=_("For each side, also when the doctor says no. The patient reads this before choosing."),
    )


def aftercare_field() -> RowsField:
    """What is promised for afterwards."""
    columns = (
        Column("day", _("Day after the discharge"), mode="numeric"),
        Column("how", _("What, and how")),
    )
    return RowsField(
        columns,
        telling=("day", "how"),
        most=MOST_PROMISES,
        required=False,
        label=_("Aftercare that you promise"),
        help_text=_("Such as: 14, stitches out, by video with the surgeon."),
    )


def number_in(text: str) -> Decimal:
    """A number as people write it. Raises ValueError."""
    try:
        found = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise ValueError(text) from None
    if not found.is_finite():
        raise ValueError(text)
    return found


def bps_in(text: str) -> int:
    """Percent as people write them, in hundredths of a percent."""
    return int(number_in(text or "0") * 100)


def lines_in(rows: Rows, currency: str) -> list[Line]:
    """The lines that were typed. Raises ValidationError naming the line."""
    return [_line_in(row, number, currency) for number, row in enumerate(rows, start=1)]


def _line_in(row: Row, number: int, currency: str) -> Line:
    told = {"number": number, "label": row["label"] or "–"}
    if not row["label"]:
        raise forms.ValidationError(NO_LABEL, params=told)
    try:
        # An empty amount of what is not included says that it is not known.
        is_unknown = not row["amount"] and row["standing"] != Standing.INCLUDED
        amount = 0 if is_unknown else to_minor(number_in(row["amount"]), currency)
    except ValueError:
        raise forms.ValidationError(WRONG_AMOUNT, params=told) from None
    try:
        tax = bps_in(row["tax"])
    except ValueError:
        raise forms.ValidationError(WRONG_TAX, params=told) from None
    return Line(row["label"], amount, row["kind"], row["standing"], tax, row["maker"])


def refunds_in(rows: Rows) -> list[Refund]:
    """The refund table that was typed. Raises ValidationError naming the line."""
    found = []
    for number, row in enumerate(rows, start=1):
        try:
            found.append(Refund(row["who"], int(row["days"] or "0"), bps_in(row["share"])))
        except ValueError:
            raise forms.ValidationError(WRONG_REFUND, params={"number": number}) from None
    return found


def promises_in(rows: Rows) -> list[Promise]:
    """The aftercare that was typed. Raises ValidationError naming the line."""
    found = []
    for number, row in enumerate(rows, start=1):
        try:
            found.append(Promise(int(row["day"]), row["how"]))
        except ValueError:
            raise forms.ValidationError(WRONG_DAY, params={"number": number}) from None
    return found


def typed_lines(lines: Iterable[Line], currency: str) -> Rows:
    """Lines as one would type them."""
    return [
        {
            "label": line.label,
            "amount": "" if line.amount_minor == 0 and not line.is_included else _plain(line.amount_minor, currency),
            "kind": line.kind,
            "standing": line.standing,
            "maker": line.maker,
            "tax": _percent(line.tax_bps) if line.tax_bps else "",
        }
        for line in lines
    ]


def typed_refunds(refunds: Iterable[Refund]) -> Rows:
    return [{"who": row.who, "days": str(row.days_before), "share": _percent(row.share_bps)} for row in refunds]


def typed_promises(promises: Iterable[Promise]) -> Rows:
    return [{"day": str(each.day), "how": each.how} for each in promises]


def _plain(minor: int, currency: str) -> str:
    return str(from_minor(minor, currency))


def _percent(bps: int) -> str:
    return f"{Decimal(bps) / 100:f}".removesuffix(".00")


def terms_of(terms: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """What a package's terms put into the form; terms that are not there put in nothing."""
    return {
        "items": typed_lines(map(line_of, terms.get("lines", ())), currency),
        "stay_nights": terms.get("stay_nights"),
        "includes": terms.get("includes", ""),
        "excludes": terms.get("excludes", ""),
        "deposit": _plain(terms.get("deposit_minor", 0), currency),
        "refunds": typed_refunds(refunds_of(terms.get("refunds", ()))),
        "complications_paid_by": terms.get("complications_paid_by", ""),
        "aftercare": typed_promises(promises_of(terms.get("aftercare", ()))),
    }
