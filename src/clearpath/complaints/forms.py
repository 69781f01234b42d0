"""What the steps of a complaint ask for."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from clearpath.complaints.models import Complaint
from clearpath.journeys.queries import journeys_for
from clearpath.turns.forms import StepForm, form_for, long_text


@form_for("complaints.raise")
class Raise(StepForm):
    """What went wrong."""

    intro = _(
        "Your complaint goes to the steward, who works for nobody you deal with. You get an answer within 14 days."
    )
    button = _("Send the complaint")
    category = forms.ChoiceField(label=_("What it is about"), choices=Complaint.Category.choices)
    journey_id = forms.ChoiceField(label=_("On which journey"), required=False)
    text = long_text(_("What went wrong"), rows=6, help_text=_("In your own words. Only the steward reads it."))

    def prepare(self) -> None:
        field: Any = self.fields["journey_id"]
        own = [(each.pk, each.reference) for each in journeys_for(self.actor).filter(about=self.actor.stands_for)]
        field.choices = [*own, ("", _("None of them"))]

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        chosen = self.cleaned_data["journey_id"]
        return [], self.cleaned_data | {"journey_id": UUID(chosen) if chosen else None}


@form_for("complaints.answer")
class Answer(StepForm):
    """The steward's answer."""

    text = long_text(
        _("Your answer"), rows=6, help_text=_("The patient reads this, and can go on if it is not enough.")
    )


@form_for("complaints.go_on")
class GoOn(StepForm):
    """Why the answer is not enough."""

    text = long_text(_("What is still wrong"), rows=6)


@form_for("complaints.close")
class Close(StepForm):
    """How it ended, in the patient's eyes."""

    settled = forms.ChoiceField(
        label=_("How does it end?"),
        choices=[("yes", _("It is settled")), ("no", _("It is not settled, and I take it elsewhere or leave it"))],
    )

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        return [], {"settled": self.cleaned_data["settled"] == "yes"}
