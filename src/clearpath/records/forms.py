"""What the clinical steps ask for."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf.locale import LANG_INFO
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Refused
from clearpath.records import aside, queries
from clearpath.records.models import Opinion, Record
from clearpath.records.received import NAMES, examine
from clearpath.records.wording import informed_consent_wording
from clearpath.turns.forms import StepForm, day, form_for, long_text
from clearpath.web.words import listed

if TYPE_CHECKING:
    from clearpath.journeys.models import Journey

ACCEPTED = "application/pdf,image/*,text/plain,.json,.xml,.dcm,.zip"


def language_choices() -> list[tuple[str, str]]:
    """Every language that has a name of its own here, by that name."""
    named = [(code, info["name_local"]) for code, info in LANG_INFO.items() if "name_local" in info]
    return sorted(named, key=lambda each: each[1].casefold())


class SeveralFilesInput(forms.ClearableFileInput):
    """The browser's own chooser, for several files."""

    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """One file or more; an empty one is answered on its own, like every other."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        return [found for each in given if (found := super(SeveralFiles, self).clean(each, initial))]


@form_for("records.add")
class Add(StepForm):
    """Files of health data, each a record of its own."""

    intro = _(
        "PDFs, pictures, texts, X-rays, patient summaries, or an archive of them. They are kept exactly as you send "
        "them, encrypted."
    )
    file = SeveralFiles(
        label=_("Files"),
        required=False,
        allow_empty_file=True,
        help_text=_("You can choose several. At most 20 MB each; an archive at most 50 MB."),
        widget=SeveralFilesInput({"accept": ACCEPTED}),
    )
    photo = SeveralFiles(
        label=_("Or take a photo of a paper"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": "image/*", "capture": "environment"}),
    )
    title = forms.CharField(
        label=_("What is it?"), max_length=120, required=False, help_text=_("If empty, the name of the file.")
    )
    received_from = forms.CharField(
        label=_("Who made it?"), max_length=120, required=False, help_text=_("Such as a hospital or a doctor.")
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not (given.get("file") or given.get("photo") or self.errors):
            self.add_error("file", _("Choose at least one file, or take a photo."))
        return given

    def takings(self) -> Iterator[tuple[list[Any], dict[str, Any]]]:
        """One after another, so that of many files only one lies in memory."""
        files = [*self.cleaned_data["file"], *self.cleaned_data["photo"]]
        for each in files:
            title = self.cleaned_data["title"]
            name = Path(each.name or "").stem[:120]
            yield (
                [],
                {
                    "content": examine(each.read()),
                    "title": f"{title}: {name}" if title and len(files) > 1 else title or name,
                    "received_from": self.cleaned_data["received_from"],
                },
            )

    def when_done(self, result: Record) -> Any:
        return _("%(title)s is kept: %(kind)s.") % {"title": result.title, "kind": NAMES[result.media_type]}

    def when_refused(self, refusal: Refused, details: dict[str, Any]) -> Any:
        """What is wrong with which file, and where it is kept until its sender has decided."""
        words = f"{details['title']}: {refusal.objection.message}"
        assert self.subject is not None  # noqa: S101 - files come in on a journey
        kept = aside.set_aside(
            self.subject,
            details["content"],
            refusal,
            title=details["title"],
            received_from=details["received_from"],
            by=self.actor,
        )
        if kept is None:
            return words
        address = reverse("records:set_aside", args=[kept.pk])
        return format_html('<bdi>{}</bdi> <a href="{}">{}</a>', words, address, _("Look at it"))


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


@form_for("records.give_opinion")
class GiveOpinion(StepForm):
    """A structured opinion; what is not suitable is advised against instead."""

    intro = _("If the treatment does not suit, go back and advise against it instead.")
    suitability = forms.ChoiceField(
        label=_("Does the treatment suit?"), choices=Opinion.Suitability.choices, widget=forms.RadioSelect
    )
    conditions = long_text(_("If what?"), required=False, rows=2, help_text=_("Only where it suits under conditions."))
    plan = long_text(_("Plan"))
    risks = long_text(_("Risks"), help_text=_("With numbers where they are known."))
    alternatives = long_text(_("Alternatives"), help_text=_("Also to do nothing."))
    stay_days = forms.IntegerField(label=_("Days from arrival to the flight home"), min_value=1, max_value=365)


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
