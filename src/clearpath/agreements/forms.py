"""What the steps of an agreement ask for."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clearpath.agreements.drafting import clauses_for
from clearpath.agreements.fee_fields import FIELDS, fee_fields, fee_of, written
from clearpath.agreements.models import Agreement, Terms
from clearpath.agreements.policies import LONGEST_WINDOW_DAYS, what_is_wrong_with
from clearpath.agreements.terms import Clauses, FeeTerms
from clearpath.parties import queries as parties
from clearpath.turns import charters
from clearpath.turns.forms import ReasonForm, StepForm, day, form_for, long_text
from clearpath.web.roles import role_words

FEES = 3  # for which a form has room at least

form_for("agreements.end")(ReasonForm)


def party_choices(roles: Iterator[str] | tuple[str, ...], *, but: UUID | None) -> list[tuple[str, str]]:
    """Verified organisations in these roles, as `key:role`, without one's own."""
    return [
        (f"{party.id}:{role}", f"{party.name} ({role_words(role).label})")
        for role in roles
        for party in parties.verified_with(role)
        if party.id != but
    ]


@form_for("agreements.draft")
class Draft(StepForm):
    """With whom, and what about."""

    intro = _("You are the first party. The other side sees the draft at once, and both can propose terms.")
    title = forms.CharField(label=_("What the agreement is about"), max_length=200)
    second = forms.ChoiceField(label=_("With whom"))

    def prepare(self) -> None:
        rules = charters.rules_of(charters.in_force(), "agreement")
        field: Any = self.fields["second"]
        field.choices = party_choices(tuple(rules.positions["second"]), but=self.actor.organisation_id)

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        key, role = self.cleaned_data["second"].split(":")
        return [], {"title": self.cleaned_data["title"], "second_id": UUID(key), "second_role": role}


@form_for("agreements.propose_terms")
class ProposeTerms(StepForm):
    """The terms part by part, and the fees; begins from the last version, or from clauses for the two roles."""

    intro = _(
        "You begin from the version before, or from plain clauses for your two roles. Change what you want to change:"
        " the other side sees line by line what is new. What was found lawful or signed before no longer counts."
    )
    text = long_text(_("What the two sides owe each other"), rows=8)
    exclusivity = forms.ChoiceField(
        label=_("Who may work with others"),
        choices=[("", _("Not said yet")), *Terms.Exclusivity.choices],
        required=False,
    )
    data_purposes = forms.MultipleChoiceField(
        label=_("What data of patients are exchanged for"),
        choices=Terms.Purpose.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    attribution = forms.ChoiceField(
        label=_("How what was brought is divided among channels"),
        choices=[("", _("Not said")), *Terms.Attribution.choices],
        required=False,
    )
    attribution_days = forms.IntegerField(
        label=_("Touches count for so many days before somebody asks"),
        min_value=1, max_value=LONGEST_WINDOW_DAYS, required=False, help_text=_("Empty: 90."),
    )  # fmt: skip
    governing_law = forms.CharField(
        label=_("Governing law"), max_length=2, required=False, help_text=_("A country, by its two letters.")
    )
    starts_on = day(_("From"), required=False, help_text=_("Empty: from the day on which both have signed."))
    ends_on = day(_("Until"), required=False, help_text=_("That day is not included. Empty: until one of you ends it."))
    language = forms.ChoiceField(
        label=_("Language that prevails"),
        choices=settings.LANGUAGES,
        required=False,
        help_text=_("That of the text above. Where another language says something else, this one counts."),
    )

    def prepare(self) -> None:
        agreement = cast(Agreement, self.subject)  # terms are proposed on one
        self.last = agreement.versions.order_by("-number").first()
        self.numbers = range(1, max(FEES, self.last.fees.count() if self.last else 0) + 1)
        own = dict(self.fields)
        if "agency" not in {agreement.first_role, agreement.second_role}:
            del own["attribution"], own["attribution_days"]
        parts = {f"part_{part}": long_text(part.label, required=False, rows=3) for part in Terms.Part}
        fees = {name: field for number in self.numbers for name, field in fee_fields(number).items()}
        self.fields = {"text": own.pop("text"), **parts, **fees, **own}
        for code, language in settings.LANGUAGES:
            label = format_lazy(_("The whole in {language}"), language=language)
            self.fields[f"in_{code}"] = long_text(label, required=False, rows=3)
        self.fields["note"] = long_text(_("To the other side: why these changes"), required=False, rows=2)
        for name, value in self._begun_from().items():
            if name in self.fields:
                self.fields[name].initial = value

    def _begun_from(self) -> dict[str, Any]:
        """The last version; without one the clauses that are shipped for the two roles."""
        agreement = cast(Agreement, self.subject)
        if self.last is None:
            language = get_language() or "en"
            return _initial(clauses_for(agreement.first_role, agreement.second_role, language=language))
        begun = _initial(self.last)
        for fee in self.last.fees.order_by("number"):
            begun |= {
                f"fee{fee.number}_{name}": value for name, value in written(fee, first_id=agreement.first_id).items()
            }
        return begun

    def clean_governing_law(self) -> str:
        return str(self.cleaned_data["governing_law"]).upper()

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        given["fees"] = [fee for number in self.numbers if (fee := self._fee(number, given)) is not None]
        given["language"] = given.get("language") or "en"
        given.setdefault("attribution", "")
        given.setdefault("attribution_days", None)
        given["parts"] = {part.value: given.get(f"part_{part}") or "" for part in Terms.Part}
        others = [code for code, _name in settings.LANGUAGES if code != given["language"]]
        given["translations"] = {code: text for code in others if (text := given.get(f"in_{code}"))}
        return given

    def _fee(self, number: int, given: dict[str, Any]) -> FeeTerms | None:
        if not given.get(f"fee{number}_type"):
            return None
        try:
            fee = fee_of({name: given.get(f"fee{number}_{name}") or "" for name in FIELDS})
        except forms.ValidationError as wrong:
            self.add_error(f"fee{number}_how_much", wrong)
            return None
        objection = what_is_wrong_with(fee)
        if objection is not None:
            self.add_error(f"fee{number}_type", str(objection.message))
        return fee

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        return [], {name: self.cleaned_data[name] for name in ("fees", *CLAUSES)}


CLAUSES = tuple(each.name for each in fields(Clauses))


def _initial(clauses: Clauses | Terms) -> dict[str, Any]:
    """Clauses as the fields of the form show them; a note is for one proposal alone."""
    return {
        **{name: getattr(clauses, name) for name in CLAUSES if name != "note"},
        **{f"part_{part}": text for part, text in clauses.parts.items()},
        **{f"in_{code}": text for code, text in clauses.translations.items()},
    }


@form_for("agreements.rule_on_fee")
class RuleOnFee(StepForm):
    """Why the fees without a known rule are lawful."""

    intro = _(
        "With this you find every fee lawful for which no rule is known. A fee that a rule forbids stays forbidden."
        " Both sides read your reason. If you find a fee unlawful, write to them instead."
    )
    reason = long_text(_("Why they are lawful"), rows=4)
    source = forms.CharField(
        label=_("On what it rests"), max_length=300, required=False, help_text=_("A law, a judgment, a legal opinion.")
    )
