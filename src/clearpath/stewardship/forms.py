"""What the steps of a charter version ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clearpath.charter.document import read
from clearpath.charter.terms import CharterError
from clearpath.stewardship import queries
from clearpath.stewardship.steps import errors_in
from clearpath.turns.forms import StepForm, form_for, long_text

LONGEST = 1_000_000  # letters; the packaged charter has 34,000
MOST_MISTAKES = 20  # shown at once


@form_for("stewardship.propose")
class Propose(StepForm):
    """A new text of the charter, as a file or typed over the one in force."""

    intro = _(
        "Give the text a new version. The organisations of each role that gains or loses a duty or a sight by it are"
        " asked. It can come into force once every promise is proved and enough of them have agreed."
    )
    file = forms.FileField(label=_("Charter file"), required=False, help_text=_("Instead of the text below."))
    source = forms.CharField(
        label=_("Text of the charter"),
        max_length=LONGEST,
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 24, "spellcheck": "false", "dir": "ltr"}),
    )

    def prepare(self) -> None:
        self.fields["source"].initial = queries.text_in_force()

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        name = "file" if given.get("file") else "source"
        try:
            source = _text_of(given["file"]) if name == "file" else given.get("source", "").replace("\r\n", "\n")
            read(source)
            mistakes = [str(each) for each in errors_in(source)]
        except CharterError as error:
            mistakes = [str(each) for each in error.mistakes]
        for mistake in mistakes[:MOST_MISTAKES]:
            self.add_error(name, mistake)
        if not mistakes:
            given["source"] = source
        return given

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is not None and file.size > LONGEST:
            raise forms.ValidationError(_("The file is larger than 1 MB."))
        return file

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        return [], {"source": self.cleaned_data["source"]}


def _text_of(file: Any) -> str:
    """The file as text; what is no UTF-8 becomes letters that the reader names as mistakes."""
    return str(file.read(), "utf-8", "replace").replace("\r\n", "\n")


@form_for("stewardship.comment")
class Comment(StepForm):
    """What one thinks of a proposal."""

    text = long_text(_("Your comment"), help_text=_("The steward reads it."))


@form_for("stewardship.vote")
class Vote(StepForm):
    """One vote for the organisation."""

    intro = _("You vote for your organisation. You can change your vote until the votes are counted.")
    agrees = forms.ChoiceField(label=_("Do you agree to this version?"), choices=[("yes", _("Yes")), ("no", _("No"))])

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        return [], {"agrees": self.cleaned_data["agrees"] == "yes"}
