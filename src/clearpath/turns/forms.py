"""The form of a step: one class per step that asks for something; a step without one is a plain button."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.turns.models import Lane
from clearpath.turns.subject import Subject


class StepForm(forms.Form):
    """What a step asks for. `subject` is None for a step that starts one; `lane` the lane it is about, if any.

    `intro` is a sentence above the form, `button` the words on its button (the step's own words if empty).
    Subclasses override `arguments` when the step wants something else than the cleaned fields by name.
    """

    intro: Any = ""
    button: Any = ""

    def __init__(
        self, *args: Any, actor: Actor, subject: Subject | None = None, lane: Lane | None = None, **kwargs: Any
    ) -> None:
        self.actor, self.subject, self.lane = actor, subject, lane
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fill choices that depend on the subject and the actor."""

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        """What the step is called with after the subject: things in order, and details by name."""
        return [], dict(self.cleaned_data)


FORMS: dict[str, type[StepForm]] = {}
Form = TypeVar("Form", bound=type[StepForm])


def form_for(name: str) -> Callable[[Form], Form]:
    """Register the form of a step."""

    def register(form: Form) -> Form:
        if name in FORMS:
            raise RuntimeError(f"The step {name!r} has two forms.")
        FORMS[name] = form
        return form

    return register


def long_text(label: Any, *, required: bool = True, help_text: Any = "", rows: int = 4) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(
        label=label, required=required, help_text=help_text, max_length=10_000, widget=forms.Textarea({"rows": rows})
    )


def day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A date, picked with the browser's own calendar."""
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


class ReasonForm(StepForm):
    """Asks for a reason, which is required."""

    reason = long_text(_("Why"), rows=2, help_text=_("The other side reads this."))
