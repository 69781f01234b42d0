"""What the steps of travel ask for."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from clearpath.records import queries as records
from clearpath.turns.forms import StepForm, day, form_for, long_text


@form_for("travel.issue_invitation")
class IssueInvitation(StepForm):
    """The letter for the visa."""

    intro = _("The letter says that the patient is expected, and when. It never says why.")
    expected_from = day(_("Expected from"))
    expected_until = day(_("Expected until"))
    companions = forms.IntegerField(label=_("How many people come along?"), min_value=0, max_value=9, initial=0)
    text = long_text(_("What else the letter says"), required=False)


def fit_sentence(subject: Any) -> str:
    """On which days the patient may fly, as far as a doctor has said."""
    window = records.flight_window(subject.pk) if subject else None
    if window is None:
        return str(_("No doctor has said yet when the patient may fly."))
    first, last = (date_format(each, "DATE_FORMAT") for each in window)
    return _("The patient may fly from %(first)s until %(last)s.") % {"first": first, "last": last}


@form_for("travel.plan")
class Plan(StepForm):
    """Arrival, stay, the way home."""

    arrives_on = day(_("Arrives on"))
    leaves_on = day(_("Leaves on"))
    airport = forms.CharField(
        label=_("Airport of arrival"), max_length=3, required=False, help_text=_("Three letters, such as IST.")
    )
    stay = long_text(_("Where the patient stays outside the hospital"), required=False, rows=2)
    contact = forms.CharField(label=_("Whom to call on arrival, day and night"), max_length=200)

    def prepare(self) -> None:
        self.intro = fit_sentence(self.subject)


@form_for("travel.confirm_arrival")
class ConfirmArrival(StepForm):
    """The patient is here."""

    arrived_on = day(_("Arrived on"))
    note = long_text(_("Anything the hospital should know for the pick-up"), required=False, rows=2)

    def prepare(self) -> None:
        self.fields["arrived_on"].initial = self.actor.now.date()


@form_for("travel.send_home")
class SendHome(StepForm):
    """The patient goes home."""

    leaves_on = day(_("Leaves on"))
    transport = forms.CharField(label=_("Flight, train or car"), max_length=120, required=False)

    def prepare(self) -> None:
        self.intro = fit_sentence(self.subject)
        self.fields["leaves_on"].initial = self.actor.now.date()
