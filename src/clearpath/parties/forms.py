"""What the steps on an organisation ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clearpath.parties import queries
from clearpath.parties.models import Evidence
from clearpath.turns import charters
from clearpath.turns.forms import ReasonForm, StepForm, day, form_for
from clearpath.web.roles import role_words

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
        label=_("Where it can be checked"), max_length=300, required=False, help_text=_("For example a public register.")
    )

    def prepare(self) -> None:
        held = queries.roles_held([self.actor.organisation_id]) if self.actor.organisation_id else set()
        field: Any = self.fields["role"]
        field.choices = [(role, role_words(role).label) for role in sorted(held)]
