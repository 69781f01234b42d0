"""What the steps about reviews ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clearpath.offers.reviews import LONGEST
from clearpath.turns.forms import StepForm, form_for

STARS = [(5, _("5: very good")), (4, "4"), (3, _("3: as expected")), (2, "2"), (1, _("1: very bad"))]


@form_for("offers.review")
class WriteReview(StepForm):
    """How it was."""

    intro = _(
        "Everybody on the network can read it, and the hospital may answer. Your name is not shown. Nobody can edit "
        "it, you neither, so write what you want to stand."
    )
    button = _("Publish my review")
    stars = forms.TypedChoiceField(
        label=_("How was it, all in all?"), choices=STARS, coerce=int, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("What should others know?"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Leave out names and what you do not want to be known of your health."),
    )
    is_public = forms.BooleanField(label=_("I know that this is public and stays as it is."))


@form_for("offers.answer_review")
class AnswerReview(StepForm):
    """The hospital's answer."""

    intro = _("It stands beneath the review, for everybody, and stays as it is. Tell nothing of the patient's health.")
    text = forms.CharField(label=_("Your answer"), max_length=LONGEST, widget=forms.Textarea({"rows": 5}))

    def prepare(self) -> None:
        from clearpath.offers.reviews import review_of

        found: Any = review_of(self.subject) if self.subject else None
        if found is not None:
            self.fields["text"].help_text = _("The patient wrote: %(text)s") % {"text": found.text[:300]}
