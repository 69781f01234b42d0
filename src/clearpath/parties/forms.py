"""What the steps on an organisation ask for."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from clearpath.parties import queries
from clearpath.parties.models import Evidence
from clearpath.parties.policies import BY_WORD
from clearpath.turns import charters
from clearpath.turns.forms import ReasonForm, StepForm, day, form_for
from clearpath.web.roles import role_words

LARGEST_FILE = 5_000_000  # bytes

form_for("parties.suspend")(ReasonForm)


@form_for("parties.apply")
class Apply(StepForm):
    """Who applies, and for which roles."""

    intro = _("Tell us who you are. The steward checks your evidence before you can work on the network.")
    name = forms.CharField(label=_("Name of the organisation"), max_length=200)
    country = forms.CharField(label=_("Country (two letters)"), max_length=2, min_length=2)
    city = forms.CharField(label=_("City"), max_length=80, required=False)
    register_number = forms.CharField(label=_("Number in the trade register"), max_length=80, required=False)
    roles = forms.MultipleChoiceField(label=_("What you do"), widget=forms.CheckboxSelectMultiple)

    def prepare(self) -> None:
        rules = charters.charter(charters.in_force()).subjects["organisation"]
        field: Any = self.fields["roles"]
        field.choices = [(role, role_words(role).label) for role in rules.positions["member"]]

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()


@form_for("parties.add_evidence")
class AddEvidence(StepForm):
    """One licence, registration, accreditation or insurance."""

    role = forms.ChoiceField(label=_("For which role"))
    kind = forms.ChoiceField(label=_("What it is"), choices=Evidence.Kind.choices)
    body = forms.CharField(label=_("Who issued it"), max_length=200)
    number = forms.CharField(label=_("Its number"), max_length=80)
    valid_from = day(_("Valid from"))
    valid_to = day(_("Valid until"))
    source = forms.CharField(
        label=_("Where it can be checked"),
        max_length=300,
        required=False,
        help_text=_("For example a public register."),
    )

    def prepare(self) -> None:
        held = queries.roles_held([self.actor.organisation_id]) if self.actor.organisation_id else set()
        field: Any = self.fields["role"]
        field.choices = [(role, role_words(role).label) for role in sorted(held)]


@form_for("parties.declare_ownership")
class DeclareOwnership(StepForm):
    """One thing at a time: an owner, a holding, a family tie, a payment, a gift, a file, or that there is nothing."""

    intro = _(
        "Patients are told who owns and pays whom before they choose. What you leave out and the network finds "
        "later is told to them, to the other side and to the steward."
    )
    what = forms.ChoiceField(
        label=_("What do you declare?"),
        widget=forms.RadioSelect,
        choices=[
            ("owner", _("Somebody owns or controls a part of us")),
            ("owned", _("We own or control a part of somebody")),
            ("family", _("Family ties us to an organisation of the network")),
            ("payment", _("Money is paid between us and an organisation of the network")),
            ("gift", _("Gifts, journeys or meals between us and an organisation of the network")),
            ("file", _("Ownership statements in a file")),
            ("nothing", _("Nobody else owns a part of us, and we own a part of nobody")),
        ],
    )
    other = forms.ChoiceField(
        label=_("Which organisation of the network"), required=False, help_text=_("Leave it open for anybody else.")
    )
    name = forms.CharField(label=_("Name of somebody else"), max_length=200, required=False)
    is_person = forms.BooleanField(label=_("This is a person, not a company"), required=False)
    country = forms.CharField(label=_("Country of the company (two letters)"), max_length=2, required=False)
    register_number = forms.CharField(
        label=_("Its number in the trade register"),
        max_length=80,
        required=False,
        help_text=_("By it, and never by name, the network knows that two declarations speak of one company."),
    )
    share = forms.DecimalField(
        label=_("How much, in percent"),
        max_digits=6,
        decimal_places=3,
        required=False,
        help_text=_("Leave it open if you do not know: it then counts as all of it."),
    )
    controls = forms.BooleanField(label=_("The owner also decides by other means than shares"), required=False)
    ended = forms.BooleanField(label=_("This was so and has ended"), required=False)
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("Statements of the Beneficial Ownership Data Standard 0.4, as JSON, at most 5 MB."),
    )

    def prepare(self) -> None:
        field: Any = self.fields["other"]
        others = queries.other_organisations(self.actor.organisation_id)
        field.choices = [("", _("Somebody else")), *((str(key), name) for key, name in others)]

    def clean_share(self) -> Decimal | None:
        share: Decimal | None = self.cleaned_data["share"]
        if share is not None and not 0 < share <= 100:
            raise forms.ValidationError(_("A share is more than 0 % and at most 100 %."))
        return None if share is None else share / 100

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is not None and file.size > LARGEST_FILE:
            raise forms.ValidationError(_("This file is too large. Ask the steward to import it."))
        return file

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("what") == "file" and not given.get("file"):
            self.add_error("file", _("Choose the file."))
        if given.get("what") in ("owner", "owned") and not (given.get("other") or given.get("name", "").strip()):
            self.add_error("name", _("Say who it is: choose an organisation or write a name."))
        if given.get("what") in BY_WORD and not given.get("other"):
            self.add_error("other", _("Choose the organisation of this network with which you are tied."))
        return given

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given = dict(self.cleaned_data)
        other, file = given.pop("other"), given.pop("file")
        return [], {**given, "other_id": UUID(other) if other else None, "file": file.read() if file else b""}
