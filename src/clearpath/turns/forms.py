"""The form of a step: one class per step that asks for something; a step without one is a plain button."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast
from uuid import UUID

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Refused
from clearpath.turns.models import Appointment, Lane
from clearpath.turns.subject import Subject
from clearpath.web.words import word_for


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

    def takings(self) -> Iterable[tuple[list[Any], dict[str, Any]]]:
        """The same for each time that the step is taken, which is once unless a form says otherwise."""
        yield self.arguments()

    def when_done(self, result: Any) -> Any:  # noqa: ARG002
        """What is told when the step was taken; the step's own words if empty."""
        return ""

    def what_is_wrong(self, result: Any) -> Any:  # noqa: ARG002
        """What was not done of it, told as a warning beside what was; nothing if empty."""
        return ""

    def when_refused(self, refusal: Refused, details: dict[str, Any]) -> Any:  # noqa: ARG002
        """What is told of a refusal of the step that was called with these details."""
        return refusal.objection.message


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


@form_for("turns.offer_seat")
class OfferSeat(StepForm):
    """To whom a seat is offered."""

    seat = forms.ChoiceField(label=_("Which seat"), help_text=_("It is theirs once they accept."))

    def prepare(self) -> None:
        from clearpath.turns import queries

        assert self.subject is not None  # noqa: S101 - every subject has seats, so there is one
        field: Any = self.fields["seat"]
        field.choices = queries.seats_to_offer(self.actor, self.subject)

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        position, role, organisation = self.cleaned_data["seat"].split(":")
        return [], {"position": position, "role": role, "organisation_id": UUID(organisation)}


@form_for("turns.appoint")
class Appoint(StepForm):
    """Who may act for the patient: somebody they trust in everything, or a role in one step."""

    intro = _("You decide who may act for you. You can take it back at any time.")
    button = _("I appoint them")
    what = forms.ChoiceField(label=_("What may they do?"), widget=forms.RadioSelect)
    email = forms.EmailField(
        label=_("For everything: their e-mail address"),
        required=False,
        help_text=_("Only for somebody you trust. They must already have an account."),
    )

    def prepare(self) -> None:
        from clearpath.turns import queries

        field: Any = self.fields["what"]
        field.choices = [("*:", _("Somebody I trust may do everything here for me."))] + [
            (
                f"{step}:{role}",
                _("%(role)s may do this for me: %(step)s.") % {"role": word_for(role), "step": word_for(step)},
            )
            for step, role in queries.appointable(self.actor, self.subject)
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if str(given.get("what", "")).startswith("*"):
            person = get_user_model().objects.filter(email__iexact=given.get("email") or "").first()
            if person is None:
                self.add_error(
                    "email", _("Nobody with this address has an account. Check it, or ask your facilitator.")
                )
            given["person"] = person
        return given

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        step, _colon, role = self.cleaned_data["what"].partition(":")
        wording = str(dict(cast(Any, self.fields["what"]).choices)[self.cleaned_data["what"]])
        person = self.cleaned_data.get("person")
        return [], {"task": step, "role": role, "person_id": person.pk if person else None, "wording": wording}


@form_for("turns.revoke")
class Revoke(StepForm):
    """Which appointment ends."""

    intro = _("It ends at once.")
    appointment = forms.ModelChoiceField(label=_("Which one"), queryset=Appointment.objects.none())

    def prepare(self) -> None:
        from clearpath.turns import queries

        field: Any = self.fields["appointment"]
        if self.subject is not None:
            field.queryset = queries.appointments_of(self.actor, self.subject)
        field.label_from_instance = lambda appointment: (
            f"{appointment.person.name if appointment.person else word_for(appointment.role)}: {appointment.wording}"
        )

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        return [self.cleaned_data["appointment"]], {}


@form_for("turns.attach")
class Attach(StepForm):
    """A file for the subject."""

    title = forms.CharField(label=_("What is it?"), max_length=120)
    file = forms.FileField(label=_("File"), help_text=_("At most 10 MB. It is kept exactly as you send it, encrypted."))
    data_class = forms.ChoiceField(label=_("What kind of data"), help_text=_("This decides who may open it."))

    def prepare(self) -> None:
        from clearpath.turns import queries

        field: Any = self.fields["data_class"]
        field.choices = [(name, word_for(f"class:{name}")) for name in queries.classes_of(self.actor, self.subject)]

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given = self.cleaned_data
        return [], {
            "title": given["title"],
            "data_class": given["data_class"],
            "media_type": (given["file"].content_type or "application/octet-stream")[:100],
            "content": given["file"].read(),
        }
