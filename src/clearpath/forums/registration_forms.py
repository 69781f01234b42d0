"""What is asked of who wants to come, and how the organizer answers."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from clearpath.forums import registration, vocabulary
from clearpath.forums.forms import choose
from clearpath.forums.models import Forum, Registration
from clearpath.turns.forms import StepForm, form_for, long_text
from clearpath.turns.sight import visible
from clearpath.web.roles import role_words

HOW = _("In your own words with commas between them, or from the list below. At least one of the two is needed.")


class OneOfTwo(forms.Field):
    """What may be empty where the other of two is filled in. Neither is called optional; the form looks at both."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class Written(OneOfTwo, forms.CharField):
    """In one's own words."""

    widget = forms.Textarea({"rows": 2})


class Listed(OneOfTwo, forms.MultipleChoiceField):
    """Of the words that all share."""

    widget = forms.CheckboxSelectMultiple


class Come(forms.Form):
    """A line of the organizer's file, asked of one person. `website` is not seen by people: programs fill it in."""

    person = forms.CharField(label=_("Your name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    organisation = forms.CharField(label=_("Your organisation"), max_length=120)
    trade = forms.ChoiceField(label=_("What it is"))
    languages = forms.CharField(
        label=_("Languages you speak"), max_length=200, required=False, help_text=_("Such as: ar, en, tr.")
    )
    countries = forms.CharField(
        label=_("Countries from which your patients come, or shall come"), max_length=200, required=False,
        help_text=_("Such as: KW, DE."),
    )  # fmt: skip
    offers = Written(label=_("What you offer"), max_length=10_000, help_text=HOW)
    offers_listed = Listed(label=_("Choose from the list"))
    wants = Written(label=_("Whom you look for"), max_length=10_000, help_text=HOW)
    wants_listed = Listed(label=_("Choose from the list"))
    agreed = forms.BooleanField(
        label=_("I agree that the organizer reads this to decide whether I can come, and plans my meetings from it."),
        error_messages={"required": _("Without your yes nobody may read it.")},
    )
    website = forms.CharField(required=False)

    def __init__(self, *args: Any, forum: Forum, **details: Any) -> None:
        super().__init__(*args, **details)
        self.forum = forum
        trades: Any = self.fields["trade"]
        trades.choices = [("", "–"), *((key, role_words(key).label) for key in registration.free_trades(forum))]
        words = [(vocabulary.name_of(kind, code),) * 2 for kind, code in vocabulary.listed()]
        for side in ("offers", "wants"):
            listed: Any = self.fields[f"{side}_listed"]
            listed.choices = words
        for name, kind in (("person", "name"), ("email", "email"), ("organisation", "organization")):
            self.fields[name].widget.attrs["autocomplete"] = kind

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for side in ("offers", "wants"):
            said = [*given.get(f"{side}_listed", []), given.get(side, "").strip()]
            given[side] = "; ".join(word for word in said if word)
            if not given[side] and side not in self.errors:
                self.add_error(side, _("Meetings come from this: write it, or choose from the list."))
        self.cells = {name: str(given.get(name, "")) for name in registration.COLUMNS}
        if not self.errors:
            for fault in registration.judged(self.forum, self.cells).faults:
                self.add_error(fault.column if fault.column in self.fields else None, fault.says)
        return given


class Answer(StepForm):
    """Whom the organizer answers."""

    registration = forms.ChoiceField(label=_("Who asked to come"))

    def prepare(self) -> None:
        found = visible(Registration, to=self.actor).filter(forum_id=cast(Forum, self.subject).pk, declined_at=None)
        cells = [(each.pk, registration.said_in(each)) for each in found.order_by("pk")]
        choose(self, "registration", [(key, f"{said['person']} ({said['organisation']})") for key, said in cells])

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given = dict(self.cleaned_data)
        return [visible(Registration, to=self.actor).get(pk=given.pop("registration"))], given


@form_for("forums.accept_registration")
class AcceptRegistration(Answer):
    """Who may come."""

    intro = _(
        "Look whether you know them: nobody has checked the address. Who is accepted comes as a delegate, as if from "
        "your file."
    )


@form_for("forums.decline_registration")
class DeclineRegistration(Answer):
    """Who may not come, and why."""

    reason = long_text(_("Why"), rows=2, help_text=_("They read this. What they wrote is erased 30 days later."))


@form_for("forums.open_registration")
class OpenRegistration(StepForm):
    """A plain button with its consequence before it."""

    intro = _(
        "A page for everybody opens: it tells name, place and days of the forum and who runs it. Who asks to come "
        "waits until you accept or decline them."
    )
