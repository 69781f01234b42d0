"""What the clinical steps ask for."""

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf.locale import LANG_INFO
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clearpath.records import queries
from clearpath.records.wording import informed_consent_wording
from clearpath.turns.forms import StepForm, day, form_for, long_text
from clearpath.web.words import listed

if TYPE_CHECKING:
    from clearpath.journeys.models import Journey


def language_choices() -> list[tuple[str, str]]:
    """Every language that has a name of its own here, by that name."""
    named = [(code, info["name_local"]) for code, info in LANG_INFO.items() if "name_local" in info]
    return sorted(named, key=lambda each: each[1].casefold())


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


@form_for("records.give_second_opinion")
class GiveSecondOpinion(StepForm):
    """What a second doctor thinks."""

    text = long_text(_("Your opinion"), rows=8)


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


@form_for("records.explain_treatment")
class ExplainTreatment(StepForm):
    """The explanation, in a language that the patient understands."""

    text = long_text(
        _("Explanation"), rows=10, help_text=_("What it is, what it is for, its risks, the alternatives, what follows.")
    )
    language = forms.ChoiceField(label=_("Language of the explanation"))

    def prepare(self) -> None:
        field: Any = self.fields["language"]
        field.choices = language_choices()
        field.initial = cast("Journey", self.subject).language


@form_for("records.give_informed_consent")
class GiveInformedConsent(StepForm):
    """The explanation above, the exact words to agree to below."""

    button = _("I agree to the treatment")
    agreed = forms.BooleanField()

    def prepare(self) -> None:
        found = queries.explanation_for(self.actor, cast("Journey", self.subject))
        self.intro = format_html('<span dir="auto">{}</span>', found.text) if found else ""
        explained_on: date = found.written_at.date() if found else self.actor.now.date()
        self.fields["agreed"].label = informed_consent_wording(explained_on)

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        return [], {"wording": str(self.fields["agreed"].label), "language": get_language() or "en"}


@form_for("records.withdraw_informed_consent")
class WithdrawInformedConsent(StepForm):
    """Taking it back needs no reason."""

    intro = _("You can take this back until the treatment begins. Nobody may press you.")
    reason = long_text(_("Would you like to tell why?"), required=False, rows=2)


@form_for("records.treat")
class Treat(StepForm):
    """What was done."""

    treated_on = day(_("Day of the treatment"))
    text = long_text(
        _("What was done"), rows=8, help_text=_("Procedure, findings, complications, implants, anaesthesia, medicines.")
    )


@form_for("records.discharge")
class Discharge(StepForm):
    """What the patient takes along."""

    intro = _("The patient takes this home. Write none where there is none.")
    discharged_on = day(_("Day of discharge"))
    summary = long_text(_("Summary"))
    medicines = long_text(_("Medicines"), help_text=_("Name, dose, how long."))
    warning_signs = long_text(_("Warning signs"), help_text=_("When to call whom."))
    follow_up = long_text(_("What follows"), help_text=_("Checks, stitches, physiotherapy, with days."))


@form_for("records.discharge_early")
class DischargeEarly(Discharge):
    """The same for who leaves early."""


@form_for("records.readmit")
class Readmit(StepForm):
    """Why the patient comes back."""

    reason = long_text(_("Why is the patient taken in again?"))


@form_for("records.declare_fit_to_fly")
class DeclareFitToFly(StepForm):
    """From when until when."""

    fit_from = day(_("First day on which the patient may fly"))
    fit_until = day(_("Last day"), help_text=_("After that day a new certificate is needed."))
    text = long_text(_("What is needed on board?"), required=False, rows=2)


@form_for("records.hand_over_home")
class HandOverHome(StepForm):
    """To whom the records go."""

    text = long_text(_("Letter to the doctor at home"), required=False, rows=8)

    def prepare(self) -> None:
        doctors = queries.home_doctors(cast("Journey", self.subject))
        names = queries.names_of(key for key, _agreed in doctors)
        agreed = listed(names[key] for key, has_agreed in doctors if has_agreed)
        self.intro = (
            _("The patient gets the records, and with the patient's consent: %s.") % agreed
            if agreed
            else _("The patient gets the records. The patient has not agreed that a doctor at home gets them too.")
        )


@form_for("records.record_death")
class RecordDeath(StepForm):
    """When and what happened."""

    died_on = day(_("Day of death"))
    text = long_text(_("What happened"), required=False)
