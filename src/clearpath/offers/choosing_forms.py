"""What the steps ask for by which a patient comes to know, asks and chooses."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clearpath.offers import choices, policies, questions_asked, statements
from clearpath.offers.forms import OfferForm
from clearpath.offers.models import QuestionAsked
from clearpath.offers.moments import moment_in_words
from clearpath.turns.forms import StepForm, form_for, long_text


def page_language() -> str:
    """The language in which the reader has the page before their eyes."""
    return get_language() or "en"


def compare_url(journey: Any) -> str:
    """Where the offers stand side by side."""
    return reverse("offers:compare", args=[journey.pk])


@form_for("offers.acknowledge_interests")
class AcknowledgeInterests(StepForm):
    """What was told stands beside; here the patient confirms to know it. What stood there is kept."""

    intro = _("Read first what stands under “Who earns what, who owns whom”. Nobody may hurry you.")
    button = _("I know it")
    agreed = forms.BooleanField(label=_("I know who earns what from whom, and who owns whom."))
    read = forms.CharField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        if self.subject is not None and not self.is_bound:
            stands = statements.statement_on(self.subject, language=page_language(), at=self.actor.now)
            self.initial = {**self.initial, "read": statements.digest_of(stands)}

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        return [], {"read": self.cleaned_data["read"], "language": page_language()}


@form_for("offers.accept")
class Accept(OfferForm):
    """The patient's choice, with what to think of before it."""

    button = _("Choose this offer")
    insurance = forms.ChoiceField(
        label=_("Insurance for complications"),
        widget=forms.RadioSelect,
        choices=[(each.value, each.label) for each in policies.INSURANCE_ANSWERS],
        help_text=_("If something goes wrong after the operation, it can cost more than the operation."),
    )

    def prepare(self) -> None:
        super().prepare()
        field: Any = self.fields["offer"]
        offers = list(field.queryset)
        possible = choices.choosable_from(offers)
        label = field.label_from_instance

        def with_moment(offer: Any) -> Any:
            from_when = possible.get(offer.pk)
            if from_when is None or from_when <= self.actor.now:
                return label(offer)
            return _("%(offer)s. You can choose it from %(moment)s on.") % {
                "offer": label(offer),
                "moment": moment_in_words(from_when),
            }

        field.label_from_instance = with_moment
        seen = [choices.seen_at(offer) for offer in offers]
        waits = [policies.why_not_yet(at, at=self.actor.now) for at in seen]
        context = {
            "subject": self.subject,
            "why_not": next((why for why in waits if why is not None), None),
            "not_seen": any(at is None for at in seen),
            "compare_url": compare_url(self.subject),
        }
        self.intro = render_to_string("offers/_before_choosing.html", context)

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        things, details = super().arguments()
        return things, details | {"language": page_language()}


@form_for("offers.accept_revision")
class AcceptRevision(OfferForm):
    """A new yes to a changed price or plan."""

    intro = _("You are free to say no: then leave the journey, and what you paid is put in order.")
    button = _("I agree to the change")

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        things, details = super().arguments()
        return things, details | {"language": page_language()}


@form_for("offers.ask_question")
class AskQuestion(StepForm):
    """One question to every hospital that is still asked."""

    intro = _("Every hospital that is asked gets the same question. No hospital sees what another answers.")
    button = _("Ask all of them")
    text = long_text(_("Your question"))


@form_for("offers.answer_question")
class AnswerQuestion(StepForm):
    """The hospital's answer to the patient."""

    intro = _("The patient and the guide read your answer. Other hospitals do not. It cannot be changed later.")
    question = forms.ModelChoiceField(
        label=_("Which question"), queryset=QuestionAsked.objects.none(), empty_label=None
    )
    text = long_text(_("Your answer"))

    def prepare(self) -> None:
        field: Any = self.fields["question"]
        assert self.subject is not None  # noqa: S101 - this step starts nothing
        field.queryset = questions_asked.unanswered_for(self.actor, self.subject)
        field.label_from_instance = lambda question: question.text

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        return [self.cleaned_data["question"]], {"text": self.cleaned_data["text"]}
