"""What the steps of campaigns, advertisements and leads ask for."""

import re
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from clearpath.agreements.queries import agreements_for
from clearpath.core.money import to_minor
from clearpath.marketing import queries
from clearpath.marketing.models import Campaign, Dispute, Lead
from clearpath.parties import queries as parties
from clearpath.turns.forms import ReasonForm, StepForm, day, form_for, long_text
from clearpath.turns.sight import shown

form_for("marketing.end_campaign")(ReasonForm)
form_for("marketing.stop_creative")(ReasonForm)

CODES = re.compile(r"[A-Za-z]{2}(-[A-Za-z0-9]{2,8})*")
CONSENT = _("I agree that a facilitator of this network contacts me about my question.")


def choose(form: StepForm, name: str, choices: list[tuple[Any, Any]]) -> None:
    """Fill the choices of a field."""
    field: Any = form.fields[name]
    field.choices = choices


class CodesField(forms.CharField):
    """Countries or languages by their codes, with commas between them; cleaned to a list."""

    def __init__(self, *, upper: bool = False, **options: Any) -> None:
        super().__init__(max_length=200, required=False, **options)
        self.upper = upper

    def clean(self, value: Any) -> list[str]:
        words = [word.strip() for word in str(super().clean(value) or "").split(",") if word.strip()]
        wrong = [word for word in words if not CODES.fullmatch(word)]
        if wrong:
            raise forms.ValidationError(_("Not a code of two letters: %(word)s"), params={"word": wrong[0]})
        return [word.upper() if self.upper else word for word in words]


def countries_field() -> CodesField:
    return CodesField(label=_("Countries"), upper=True, help_text=_("Two letters each, such as: KW, SA"))


def languages_field() -> CodesField:
    return CodesField(label=_("Languages"), help_text=_("Two letters each, such as: ar, en"))


@form_for("marketing.publish_brief")
class PublishBrief(StepForm):
    """What patients are sought, by which agency, and which doctor checks the claims."""

    intro = _("The agency sees your brief at once and answers with a plan. Nothing runs before you accept it.")
    name = forms.CharField(label=_("Name of the campaign"), max_length=80)
    agency_id = forms.ChoiceField(label=_("Agency"))
    doctor_id = forms.ChoiceField(
        label=_("Doctor who checks medical claims"), help_text=_("No advertisement runs without this doctor's yes.")
    )
    services = long_text(_("For which treatments"), rows=3)
    countries = countries_field()
    languages = languages_field()
    may_claim = long_text(_("What may be claimed"), required=False, rows=3)
    budget = forms.DecimalField(label=_("Budget"), min_value=0, max_digits=12, decimal_places=3, required=False)
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False, help_text=_("Such as EUR."))

    def prepare(self) -> None:
        choose(self, "agency_id", [(party.id, party.name) for party in parties.verified_with("agency")])
        choose(self, "doctor_id", [(party.id, party.name) for party in parties.verified_with("doctor")])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        given["currency"] = given.get("currency", "").upper()
        given["budget_minor"] = None
        if given.get("budget") is not None:
            try:
                given["budget_minor"] = to_minor(given["budget"], given["currency"])
            except ValueError:
                self.add_error("budget", _("This currency has no such small coins."))
        return given

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given = {name: value for name, value in self.cleaned_data.items() if name != "budget"}
        return [], given | {name: UUID(given[name]) for name in ("agency_id", "doctor_id")}


@form_for("marketing.propose_campaign")
class ProposeCampaign(StepForm):
    """The agency's answer to a brief."""

    plan = long_text(_("What you would do"), help_text=_("Channels, languages, what you expect and by when."))


@form_for("marketing.accept_campaign")
class AcceptCampaign(StepForm):
    """Under which agreement the campaign runs."""

    agreement_id = forms.ChoiceField(label=_("Under which agreement"), required=False)

    def prepare(self) -> None:
        campaign = cast(Campaign, self.subject)
        sides = {campaign.client_id, campaign.agency_id}
        found = agreements_for(self.actor).filter(stage="signed", first__in=sides, second__in=sides)
        choose(self, "agreement_id", [("", _("None")), *((each.pk, each.title) for each in found)])

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        chosen = self.cleaned_data["agreement_id"]
        return [], {"agreement_id": UUID(chosen) if chosen else None}


@form_for("marketing.dispute")
class RaiseDispute(StepForm):
    """What the agency holds to be wrong."""

    intro = _("The client answers within seven working days. Write no name, number or address of a person.")
    about = forms.ChoiceField(label=_("What it is about"), choices=Dispute.About.choices)
    text = long_text(_("What is wrong, and why"), rows=4, help_text=_("For a lead, give its token."))
    before_steward = forms.BooleanField(
        label=_("The client answered already and we disagree: the steward shall hear it"), required=False
    )


@form_for("marketing.answer_dispute")
@form_for("marketing.decide_dispute")
class AnswerDispute(StepForm):
    """What follows from a dispute."""

    intro = _("The agency reads this. Say nothing that names a person, or that tells what became of one.")
    answer = long_text(_("Answer"), rows=4)


class OfCampaign(StepForm):
    """Something of one of the agency's running campaigns."""

    campaign_id = forms.ChoiceField(label=_("Campaign"))

    def prepare(self) -> None:
        running = queries.campaigns_for(self.actor).filter(stage="running")
        choose(self, "campaign_id", [(each.pk, each.name) for each in running])

    def clean_campaign_id(self) -> UUID:
        return UUID(self.cleaned_data["campaign_id"])


@form_for("marketing.record_lead")
class RecordLead(OfCampaign):
    """Who asked for help. From the hand-over on, the agency does not see this any more."""

    intro = _("What you write here is sealed for the facilitator. You will see that it was answered, not who it was.")
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    asks = long_text(_("What they ask for, in their words"), rows=3)
    country = forms.CharField(label=_("Country where they live (two letters)"), max_length=2, min_length=2)
    language = forms.CharField(label=_("Language in which they want to be answered (two letters)"), max_length=10)
    channel = forms.CharField(label=_("Channel"), max_length=40, help_text=_("Such as search, social, telephone."))
    consent_wording = long_text(
        _("What exactly they agreed to"), rows=2, help_text=_("Word for word, in the language in which they read it.")
    )
    consent_language = forms.CharField(label=_("Language of these words (two letters)"), max_length=10)
    consented_at = forms.DateTimeField(
        label=_("When they agreed"), widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )

    def prepare(self) -> None:
        super().prepare()
        self.fields["consent_wording"].initial = CONSENT
        self.fields["consent_language"].initial = self.actor.language

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()


@form_for("marketing.hand_over_lead")
class HandOverLead(StepForm):
    """Nothing is asked: who answers is chosen by the network's rules, never by who pays."""

    intro = _(
        "The network's rules choose who answers: by language, treatment and open clocks. From now on the facilitator "
        "has this person. You keep the token and see that it was answered."
    )


@form_for("marketing.take_lead")
class TakeLead(StepForm):
    """What the journey begins with; taken from the lead where nothing else is known."""

    intro = _("A journey is opened, and the person is invited to it by e-mail.")
    procedure = forms.CharField(label=_("What they need help with"), max_length=300)
    country = forms.CharField(label=_("Country where they live (two letters)"), max_length=2, min_length=2)
    email = forms.EmailField(label=_("E-mail"))
    born_on = day(_("Born on"), required=False)

    def prepare(self) -> None:
        row = shown(cast(Lead, self.subject), to=self.actor)
        for name, value in (("procedure", row.asks), ("country", row.country), ("email", row.email)):
            self.fields[name].initial = str(value)[:300]

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()


@form_for("marketing.reject_lead")
class RejectLead(StepForm):
    """Why nothing comes of a lead."""

    reason = long_text(_("Why"), rows=2, help_text=_("Only you read this. The agency sees that the lead was answered."))
