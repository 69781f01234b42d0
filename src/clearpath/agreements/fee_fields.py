"""The fields of one fee in the form of terms: as people write it, and back."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from clearpath.agreements.models import Fee
from clearpath.agreements.terms import FeeTerms
from clearpath.core.money import from_minor, to_minor

SHARE = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*%")
AMOUNT = re.compile(r"\d{1,12}(?:[.,]\d{1,3})?")
PLACE = re.compile(r"([A-Z]{2})-([A-Z0-9]{1,3})")
FIELDS = (
    "type", "payer", "how_much", "per", "base", "cap", "currency", "jurisdiction", "institution", "care_paid_by",
    "bundled",
)  # fmt: skip


def fee_fields(number: int) -> dict[str, forms.Field]:
    """The fields of one fee, by the names under which they are posted."""

    def label(words: Any) -> Any:
        return format_lazy(_("Fee {number}: {words}"), number=number, words=words)

    pays = [("first", _("The first party pays the second")), ("second", _("The second party pays the first"))]
    found: dict[str, forms.Field] = {
        "type": _choice(label(_("what for")), _("No such fee"), Fee.Type.choices),
        "payer": forms.ChoiceField(label=label(_("who pays")), choices=pays, required=False),
        "how_much": forms.CharField(
            label=label(_("how much")),
            max_length=20,
            required=False,
            help_text=_("A share such as 12.5 %, or an amount such as 300."),
        ),
        "per": forms.ChoiceField(
            label=label(_("each time of what")),
            choices=Fee.Per.choices,
            required=False,
            initial=Fee.Per.TREATED,
            help_text=_("A share is always one of a treatment."),
        ),
        "base": forms.ChoiceField(
            label=label(_("a share of what")), choices=Fee.Base.choices, required=False, initial=Fee.Base.TREATMENT
        ),
        "cap": forms.CharField(
            label=label(_("at most")),
            max_length=20,
            required=False,
            help_text=_("An amount. Only where the fee is a share."),
        ),
        "currency": forms.CharField(label=label(_("currency")), max_length=3, required=False, initial="EUR"),
        "jurisdiction": forms.CharField(
            label=label(_("country of treatment")),
            max_length=6,
            required=False,
            help_text=_("Two letters; in the United States with the state, such as US-FL."),
        ),
        "institution": _choice(
            label(_("kind of hospital")),
            _("Any"),
            Fee.Institution.choices,
            _("In some countries the highest share depends on it."),
        ),
        "care_paid_by": _choice(
            label(_("who pays for the treatment")),
            _("Not said"),
            Fee.CarePaidBy.choices,
            _("In the United States the law depends on it."),
        ),
        "bundled": forms.MultipleChoiceField(
            label=label(_("what else is promised for it")),
            choices=Fee.Bundled.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("In some countries a fee that is lawful alone is void together with it."),
        ),
    }
    return {f"fee{number}_{name}": field for name, field in found.items()}


def _choice(label: Any, nothing: Any, choices: Any, help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", nothing), *choices], required=False, help_text=help_text)


def written(fee: Fee, *, first_id: Any) -> dict[str, Any]:
    """A fee as its fields show it."""
    share = f"{Decimal(fee.rate_bps or 0) / 100:g} %"
    return {
        "type": fee.fee_type,
        "payer": "first" if fee.payer_id == first_id else "second",
        "how_much": share if fee.amount_minor is None else str(from_minor(fee.amount_minor, fee.currency)),
        "per": fee.per,
        "base": fee.base,
        "cap": "" if fee.cap_minor is None else str(from_minor(fee.cap_minor, fee.currency)),
        "currency": fee.currency,
        "jurisdiction": "-".join(filter(None, (fee.jurisdiction, fee.region))),
        "institution": fee.institution,
        "care_paid_by": fee.care_paid_by,
        "bundled": fee.bundled,
    }


def fee_of(given: Mapping[str, Any]) -> FeeTerms:
    """Raises ValidationError when an amount cannot be read."""
    how_much, currency = given["how_much"].strip(), given["currency"].upper()
    share = SHARE.fullmatch(how_much)
    place = given["jurisdiction"].strip().upper()
    region = PLACE.fullmatch(place)
    return FeeTerms(
        fee_type=given["type"],
        payer=given["payer"],
        jurisdiction=region[1] if region else place,
        region=region[2] if region else "",
        currency=currency,
        rate_bps=int(Decimal(share[1].replace(",", ".")) * 100) if share else None,
        amount_minor=None if share else _amount(how_much, currency),
        cap_minor=_amount(given["cap"].strip(), currency) if given["cap"].strip() else None,
        per=given["per"] or Fee.Per.TREATED,
        base=given["base"] or Fee.Base.TREATMENT,
        institution=given["institution"],
        care_paid_by=given["care_paid_by"],
        bundled=tuple(given["bundled"]),
    )


def _amount(text: str, currency: str) -> int:
    if not AMOUNT.fullmatch(text):
        raise forms.ValidationError(_("Write a share such as 12.5 %, or an amount such as 300."))
    try:
        return to_minor(Decimal(text.replace(",", ".")), currency)
    except ValueError:
        raise forms.ValidationError(_("This currency has no such small coins.")) from None
