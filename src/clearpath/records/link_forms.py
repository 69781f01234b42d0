"""What patients choose when they share their records, and how somebody else's link is handed in."""

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from clearpath.records import link_queries, queries
from clearpath.records.links.shlink import LONGEST_LABEL, LONGEST_LINK
from clearpath.records.models import Link
from clearpath.turns.forms import StepForm, form_for

if TYPE_CHECKING:
    from clearpath.journeys.models import Journey

DAYS = (1, 7, 30, 90, 365)
USUAL_DAYS = 30


def new_passcode() -> str:
    """Six digits: easily said on the telephone, and only ten may be tried."""
    return f"{secrets.randbelow(1_000_000):06}"


@form_for("records.share")
class Share(StepForm):
    """A link with the usual choices already made."""

    intro = _(
        "You get a QR code and a link. Whoever has it and knows the passcode reads what you choose here, without an "
        "account. You see who opened it, and you can end it at any time."
    )
    button = _("Make the link")
    passcode = forms.CharField(
        label=_("Passcode"),
        max_length=64,
        required=False,
        help_text=_("Write it down now: it is not shown again. Tell it to the doctor in another way than the link."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(label=_("How long does it work?"), coerce=int, initial=USUAL_DAYS)
    label = forms.CharField(
        label=_("What do you call it?"),
        max_length=LONGEST_LABEL,
        required=False,
        help_text=_("Whoever has the link reads this, also without the passcode."),
    )
    long_term = forms.BooleanField(label=_("Always show what is newest, also what is added later"), required=False)
    with_summary = forms.BooleanField(label=_("My summary"), required=False, initial=True)
    record_ids = forms.TypedMultipleChoiceField(
        label=_("These files as well"), required=False, widget=forms.CheckboxSelectMultiple
    )
    single_file = forms.BooleanField(
        label=_("One single file, without a passcode: only for software that asks for it"), required=False
    )

    def prepare(self) -> None:
        journey = cast("Journey", self.subject)
        fields: Any = self.fields
        fields["passcode"].initial = new_passcode()
        fields["days"].choices = [
            (days, ngettext_lazy("%(days)d day", "%(days)d days", days) % {"days": days})
            for days in DAYS
            if days <= settings.LINK_LONGEST_DAYS
        ]
        rows = queries.record_rows_for(self.actor, journey)
        fields["record_ids"].choices = [(row.id, row.title) for row in rows]
        if not rows:
            del fields["record_ids"]

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given = dict(self.cleaned_data)
        return [], given | {"lasts": timedelta(days=given.pop("days"))} | {"record_ids": given.get("record_ids", [])}


@form_for("records.stop_sharing")
class StopSharing(StepForm):
    """Which link ends."""

    intro = _("It ends at once. What somebody has already read stays with them.")
    link = forms.ModelChoiceField(label=_("Which link?"), queryset=Link.objects.none())

    def prepare(self) -> None:
        field: Any = self.fields["link"]
        rows = link_queries.own_links(self.actor, cast("Journey", self.subject))
        names = {row.id: row.label or _("My health records") for row in rows if row.state == "open"}
        if not names:
            self.intro = _("You have no link that works now.")
        field.queryset = Link.objects.filter(pk__in=names)
        field.label_from_instance = lambda link: names[link.pk]

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        return [self.cleaned_data["link"]], {}


class ReceiveLink(forms.Form):
    """Somebody else's link, with what is needed to open it."""

    link = forms.CharField(
        label=_("The link"),
        max_length=LONGEST_LINK,
        widget=forms.Textarea({"rows": 3, "dir": "ltr", "autocomplete": "off"}),
        help_text=_("It contains shlink:/ and many letters. From a QR code your phone's camera copies it."),
    )
    passcode = forms.CharField(
        label=_("Passcode"), max_length=200, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    file = forms.FileField(
        label=_("The file that the link leads to"),
        required=False,
        help_text=_("Only if you already have it, or if we cannot reach the link from here."),
    )
