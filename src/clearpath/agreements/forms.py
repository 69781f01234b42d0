"""What the steps of an agreement ask for."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from clearpath.agreements.models import Fee
from clearpath.agreements.policies import what_is_wrong_with
from clearpath.agreements.terms import FeeTerms
from clearpath.core.money import to_minor
from clearpath.parties import queries as parties
from clearpath.turns import charters
from clearpath.turns.forms import ReasonForm, StepForm, day, form_for, long_text
from clearpath.web.roles import role_words

FEES = 3  # in one form; more are proposed through the API
SHARE = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*%")
AMOUNT = re.compile(r"\d{1,12}(?:[.,]\d{1,3})?")

form_for("agreements.end")(ReasonForm)


def party_choices(roles: Iterator[str] | tuple[str, ...], *, but: UUID | None) -> list[tuple[str, str]]:
    """Verified organisations in these roles, as `key:role`, without one's own."""
    return [
        (f"{party.id}:{role}", f"{party.name} ({role_words(role).label})")
        for role in roles
        for party in parties.verified_with(role)
        if party.id != but
    ]


@form_for("agreements.draft")
class Draft(StepForm):
    """With whom, and what about."""

    intro = _("You are the first party. The other side sees the draft at once, and both can propose terms.")
    title = forms.CharField(label=_("What the agreement is about"), max_length=200)
    second = forms.ChoiceField(label=_("With whom"))

    def prepare(self) -> None:
        rules = charters.rules_of(charters.in_force(), "agreement")
        field: Any = self.fields["second"]
        field.choices = party_choices(tuple(rules.positions["second"]), but=self.actor.organisation_id)

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        key, role = self.cleaned_data["second"].split(":")
        return [], {"title": self.cleaned_data["title"], "second_id": UUID(key), "second_role": role}


@form_for("agreements.propose_terms")
class ProposeTerms(StepForm):
    """The terms in words, and up to three fees."""

    intro = _("New terms replace those that were proposed before. What was found lawful or signed no longer counts.")
    text = long_text(_("What the two sides owe each other"), rows=8)
    governing_law = forms.CharField(
        label=_("Governing law"), max_length=2, required=False, help_text=_("A country, by its two letters.")
    )
    starts_on = day(_("From"), required=False, help_text=_("Empty: from the day on which both have signed."))
    ends_on = day(_("Until"), required=False, help_text=_("That day is not included. Empty: until one of you ends it."))

    def prepare(self) -> None:
        for number in range(1, FEES + 1):
            self.fields |= _fee_fields(number)

    def clean_governing_law(self) -> str:
        return str(self.cleaned_data["governing_law"]).upper()

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        given["fees"] = [fee for number in range(1, FEES + 1) if (fee := self._fee(number, given)) is not None]
        return given

    def _fee(self, number: int, given: dict[str, Any]) -> FeeTerms | None:
        if not given.get(f"fee{number}_type"):
            return None
        try:
            fee = _fee_of({name: given.get(f"fee{number}_{name}") or "" for name in FIELDS})
        except forms.ValidationError as wrong:
            self.add_error(f"fee{number}_how_much", wrong)
            return None
        objection = what_is_wrong_with(fee)
        if objection is not None:
            self.add_error(f"fee{number}_type", str(objection.message))
        return fee

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        names = ("text", "governing_law", "starts_on", "ends_on", "fees")
        return [], {name: self.cleaned_data[name] for name in names}


FIELDS = ("type", "payer", "how_much", "currency", "jurisdiction", "institution")


def _fee_fields(number: int) -> dict[str, forms.Field]:
    def label(words: Any) -> Any:
        return format_lazy(_("Fee {number}: {words}"), number=number, words=words)

    nothing = [("", _("No such fee"))]
    pays = [("first", _("The first party pays the second")), ("second", _("The second party pays the first"))]
    return {
        f"fee{number}_type": forms.ChoiceField(
            label=label(_("what for")), choices=[*nothing, *Fee.Type.choices], required=False
        ),
        f"fee{number}_payer": forms.ChoiceField(label=label(_("who pays")), choices=pays, required=False),
        f"fee{number}_how_much": forms.CharField(
            label=label(_("how much")),
            max_length=20,
            required=False,
            help_text=_("A share of the treatment's cost such as 12.5 %, or an amount such as 300."),
        ),
        f"fee{number}_currency": forms.CharField(
            label=label(_("currency")), max_length=3, required=False, initial="EUR"
        ),
        f"fee{number}_jurisdiction": forms.CharField(
            label=label(_("country of treatment")), max_length=2, required=False, help_text=_("Two letters.")
        ),
        f"fee{number}_institution": forms.ChoiceField(
            label=label(_("kind of hospital")),
            choices=[("", _("Any")), *Fee.Institution.choices],
            required=False,
            help_text=_("In some countries the highest share depends on it."),
        ),
    }


def _fee_of(given: dict[str, str]) -> FeeTerms:
    """Raises ValidationError when the amount cannot be read."""
    how_much, currency = given["how_much"].strip(), given["currency"].upper()
    share = SHARE.fullmatch(how_much)
    rate_bps = amount_minor = None
    if share is not None:
        rate_bps = int(Decimal(share[1].replace(",", ".")) * 100)
    elif AMOUNT.fullmatch(how_much):
        try:
            amount_minor = to_minor(Decimal(how_much.replace(",", ".")), currency)
        except ValueError:
            raise forms.ValidationError(_("This currency has no such small coins.")) from None
    else:
        raise forms.ValidationError(_("Write a share such as 12.5 %, or an amount such as 300."))
    return FeeTerms(
        fee_type=given["type"],
        payer=given["payer"],
        jurisdiction=given["jurisdiction"].upper(),
        currency=currency,
        rate_bps=rate_bps,
        amount_minor=amount_minor,
        institution=given["institution"],
    )


@form_for("agreements.rule_on_fee")
class RuleOnFee(StepForm):
    """Why the fees without a known rule are lawful."""

    intro = _(
        "With this you find every fee lawful for which no rule is known. A fee that a rule forbids stays forbidden."
        " Both sides read your reason. If you find a fee unlawful, write to them instead."
    )
    reason = long_text(_("Why they are lawful"), rows=4)
    source = forms.CharField(
        label=_("On what it rests"), max_length=300, required=False, help_text=_("A law, a judgment, a legal opinion.")
    )
