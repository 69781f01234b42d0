"""The living style page: every component with sample data, to look at and to test."""

# ruff: noqa: E501 - as in samples.py

from collections.abc import Callable
from functools import wraps

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from clearpath.core.outcomes import NotYourPart, Objection
from clearpath.web import samples
from clearpath.web.context import Shell
from clearpath.web.navigation import Link

Page = Callable[[HttpRequest], HttpResponse]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(
        label=samples.both("Full name", "الاسم الكامل"),
        help_text=samples.both("As in the passport.", "كما في جواز السفر."),
    )
    email = forms.EmailField(label=samples.both("E-mail", "البريد الإلكتروني"))
    country = forms.ChoiceField(
        label=samples.both("Country", "البلد"),
        choices=[("tr", "Türkiye"), ("ae", "الإمارات"), ("de", "Deutschland")],
    )
    contact = forms.ChoiceField(
        label=samples.both("How may we reach you?", "كيف نتواصل معك؟"),
        widget=forms.RadioSelect,
        choices=[
            ("phone", samples.both("By phone", "بالهاتف")),
            ("mail", samples.both("By e-mail", "بالبريد")),
        ],
    )
    wishes = forms.CharField(
        label=samples.both("Your wishes", "رغباتك"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    agree = forms.BooleanField(label=samples.both("The doctor may see my records", "يجوز للطبيب الاطلاع على سجلاتي"))


class SampleShell(Shell):
    """A reader who is always signed in, with a place in every corner of the shell."""

    role = "patient"
    signed_in = True
    acting_for = ""
    hat = None
    name = samples.both("Leyla Haddad", "ليلى حداد")
    bell = Link("", "#", "bell", False, 3)
    menu = [Link(samples.both("My settings", "إعداداتي"), "#", "settings", False, 0)]
    places = [
        Link(samples.both("My journey", "رحلتي"), "/style", "route", True, 0),
        Link(samples.both("Messages", "الرسائل"), "#messages", "messages", False, 2),
        Link(samples.both("Offers", "العروض"), "#offers", "clipboard-list", False, 0),
        Link(samples.both("Records", "السجلات"), "#records", "report-medical", False, 0),
        Link(samples.both("Consents", "الموافقات"), "#consents", "shield-check", False, 0),
        Link(samples.both("Travel", "السفر"), "#travel", "plane", False, 0),
    ]


def for_developers(page: Page) -> Page:
    """Not on a real network: there it looks like any other missing page."""

    @wraps(page)
    def shown(request: HttpRequest) -> HttpResponse:
        if not (settings.DEBUG or getattr(settings, "DEMO", False)):
            raise Http404
        return page(request)

    return shown


@for_developers
def style(request: HttpRequest) -> HttpResponse:
    sent = SampleForm({"name": "", "email": "leyla@", "country": "tr", "contact": "phone"})
    context = {"shell": SampleShell(request), "form": SampleForm(initial={"contact": "phone"}), "sent": sent}
    return render(request, "web/style.html", {**context, **samples.parts(get_language() or "en")})


@for_developers
def style_door(request: HttpRequest) -> HttpResponse:
    return render(request, "web/door.html", {"form": SampleForm(), "personas": samples.personas()})


@for_developers
def style_refusal(_request: HttpRequest) -> HttpResponse:
    refusal = NotYourPart(
        Objection("not_your_part", samples.both("Only a doctor may say whether a treatment suits.", "الطبيب وحده يقرر إن كان العلاج مناسبًا.")),
        step="records.give_opinion", rightful="doctor", missing=("consent", "records_present"),
    )  # fmt: skip
    refusal.hand_off_url = "#"
    raise refusal
