"""The forms by which an agency sends a file of leads or of touches."""

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from clearpath.core.sheets import LARGEST
from clearpath.marketing.lead_files import Given
from clearpath.turns.forms import long_text


class TouchFileForm(forms.Form):
    """A file of touches."""

    file = forms.FileField(
        label=_("File"), help_text=_("CSV or Excel with the columns token, channel (or utm_source), country and day.")
    )


class LeadFileForm(forms.Form):
    """A file, and what holds for every line that does not say it itself."""

    file = forms.FileField(
        label=_("File"), help_text=_("CSV as Meta or Google give it to you, or your own CSV or Excel. At most 64 MB.")
    )
    consent_wording = long_text(
        _("What exactly everybody in it agreed to"), required=False, rows=2,
        help_text=_("Word for word, as the form showed it. Leave it empty if each line has its own."),
    )  # fmt: skip
    consent_language = forms.CharField(label=_("Language of these words (two letters)"), max_length=10, required=False)
    country = forms.CharField(
        label=_("Country where they live (two letters)"), max_length=2, required=False,
        help_text=_("For lines that do not say it."),
    )  # fmt: skip
    language = forms.CharField(
        label=_("Language in which they want to be answered (two letters)"), max_length=10, required=False,
        help_text=_("For lines that do not say it."),
    )  # fmt: skip
    channel = forms.CharField(label=_("Channel"), max_length=40, required=False)
    time_zone = forms.CharField(
        label=_("Time zone of the times"), initial="UTC", max_length=60, help_text=_("Such as Europe/Istanbul.")
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 64 MB. Cut it into several."))
        return file

    def clean_time_zone(self) -> str:
        name = str(self.cleaned_data["time_zone"])
        if name not in available_timezones():
            raise forms.ValidationError(_("There is no such time zone."))
        return ZoneInfo(name).key

    def given(self) -> Given:
        names = ("country", "language", "channel", "consent_wording", "consent_language", "time_zone")
        return Given(title=self.cleaned_data["file"].name, **{name: self.cleaned_data[name] for name in names})
