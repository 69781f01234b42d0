"""What the steps about offers ask for."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from clearpath.core.money import as_text, from_minor, to_minor
from clearpath.offers import queries
from clearpath.offers.lines import PaidBy, Plan, Who, refunds_of
from clearpath.offers.models import Offer
from clearpath.offers.offer_fields import (
    aftercare_field,
    lines_field,
    lines_in,
    number_in,
    promises_in,
    refunds_field,
    refunds_in,
    terms_of,
    typed_lines,
    typed_promises,
    typed_refunds,
)
from clearpath.offers.packages import PackageRow, begin_address, packages_of, sites_of
from clearpath.offers.refunding import refund_due
from clearpath.parties import queries as parties
from clearpath.records import queries as records
from clearpath.turns.forms import ReasonForm, StepForm, day, form_for, long_text

form_for("offers.decline_request")(ReasonForm)


@form_for("offers.cancel")
class Cancel(ReasonForm):
    """Why the treatment is cancelled, and what then returns by the hospital's own table."""

    def prepare(self) -> None:
        offer = queries.accepted_offer(self.subject) if self.subject else None
        if offer is None or not offer.deposit_minor:
            return
        due = refund_due(
            refunds_of(offer.refunds),
            who=Who.PROVIDER,
            held_minor=offer.deposit_minor,
            starts_on=offer.starts_on,
            on=self.actor.now.date(),
        )
        words = _("Of the deposit of %(deposit)s, %(due)s returns to the patient, as your offer says.")
        amounts = {"deposit": offer.deposit_minor, "due": due or 0}
        self.intro = words % {name: as_text(minor, offer.currency) for name, minor in amounts.items()}


VALID_DAYS = 30  # what the form suggests


class PriceForm(StepForm):
    """Price and plan, line by line; begins from a package, or from the offer that stands."""

    items = lines_field()
    stay_nights = forms.IntegerField(label=_("Nights in the hospital"), min_value=0, max_value=365)
    site = forms.ChoiceField(label=_("Where"), required=False)
    starts_on = day(_("Day of admission"))
    ends_on = day(
        _("First day for the flight home"),
        required=False,
        help_text=_("Empty: as long after the admission as the doctor said."),
    )
    surgeon = forms.CharField(label=_("Who operates"), max_length=120)
    anaesthetist = forms.CharField(label=_("Who gives the anaesthesia"), max_length=120)
    deposit = forms.CharField(label=_("Deposit"), required=False, max_length=20, help_text=_("A part of the price."))
    refunds = refunds_field()
    complications_paid_by = forms.ChoiceField(
        label=_("Who pays when something goes wrong"),
        choices=[
            ("", _("Choose")),
            (PaidBy.PROVIDER.value, _("We do")),
            (PaidBy.INSURANCE.value, PaidBy.INSURANCE.label),
            (PaidBy.PATIENT.value, _("The patient")),
        ],
    )
    complications_note = long_text(_("What of it, and for how long"), required=False, rows=2)
    aftercare = aftercare_field()
    includes = long_text(_("What else is included"), required=False, rows=2)
    excludes = long_text(_("What else is not included"), required=False, rows=2)
    valid_until = day(_("Valid until"), help_text=_("The last day on which the patient can accept. At least a day."))
    package = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.opinion = records.newest_opinion_for(self.actor, self.subject) if self.subject else None
        sites = [(str(site.pk), f"{site.name}, {site.city}") for site in sites_of(self.actor)]
        if sites:
            self.fields["site"].choices = [("", _("Choose")), *sites]  # type: ignore[attr-defined]
        else:
            del self.fields["site"]
        if not self.is_bound:
            self.initial = {**self._suggested(), **self.standing(), **self.initial}

    def standing(self) -> dict[str, Any]:
        """What the form begins from: what stands, or nothing."""
        return {}

    def currency(self) -> str:
        """In which the amounts are written; known before the items are read."""
        raise NotImplementedError

    def _suggested(self) -> dict[str, Any]:
        """What the doctor's opinion says, as far as the hospital may read it."""
        suggested: dict[str, Any] = {"valid_until": self.actor.now.date() + timedelta(days=VALID_DAYS)}
        if self.opinion is not None:
            suggested |= {"surgeon": self.opinion.surgeon, "anaesthetist": self.opinion.anaesthetist}
        return suggested

    def clean_valid_until(self) -> datetime:
        following = self.cleaned_data["valid_until"] + timedelta(days=1)
        return timezone.make_aware(datetime.combine(following, time.min))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.currency():
            self._read(given, "items", lambda rows: lines_in(rows, self.currency()))
            self._read(given, "deposit", self._deposit)
        self._read(given, "refunds", refunds_in)
        self._read(given, "aftercare", promises_in)
        return given

    def _read(self, given: dict[str, Any], name: str, read: Callable[[Any], Any]) -> None:
        if name in given:
            try:
                given[name] = read(given[name])
            except forms.ValidationError as wrong:
                self.add_error(name, wrong)

    def _deposit(self, text: str) -> int:
        try:
            return to_minor(number_in(text or "0"), self.currency())
        except ValueError:
            raise forms.ValidationError(_("Write the amount as a number, such as 800 or 800.50.")) from None

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given = dict(self.cleaned_data)
        site, starts_on = given.pop("site", ""), given.pop("starts_on")
        plan = Plan(
            surgeon=given.pop("surgeon"),
            anaesthetist=given.pop("anaesthetist"),
            site_id=UUID(site) if site else None,
            package_id=given.pop("package"),
            starts_on=starts_on,
            ends_on=given.pop("ends_on") or self._first_flight(starts_on),
            deposit_minor=given.pop("deposit"),
            refunds=given.pop("refunds"),
            complications_paid_by=given.pop("complications_paid_by"),
            complications_note=given.pop("complications_note"),
            aftercare=given.pop("aftercare"),
        )
        return [], given | {"plan": plan}

    def _first_flight(self, starts_on: date) -> date | None:
        return starts_on + timedelta(days=self.opinion.stay_days) if self.opinion else None


def begun_from(row: queries.OfferRow) -> dict[str, Any]:
    """An offer as its form would show it."""
    plan = row.plan
    return {
        "items": typed_lines((item.line for item in row.items), row.currency),
        "stay_nights": row.stay_nights,
        "site": str(plan.site_id or ""),
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "surgeon": plan.surgeon,
        "anaesthetist": plan.anaesthetist,
        "deposit": str(from_minor(plan.deposit_minor, row.currency)),
        "refunds": typed_refunds(plan.refunds),
        "complications_paid_by": plan.complications_paid_by,
        "complications_note": plan.complications_note,
        "aftercare": typed_promises(plan.aftercare),
        "includes": row.includes,
        "excludes": row.excludes,
        "package": plan.package_id,
    }


@form_for("offers.make")
class Make(PriceForm):
    """A first offer, or a new price in its place."""

    intro: Any = _("A new price is a new offer: this one replaces an offer of yours that waits for an answer.")
    currency_code = forms.CharField(label=_("Currency"), initial="EUR", min_length=3, max_length=3)
    field_order = ["currency_code"]

    def prepare(self) -> None:
        self.packages = packages_of(self.actor)
        super().prepare()
        if self.packages and self.subject is not None:
            ways = ((self._address(each), each.title) for each in self.packages)
            links = format_html_join("", '<li><a href="{}"><bdi>{}</bdi></a></li>', ways)
            self.intro = format_html("{} {}<ul>{}</ul>", Make.intro, _("Begin from a package:"), links)

    def _address(self, package: PackageRow) -> str:
        assert self.subject is not None  # noqa: S101 - asked for above
        return begin_address(self.subject.pk, package.id, self.lane.pk if self.lane else None)

    def standing(self) -> dict[str, Any]:
        asked = str(self.initial.get("package", ""))
        package = next((each for each in self.packages if str(each.id) == asked), None)
        if package is not None:
            begun = terms_of(package.terms, package.currency)
            return begun | {"site": str(package.site_id), "currency_code": package.currency}
        self.initial.pop("package", None)
        found = queries.offer_rows_for(self.actor, self.subject) if self.subject else []
        waits = next((row for row in found if row.is_open and row.provider_id == self.actor.organisation_id), None)
        return begun_from(waits) | {"currency_code": waits.currency} if waits else {}

    def currency(self) -> str:
        return str(self.cleaned_data.get("currency_code", "")).upper()

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        things, given = super().arguments()
        return things, given | {"currency": given.pop("currency_code").upper()}


@form_for("offers.revise")
class Revise(PriceForm):
    """A changed price or plan after the patient's yes."""

    intro = _("The patient must agree anew, after being told again who earns what, or can leave.")
    why = long_text(_("What has changed, and why?"), rows=3, help_text=_("The patient reads this."))
    field_order = ["why"]

    def prepare(self) -> None:
        found = queries.offer_rows_for(self.actor, self.subject) if self.subject else []
        self.old = next((row for row in found if row.state == Offer.State.ACCEPTED), None)
        super().prepare()

    def standing(self) -> dict[str, Any]:
        return begun_from(self.old) if self.old else {}

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
