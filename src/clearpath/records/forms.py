"""What the clinical steps ask for; the longer forms of doctors are in `medical_forms`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Refused
from clearpath.records import aside
from clearpath.records.models import Record
from clearpath.records.received import NAMES, examine
from clearpath.turns.forms import StepForm, day, form_for, long_text

ACCEPTED = "application/pdf,image/*,text/plain,.json,.xml,.dcm,.zip"


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
