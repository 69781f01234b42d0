"""The form of a landing page: who asks, how to reach them, and the words of the consent."""

from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from clearpath.marketing.forms import CONSENT
from clearpath.marketing.landing import countries_in

MEASURING = _(
    "If you like: for my visit, the company that advertises here may be told what many people like me did on average. "
    "It never learns my name, what I ask or what becomes of me."
)


class Countries(forms.Select):
    """The same 240 options on every page: put together once, since Django would check and draw each anew."""

    offered: tuple[tuple[str, str], ...] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ARG002
        options = _options(self.offered)
        chosen = f'value="{escape(value)}"' if value else ""
        if chosen:
            options = options.replace(chosen, f"{chosen} selected", 1)
        return format_html('<select name="{}"{}>{}</select>', name, flatatt(attrs or {}), mark_safe(options))  # noqa: S308 - escaped there


@lru_cache(maxsize=256)
def _options(choices: tuple[tuple[str, str], ...]) -> str:
    return "".join(f'<option value="{escape(code)}">{escape(name)}</option>' for code, name in choices)


@lru_cache(maxsize=256)
def _offered(language: str, first: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Every country by its name, those of the campaign before the others."""
    names = countries_in(language)
    preferred = [each for each in names if each[0] in first]
    return (("", "–"), *preferred, *(each for each in names if each[0] not in first))


class Ask(forms.Form):
    """`website` is a field that people do not see; what fills it in is a program."""

    use_required_attribute = True
    name = forms.CharField(label=_("Your name"), max_length=120)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    country = forms.CharField(label=_("Where do you live?"), widget=Countries)
    asks = forms.CharField(
        label=_("What do you need help with?"), max_length=2_000, widget=forms.Textarea({"rows": 3}), required=False
    )
    agreed = forms.BooleanField(
        label=CONSENT, error_messages={"required": _("Without your yes nobody may contact you.")}
    )
    measured = forms.BooleanField(label=MEASURING, required=False)
    website = forms.CharField(required=False)
    stamp = forms.CharField(required=False)

    def __init__(self, *args: Any, language: str, first: list[str], **details: Any) -> None:
        super().__init__(*args, **details)
        self.language = language
        for name, kind in (("name", "name"), ("phone", "tel"), ("email", "email")):
            self.fields[name].widget.attrs["autocomplete"] = kind
        self.fields["phone"].widget.input_type = "tel"
        for each in self.fields.values():
            each.widget.attrs.pop("maxlength", None)  # a browser would cut what is pasted and say nothing
        widget: Any = self.fields["country"].widget
        widget.offered = _offered(language, tuple(first))

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"])
        if country not in {code for code, _name in countries_in(self.language)}:
            raise forms.ValidationError(_("Choose a country of the list."))
        return country

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("phone") and not given.get("email") and "email" not in self.errors:
            self.add_error("phone", _("Give an e-mail address or a telephone number."))
        return given
