"""What a reader may look for, as a form that is asked with GET, so that a search has an address."""

from typing import Any

from django import forms
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from clearpath.core.money import to_minor
from clearpath.offers.finding import bits, costs
from clearpath.offers.finding.search import Wish
from clearpath.offers.finding.vocabulary import parts

ANY = ("", _("Any"))
Choices = list[tuple[str, Any]]


def _countries(first: Any) -> Choices:
    language = get_language() or "en"
    named = [(code, each.name(language)) for code, each in costs.costs().countries.items()]
    return [("", first), *sorted(named, key=lambda each: each[1])]


def _parts() -> Choices:
    language = get_language() or "en"
    return [ANY, *((key, each.name(language)) for key, each in parts().items())]


def _languages() -> Choices:
    return [ANY, *sorted(((code, language_name(code)) for code in bits.LANGUAGES), key=lambda each: each[1])]


def language_name(code: str) -> str:
    """A language in the reader's language, or as it calls itself."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


class Find(forms.Form):
    """Every field may stay empty."""

    words = forms.CharField(
        label=_("What do you need?"),
        required=False,
        max_length=200,
        help_text=_("A treatment or a part of the body, in your own words: knee replacement, teeth."),
    )
    part = forms.ChoiceField(label=_("Part of the body"), required=False, choices=_parts)
    country = forms.ChoiceField(
        label=_("Where do you want to go?"), required=False, choices=lambda: _countries(_("Any country"))
    )
    city = forms.CharField(label=_("City"), required=False, max_length=80)
    home = forms.ChoiceField(
        label=_("Where do you live?"),
        required=False,
        choices=lambda: _countries(_("Not said")),
        help_text=_("So that we can add what the way costs."),
    )
    budget = forms.DecimalField(
        label=_("The most it may cost, in euro"),
        required=False,
        min_value=1,
        max_value=10_000_000,
        decimal_places=2,
        help_text=_("For everything: treatment, nights near the hospital, the way there and back."),
    )
    companion = forms.BooleanField(label=_("Somebody comes with me"), required=False)
    language = forms.ChoiceField(label=_("Language that is spoken there"), required=False, choices=_languages)
    accredited = forms.BooleanField(
        label=_("Only with an accreditation that was checked and is in force"), required=False
    )
    first_day = forms.DateField(label=_("I can come from"), required=False, widget=forms.DateInput({"type": "date"}))
    last_day = forms.DateField(label=_("until"), required=False, widget=forms.DateInput({"type": "date"}))

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        first, last = found.get("first_day"), found.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("This day lies before the first one. Choose a later day."))
        return found

    def wish(self) -> Wish:
        """What is looked for; only of a form that is valid."""
        said = self.cleaned_data
        return Wish(
            words=said["words"],
            part=said["part"],
            country=said["country"],
            city=said["city"],
            home=said["home"],
            travellers=2 if said["companion"] else 1,
            budget_minor=to_minor(said["budget"].normalize(), costs.EURO) if said["budget"] else None,
            languages=(said["language"],) if said["language"] else (),
            accredited=said["accredited"],
            first_day=said["first_day"],
            last_day=said["last_day"],
        )
