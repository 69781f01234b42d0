"""What the steps of aftercare ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clearpath.aftercare.models import Ending
from clearpath.aftercare.models import Report as Told
from clearpath.turns.forms import StepForm, form_for, long_text
from clearpath.web.words import listed


@form_for("aftercare.report")
class Report(StepForm):
    """How are you?"""

    intro = _("If you are in danger, call the emergency number where you are. Do not wait for an answer here.")
    pain = forms.IntegerField(
        label=_("How strong is the pain, from 0 (none) to 10 (the worst)?"), min_value=0, max_value=10
    )
    temperature_c = forms.DecimalField(
        label=_("Temperature in degrees Celsius"), max_digits=3, decimal_places=1, required=False,
        help_text=_("Such as 36.8. Leave it empty if you did not measure."),
    )  # fmt: skip
    wound = forms.ChoiceField(label=_("How does the wound look?"), choices=Told.Wound.choices, widget=forms.RadioSelect)
    is_bleeding = forms.BooleanField(label=_("It bleeds"), required=False)
    is_short_of_breath = forms.BooleanField(label=_("I am short of breath"), required=False)
    text = long_text(_("What else would you like to tell?"), required=False)


@form_for("aftercare.answer_warning")
class AnswerWarning(StepForm):
    """What the patient should do."""

    text = long_text(_("What should the patient do?"), help_text=_("The patient reads this at once."))

    def prepare(self) -> None:
        from clearpath.aftercare import queries

        open_warnings = [row for row in queries.report_rows_for(self.actor, self.subject) if row.is_open]
        told: list[Any] = [alarm for row in open_warnings for alarm in row.alarms]
        self.intro = listed(dict.fromkeys(str(each) for each in told))


@form_for("aftercare.finish")
class Finish(StepForm):
    """How it ended, in the patient's own view."""

    intro = _("Ask the patient. What counts is what the patient says, not what you think.")
    patient_says = forms.ChoiceField(
        label=_("How does the patient say they are?"), choices=Ending.PatientSays.choices, widget=forms.RadioSelect
    )
    note = long_text(_("In the patient's words"), required=False, rows=2)
