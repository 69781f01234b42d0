"""What the steps of a journey ask for."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clearpath.journeys import queries
from clearpath.journeys.models import Consent, Journey
from clearpath.journeys.steps import Asked
from clearpath.journeys.wording import PURPOSES, consent_wording
from clearpath.parties import queries as parties
from clearpath.turns.forms import ReasonForm, StepForm, form_for, long_text
from clearpath.web.words import word_for

ENOUGH_TO_COMPARE = 3  # hospitals; fewer need a reason

form_for("journeys.decline_inquiry")(ReasonForm)


@form_for("journeys.start")
class Start(StepForm):
    """What somebody tells who asks for help."""

    intro = _("Tell us in your own words. A person answers you, usually within two hours in working time.")
    facilitator_id = forms.ChoiceField(label=_("Who shall guide you"))
    patient_name = forms.CharField(label=_("Your name"), max_length=120)
    country = forms.CharField(label=_("Country where you live (two letters)"), max_length=2, min_length=2)
    procedure = forms.CharField(label=_("What do you need help with?"), max_length=300)
    story = long_text(_("Your story"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)

    def prepare(self) -> None:
        field: Any = self.fields["facilitator_id"]
        field.choices = [(party.id, party.name) for party in parties.verified_with("facilitator")]

    def clean_facilitator_id(self) -> UUID:
        return UUID(self.cleaned_data["facilitator_id"])

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()


@form_for("journeys.answer_inquiry")
class AnswerInquiry(StepForm):
    """How the patient was answered."""

    how = forms.ChoiceField(
        label=_("How did you answer?"),
        choices=[("telephone", _("By telephone")), ("message", _("By message")), ("in_person", _("In person"))],
    )


@form_for("journeys.give_consent")
class GiveConsent(StepForm):
    """Who may see what. The words are shown before they are agreed to."""

    intro = _("Choose who may see what. You can take this back at any time.")
    button = _("I agree")
    what = forms.ChoiceField(label=_("I agree to this"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        field: Any = self.fields["what"]
        asked = queries.consents_to_ask(cast(Journey, self.subject))
        self.wordings = {f"{key}:{data}": consent_wording(name, data, self.language) for key, name, data in asked}
        field.choices = [
            (
                f"{key}:{data}",
                format_html("<strong>{}</strong><br><small>{}</small>", name, self.wordings[f"{key}:{data}"]),
            )
            for key, name, data in asked
        ]

    @property
    def language(self) -> str:
        return get_language() or "en"

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        key, data_class = self.cleaned_data["what"].split(":")
        wording = self.wordings[self.cleaned_data["what"]]
        return [], {
            "recipient_key": UUID(key),
            "purpose": PURPOSES[data_class],
            "data_class": data_class,
            "wording": wording,
            "language": self.language,
        }


@form_for("journeys.withdraw_consent")
class WithdrawConsent(StepForm):
    """Which consent ends."""

    intro = _("Their sight ends at once. What they already received is named on your page.")
    consent = forms.ModelChoiceField(label=_("Which consent"), queryset=Consent.objects.none())

    def prepare(self) -> None:
        journey = cast(Journey, self.subject)
        field: Any = self.fields["consent"]
        field.queryset = queries.consents_of(self.actor, journey).filter(withdrawn_at=None)
        names = queries.recipient_names(journey)
        field.label_from_instance = lambda consent: (
            f"{names.get(consent.recipient_key, '')}: {word_for('class:' + consent.data_class)}"
        )

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        return [self.cleaned_data["consent"]], {}


@form_for("journeys.send_for_review")
class SendForReview(StepForm):
    """Which hospitals and doctors are asked, and why these."""

    intro = _("Each hospital is asked on its own and does not see the others. Who has no consent is left out.")
    to = forms.MultipleChoiceField(
        label=_("Hospital and doctor"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose three or more, so that the patient can compare. Favour none."),
    )
    why = long_text(_("Why these?"), rows=3, help_text=_("The patient reads this, and every tie between you and them."))
    why_fewer = long_text(_("If fewer than three are asked: why?"), required=False, rows=2)

    def prepare(self) -> None:
        asked = queries.providers_asked(cast(Journey, self.subject))
        field: Any = self.fields["to"]
        field.choices = [
            (f"{provider.id}:{doctor.id}", f"{provider.name} · {doctor.name}")
            for provider in parties.verified_with("provider")
            for doctor in parties.verified_with("doctor")
            if provider.id not in asked and doctor.country == provider.country
        ]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        journey = cast(Journey, self.subject)
        pairs = [pair.split(":") for pair in given.get("to", ())]
        asked = {provider for provider, doctor in pairs if queries.has_consent(journey, UUID(doctor), "clinical")}
        enough = len(queries.providers_asked(journey)) + len(asked) >= ENOUGH_TO_COMPARE
        if pairs and not enough and not given.get("why_fewer", "").strip():
            self.add_error("why_fewer", self._why(pairs, asked))
        return given

    def _why(self, pairs: list[list[str]], asked: set[str]) -> Any:
        """Whom nobody may ask yet is named, so that consent can be asked for first."""
        names = parties.names_of(UUID(provider) for provider, _doctor in pairs if provider not in asked)
        if not names:
            return _("Fewer than three are asked: say why. The patient reads it.")
        words = {"names": ", ".join(sorted(names.values()))}
        return _("Left out without consent: %(names)s. So fewer than three are asked: say why, or wait.") % words

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        details = dict(self.cleaned_data)
        pairs = [pair.split(":") for pair in details.pop("to")]
        return [], {"to": [Asked(UUID(provider), UUID(doctor)) for provider, doctor in pairs], **details}


@form_for("journeys.withdraw")
class Withdraw(StepForm):
    """Leaving needs no reason."""

    intro = _("You can leave at any time. What is owed to you or by you is put in order, and you keep your records.")
    button = _("Leave the journey")
    reason = long_text(_("Would you like to tell why?"), required=False, rows=2)


@form_for("journeys.change_facilitator")
class ChangeFacilitator(StepForm):
    """Who guides the patient from now on."""

    intro = _("Your present facilitator keeps the seat until the new one accepts.")
    facilitator_id = forms.ChoiceField(label=_("Who shall guide you from now on"))

    def prepare(self) -> None:
        field: Any = self.fields["facilitator_id"]
        field.choices = [(party.id, party.name) for party in parties.verified_with("facilitator")]

    def clean_facilitator_id(self) -> UUID:
        return UUID(self.cleaned_data["facilitator_id"])
