"""What the steps of money ask for. Amounts are written as people write them, in the contract's currency."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clearpath.core.money import from_minor, to_minor
from clearpath.money import queries
from clearpath.money.wording import contract_wording
from clearpath.offers import queries as offers
from clearpath.parties import queries as parties
from clearpath.turns.forms import StepForm, form_for, long_text
from clearpath.turns.panels import beside

beside("money.sign_contract", "contract")


@form_for("money.sign_contract")
class SignContract(StepForm):
    """The exact words to sign; the contract itself stands beside, to be read first."""

    intro = _("Read the contract first, in peace. Show it to somebody you trust.")
    button = _("Sign")
    agreed = forms.BooleanField()

    def prepare(self) -> None:
        offer = offers.accepted_offer(self.subject) if self.subject else None
        wording = (
            contract_wording(
                provider=parties.names_of([offer.provider_id]).get(offer.provider_id, ""),
                total_minor=offer.total_minor,
                currency=offer.currency,
                stay_nights=offer.stay_nights,
            )
            if offer
            else ""
        )
        self.fields["agreed"].label = wording

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        return [], {"wording": str(self.fields["agreed"].label), "language": get_language() or "en"}


class AmountForm(StepForm):
    """An amount in the currency of the contract in force, or of what is held."""

    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=14, decimal_places=3)
    name = "amount_minor"

    def prepare(self) -> None:
        assert self.subject is not None  # noqa: S101 - these steps start nothing
        self.currency = queries.currency_on(self.subject)
        self.fields["amount"].help_text = _("In %s.") % self.currency

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        try:
            to_minor(amount, self.currency)
        except ValueError:
            raise forms.ValidationError(_("This currency has no such small amounts.")) from None
        return amount

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        details = dict(self.cleaned_data)
        return [], {self.name: to_minor(details.pop("amount"), self.currency), **details}


@form_for("money.confirm_deposit")
class ConfirmDeposit(AmountForm):
    """What arrived."""

    reference = forms.CharField(label=_("Reference of the payment"), max_length=80, required=False)


@form_for("money.invoice")
class SendInvoice(AmountForm):
    """What is asked for."""

    intro = _("At most what the patient signed. The deposit is set off against it.")
    name = "total_minor"
    number = forms.CharField(label=_("Invoice number"), max_length=80, required=False)


@form_for("money.refund")
class GiveBack(AmountForm):
    """What goes back."""

    reason = long_text(
        _("What is kept, and by which rule?"),
        required=False,
        rows=2,
        help_text=_("Needed when not everything goes back."),
    )

    def prepare(self) -> None:
        super().prepare()
        assert self.subject is not None  # noqa: S101 - this step starts nothing
        held = queries.held_minor(self.subject)
        proposed = offers.refund_proposed(self.subject, held_minor=held, on=self.actor.now.date())
        self.fields["amount"].initial = from_minor(held if proposed is None else proposed, self.currency)
        if proposed is not None:
            self.intro = _("So much returns by the refund table that stood in the offer.")
