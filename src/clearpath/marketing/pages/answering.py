"""How fast leads are answered, how good they are, and what a facilitator says that it can answer."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from clearpath.marketing import answer_times
from clearpath.marketing.answering import LIMIT, TARGET
from clearpath.marketing.forms import languages_field
from clearpath.marketing.models import AnsweringDesk
from clearpath.turns.forms import long_text
from clearpath.web.request import PageRequest

MOST_TREATMENTS, LONGEST = 100, 60


class DeskForm(forms.Form):
    """What a facilitator can answer."""

    languages = languages_field()
    treatments = long_text(
        _("Treatments that you know well"), required=False, rows=4,
        help_text=_("One on each line, in the words in which campaigns speak of them."),
    )  # fmt: skip

    def clean_languages(self) -> list[str]:
        return sorted({code.partition("-")[0].lower() for code in self.cleaned_data["languages"]})

    def clean_treatments(self) -> list[str]:
        lines = [line.strip().casefold() for line in self.cleaned_data["treatments"].splitlines() if line.strip()]
        if len(lines) > MOST_TREATMENTS or any(len(line) > LONGEST for line in lines):
            raise forms.ValidationError(_("At most 100 lines of 60 characters."))
        return lines


@login_required
def answering(request: PageRequest) -> HttpResponse:
    """Answer times for whom they concern; for a facilitator also the quality of its leads, and its own desk."""
    actor = request.actor
    form = _form(request) if actor.role == "facilitator" else None
    status = 200
    if request.method == "POST" and form is not None:
        status = 422
        if form.is_valid():
            AnsweringDesk.objects.update_or_create(organisation_id=actor.party, defaults=form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("marketing:answering")
    context = {
        "speeds": answer_times.speeds_for(actor),
        "quality": answer_times.quality_for(actor),
        "form": form,
        "target_hours": round(TARGET.total_seconds() / 3600),
        "limit_hours": round(LIMIT.total_seconds() / 3600),
    }
    return render(request, "marketing/answering.html", context, status=status)


def _form(request: PageRequest) -> DeskForm:
    desk = AnsweringDesk.objects.filter(pk=request.actor.organisation_id).first()
    initial: dict[str, Any] = (
        {"languages": ", ".join(desk.languages), "treatments": "\n".join(desk.treatments)} if desk else {}
    )
    return DeskForm(request.POST or None, initial=initial)
