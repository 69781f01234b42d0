"""What the clinical steps ask for; the longer forms of doctors are in `medical_forms`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clearpath.turns.forms import StepForm, day, form_for, long_text


@form_for("records.add")
class Add(StepForm):
    """A file of health data."""

    intro = _("A PDF, a picture, a text or a patient summary. It is kept exactly as you send it, encrypted.")
    title = forms.CharField(label=_("What is it?"), max_length=120)
    file = forms.FileField(label=_("File"), help_text=_("At most 20 MB."))
    received_from = forms.CharField(
        label=_("Who made it?"), max_length=120, required=False, help_text=_("Such as a hospital or a doctor.")
    )

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given = self.cleaned_data
        details = {"title": given["title"], "received_from": given["received_from"]}
        return [], details | {"content": given["file"].read()}


@form_for("records.request_missing")
class RequestMissing(StepForm):
    """Which papers are missing."""

    text = long_text(
        _("Which papers are missing?"), help_text=_("Name the papers, not findings. The patient reads this.")
    )


@form_for("records.ask_question")
class AskQuestion(StepForm):
    """A medical question."""

    text = long_text(_("What do you need to know?"))


@form_for("records.advise_against")
class AdviseAgainst(StepForm):
    """Why not."""

    intro = _("No offer follows, and nobody is treated, unless you take it back.")
    reason = long_text(_("Why do you advise against it?"), help_text=_("The patient reads this."))


@form_for("records.withdraw_advice")
class WithdrawAdvice(StepForm):
    """What has changed."""

    reason = long_text(_("What has changed?"), help_text=_("The patient reads this."))


@form_for("records.clear_for_travel")
class ClearForTravel(StepForm):
    """What to stop or bring."""

    intro = _("The patient can come.")
    text = long_text(_("What should the patient stop taking, or bring?"), required=False)


@form_for("records.withdraw_informed_consent")
class WithdrawInformedConsent(StepForm):
    """Taking it back needs no reason."""

    intro = _("You can take this back until the treatment begins. Nobody may press you.")
    reason = long_text(_("Would you like to tell why?"), required=False, rows=2)


@form_for("records.readmit")
class Readmit(StepForm):
    """Why the patient comes back."""

    reason = long_text(_("Why is the patient taken in again?"))


@form_for("records.record_death")
class RecordDeath(StepForm):
    """When and what happened."""

    died_on = day(_("Day of death"))
    text = long_text(_("What happened"), required=False)
