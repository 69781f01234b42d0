"""What the steps about offers ask for."""

import re
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clearpath.core.money import as_text, from_minor, to_minor
from clearpath.offers import queries
from clearpath.offers.models import Offer
from clearpath.offers.policies import Item
from clearpath.parties import queries as parties
from clearpath.turns.forms import ReasonForm, StepForm, day, form_for, long_text

LINE = re.compile(r"(?P<label>.+?)[\s:;]+(?P<amount>\d+(?:[.,]\d{1,3})?)")

form_for("offers.decline_request")(ReasonForm)
form_for("offers.cancel")(ReasonForm)


def items_in(text: str, currency: str) -> list[Item]:
    """The items of a price, one a line: what for, then the amount. Raises ValidationError naming the line."""
    items = []
    for number, line in enumerate(filter(None, (line.strip() for line in text.splitlines())), start=1):
        found = LINE.fullmatch(line)
        wrong = forms.ValidationError(
            _("Line %(number)d: end it with the amount, without thousands separators, such as 8000 or 8000.50."),
            params={"number": number},
        )
        if found is None:
            raise wrong
        try:
            amount = to_minor(Decimal(found["amount"].replace(",", ".")), currency)
        except ValueError:
            raise wrong from None
        items.append(Item(found["label"].rstrip(" :;"), amount))
    return items


class PriceForm(StepForm):
    """Price and plan, line by line."""

    items = long_text(
        _("What the price is for"),
        rows=6,
        help_text=_("One line each: what for, then the amount. Such as: Operation 8000. The sum is the price."),
    )
    stay_nights = forms.IntegerField(label=_("Nights in the hospital"), min_value=0, max_value=365)
    includes = long_text(_("What is included"), required=False, rows=3)
    excludes = long_text(_("What is not included"), required=False, rows=3)
    valid_until = day(_("Valid until"), help_text=_("The last day on which the patient can accept. At least a day."))

    def currency(self) -> str:
        """In which the amounts are written; known before the items are read."""
        raise NotImplementedError

    def clean_valid_until(self) -> datetime:
        following = self.cleaned_data["valid_until"] + timedelta(days=1)
        return timezone.make_aware(datetime.combine(following, time.min))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if "items" in given and self.currency():
            try:
                given["items"] = items_in(given["items"], self.currency())
            except forms.ValidationError as wrong:
                self.add_error("items", wrong)
        return given


@form_for("offers.make")
class Make(PriceForm):
    """A first offer."""

    intro = _("A new price is a new offer: this one replaces an offer of yours that waits for an answer.")
    currency_code = forms.CharField(label=_("Currency"), initial="EUR", min_length=3, max_length=3)
    field_order = ["currency_code"]

    def currency(self) -> str:
        return str(self.cleaned_data.get("currency_code", "")).upper()

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given = dict(self.cleaned_data)
        return [], given | {"currency": given.pop("currency_code").upper()}


@form_for("offers.revise")
class Revise(PriceForm):
    """A changed price or plan after the patient's yes."""

    intro = _("The patient must agree anew, after being told again who earns what, or can leave.")
    why = long_text(_("What has changed, and why?"), rows=3, help_text=_("The patient reads this."))
    field_order = ["why"]

    def prepare(self) -> None:
        found = queries.offer_rows_for(self.actor, self.subject) if self.subject else []
        self.old = next((row for row in found if row.state == Offer.State.ACCEPTED), None)
        if self.old is None:
            return
        lines = [f"{item.label} {from_minor(item.amount_minor, self.old.currency)}" for item in self.old.items]
        old = {"stay_nights": self.old.stay_nights, "includes": self.old.includes, "excludes": self.old.excludes}
        self.initial = {"items": "\n".join(lines), **old, **self.initial}

    def currency(self) -> str:
        return self.old.currency if self.old else ""


class OfferForm(StepForm):
    """Which of the open offers; on one lane where the step is about that one."""

    offer = forms.ModelChoiceField(label=_("Which offer"), queryset=Offer.objects.none(), empty_label=None)

    def prepare(self) -> None:
        field: Any = self.fields["offer"]
        assert self.subject is not None  # noqa: S101 - these steps start nothing
        offers = queries.offers_for(self.actor).filter(journey_id=self.subject.pk, state=Offer.State.SENT)
        field.queryset = offers.filter(lane=self.lane) if self.lane else offers
        names = parties.names_of(field.queryset.values_list("provider_id", flat=True))
        field.label_from_instance = lambda offer: (
            f"{names.get(offer.provider_id, '')}: {as_text(offer.total_minor, offer.currency)}"
        )

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        details = dict(self.cleaned_data)
        return [details.pop("offer")], details


@form_for("offers.present")
class Present(OfferForm):
    """Which offer is laid before the patient."""

    intro = _("You have explained the offers to the patient, side by side, without favouring one.")


@form_for("offers.withdraw")
class Withdraw(OfferForm):
    """Which offer ends, and why."""

    reason = long_text(_("Why"), rows=2, help_text=_("The other side reads this."))


@form_for("offers.ask_again")
class AskAgain(StepForm):
    """What the patient wishes for."""

    intro = _("Every hospital that is still asked reads this, and can make you another offer.")
    wish = long_text(_("What should be different?"))


@form_for("offers.admit")
class Admit(StepForm):
    """The patient is in the hospital."""

    hospital_number = forms.CharField(label=_("Hospital number of the patient"), max_length=40, required=False)
