"""What the steps of an advertisement ask for: its text and picture, and why each thing that stands out is right."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clearpath.marketing import pictures, queries
from clearpath.marketing.forms import OfCampaign, countries_field, languages_field
from clearpath.marketing.mark_rows import MarkRow, mark_rows
from clearpath.marketing.models import Creative
from clearpath.turns.forms import StepForm, day, form_for, long_text
from clearpath.turns.panels import beside

ANSWER = "mark-"
for _step in ("marketing.check_claims", "marketing.approve_creative"):
    beside(_step, "creative", "marks")


@form_for("marketing.submit_creative")
class SubmitCreative(OfCampaign):
    """One advertisement, as people will see it; what stands out in its words is told before it is submitted."""

    intro = _("A doctor checks the medical claims and the client approves it. Then you can run it.")
    title = forms.CharField(label=_("Title"), max_length=200)
    text = long_text(_("Text"), rows=6)
    landing_page = forms.URLField(label=_("Where it leads"), max_length=300, assume_scheme="https")
    first_day = day(_("First day"))
    last_day = day(_("Last day"))
    countries = countries_field()
    languages = languages_field()
    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("JPEG, PNG or WebP, at most 5 MB. Place and camera are taken out of it."),
        widget=forms.ClearableFileInput({"accept": "image/jpeg,image/png,image/webp"}),
    )
    picture_alt = forms.CharField(
        label=_("What is to be seen on the picture"),
        max_length=300,
        required=False,
        help_text=_("For people who do not see it. Needed with a picture."),
    )
    marks_read = forms.BooleanField(label=_("I have read what stands out, and submit it as it is"), required=False)

    def prepare(self) -> None:
        super().prepare()
        if not self.is_bound or not self._stands_out():
            del self.fields["marks_read"]

    def clean_picture(self) -> bytes | None:
        sent = self.cleaned_data["picture"]
        if sent and sent.size > pictures.MOST_BYTES:
            raise forms.ValidationError(_("This file is too large. At most 5 MB."))
        return sent.read() if sent else None

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("picture") and not given.get("picture_alt", "").strip():
            self.add_error("picture_alt", _("Say what is to be seen on the picture, for people who do not see it."))
        if "marks_read" in self.fields and not given.get("marks_read"):
            for row in mark_rows(self._stands_out(), {}):
                self.add_error("marks_read", _told(row))
            if given.get("picture"):
                self.add_error("picture", _("Choose the picture again: a browser does not send it twice."))
        return given

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        return [], {name: value for name, value in self.cleaned_data.items() if name != "marks_read"}

    def _stands_out(self) -> list[Any]:
        """Words that a rule marks; what is always asked, the reviewers are asked."""
        typed = {name: str(self.data.get(name, "")) for name in ("title", "text", "picture_alt")}
        key = str(self.data.get("campaign_id", ""))
        campaign = next((each for each in queries.campaigns_for(self.actor) if str(each.pk) == key), None)
        countries = [word.strip() for word in str(self.data.get("countries", "")).split(",")]
        found = queries.marks_before(campaign, typed, countries) if campaign else ()
        return [mark for mark in found if mark.found]


def _told(row: MarkRow) -> str:
    return f"{row.title} ({row.place}): {_what_was_found(row)}"


def _what_was_found(row: MarkRow) -> str:
    words = gettext(", ").join(f"“{each}”" for each in row.found)
    picture = gettext("There is a picture. Look whether it shows before and after.") if row.is_about_picture else ""
    return " ".join(filter(None, (f"{words}." if words else "", picture, row.says)))


class Review(StepForm):
    """One sentence for each mark that the reviewer is asked about."""

    position = ""

    def prepare(self) -> None:
        marks = [mark for mark in queries.marks_on(cast(Creative, self.subject)) if self.position in mark.asked]
        answers = {
            f"{ANSWER}{row.key}": forms.CharField(
                label=f"{row.title} ({row.place})",
                max_length=1_000,
                help_text=_what_was_found(row),
                widget=forms.Textarea({"rows": 2}),
            )
            for row in mark_rows(marks, {})
        }
        self.fields = {**answers, **self.fields}

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given = dict(self.cleaned_data)
        answers = {name: given.pop(name) for name in list(given) if name.startswith(ANSWER)}
        return [], given | {"reviewed": {name.removeprefix(ANSWER): text for name, text in answers.items()}}


@form_for("marketing.check_claims")
class CheckClaims(Review):
    """A doctor's word on the claims."""

    position = "doctor"
    intro = _(
        "Confirm only if every medical claim is right. Say for each thing that stands out why it is right. "
        "If one is wrong, write a message: then it does not run."
    )
    note = long_text(_("Note"), required=False, rows=2)


@form_for("marketing.approve_creative")
class ApproveCreative(Review):
    """The client's word on what is promised and priced."""

    position = "client"
    intro = _(
        "Approve only if every promise and price is right. Say for each thing that stands out why it is right. "
        "If one is wrong, stop the advertisement."
    )
