"""What is asked when a file is laid beside the directory."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clearpath.offers.directory.sheets import MOST_BYTES


class LayFile(forms.Form):
    """A file, and whether it says everything."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "An Excel workbook (.xlsx) with a sheet for each kind, a CSV of one kind, or a FHIR bundle (.json)."
        ),
        widget=forms.ClearableFileInput({"accept": ".xlsx,.csv,.json"}),
    )
    retires_absent = forms.BooleanField(
        label=_("This file is complete: no longer show what a sheet does not name"), required=False
    )

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        if given.size > MOST_BYTES:
            raise forms.ValidationError(
                _("This file is larger than %(most)d MB. Split it into two."), params={"most": MOST_BYTES // 10**6}
            )
        return given
