"""The proposals that answer one brief, side by side; asking more agencies; thanking those who were not chosen."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clearpath.marketing import briefs
from clearpath.web.request import PageRequest


class AskMore(forms.Form):
    """Which other agencies are asked the same."""

    agencies = forms.TypedMultipleChoiceField(
        label=_("Ask other agencies the same"),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("No agency sees whom else you ask, or what another answers."),
    )


@login_required
def brief(request: PageRequest, campaign_id: UUID) -> HttpResponse:
    """All proposals for one brief."""
    actor = request.actor
    first = briefs.brief_of(actor, campaign_id)
    if request.method == "POST" and "thank" in request.POST:
        count = briefs.thank_the_others(first, by=actor)
        messages.success(
            request, ngettext("%(n)d agency was thanked.", "%(n)d agencies were thanked.", count) % {"n": count}
        )
        return redirect("marketing:brief", first.pk)
    form = AskMore(request.POST or None)
    field: Any = form.fields["agencies"]
    field.choices = briefs.others_to_ask(actor, first)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            briefs.ask_more(first, form.cleaned_data["agencies"], by=actor)
            messages.success(request, _("They are asked."))
            return redirect("marketing:brief", first.pk)
    rows = briefs.proposals_for(actor, first)
    context = {
        "first": first,
        "rows": rows,
        "form": form if field.choices else None,
        "is_chosen": any(each.stage == "running" for each in briefs.asked(actor, first)),
        "is_open": any(each.stage in {"brief", "proposed"} for each in briefs.asked(actor, first)),
    }
    return render(request, "marketing/brief.html", context, status=status)
