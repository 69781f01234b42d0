"""An agency's links: making one, its QR code, ending it."""

from io import BytesIO
from typing import Any
from uuid import UUID

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from clearpath.core.outcomes import Refused, refuse_if
from clearpath.marketing import linking, policies, queries
from clearpath.web.request import PageRequest


class MakeLink(forms.Form):
    """Where a link leads from, and to which advertisement."""

    channel = forms.CharField(label=_("Channel"), max_length=40, help_text=_("One word, such as search or social."))
    creative_id = forms.TypedChoiceField(
        label=_("Advertisement"), required=False, coerce=UUID, empty_value=None,
        help_text=_("Without one, the page says for which treatments the campaign is."),
    )  # fmt: skip
    country = forms.CharField(label=_("Country for which it is (two letters)"), max_length=2, required=False)

    def clean_channel(self) -> str:
        return str(self.cleaned_data["channel"]).strip().casefold()

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()


@login_required
def make_link(request: PageRequest, campaign_id: UUID) -> HttpResponse:
    """The form of a new link."""
    campaign = queries.campaign_for(request.actor, campaign_id)
    is_theirs = request.actor.role == "agency" and campaign.agency_id == request.actor.organisation_id
    refuse_if(policies.why_not_send_leads(campaign.stage, is_theirs=is_theirs))
    form = MakeLink(request.POST or None)
    field: Any = form.fields["creative_id"]
    found = queries.creatives_for(request.actor).filter(part_of=campaign).exclude(stage="over")
    field.choices = [("", _("None")), *((each.pk, each.title) for each in found)]
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                linking.make_link(campaign.pk, by=request.actor, **form.cleaned_data)
            except Refused as refusal:
                form.add_error("channel", refusal.objection.message)
            else:
                messages.success(request, _("The link is made."))
                return redirect(reverse("turns:subject", args=["campaign", campaign.pk]) + "#links")
    return render(request, "marketing/make_link.html", {"form": form, "campaign": campaign}, status=status)


@login_required
def link_qr(request: PageRequest, link_id: UUID) -> HttpResponse:
    """The link as a QR code."""
    link = linking.link_for(request.actor, link_id)
    drawn = BytesIO()
    segno.make(address_of(request, link.code), error="m", micro=False).save(
        drawn, kind="svg", scale=4, border=4, light="#fff"
    )
    response = HttpResponse(drawn.getvalue(), content_type="image/svg+xml")
    response["Content-Disposition"] = f'inline; filename="{link.code}.svg"'
    return response


@require_POST
@login_required
def end_link(request: PageRequest, link_id: UUID) -> HttpResponse:
    """End a link."""
    link = linking.link_for(request.actor, link_id)
    linking.end_link(link, by=request.actor)
    messages.success(request, _("The link has ended."))
    return redirect(reverse("turns:subject", args=["campaign", link.campaign_id]) + "#links")


def address_of(request: HttpRequest, code: str) -> str:
    """As it is printed and posted."""
    root = settings.LINK_URL.rstrip("/") or f"{request.scheme}://{request.get_host()}"
    return root + reverse("marketing:landing", args=[code])
