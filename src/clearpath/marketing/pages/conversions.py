"""For an agency's tools: what they are told by token, as files and by a webhook."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from clearpath.core.outcomes import NotFound, Objection
from clearpath.core.outgoing import OutgoingError
from clearpath.marketing import conversions, funnel, webhooks
from clearpath.marketing.conversion_files import as_google, as_meta
from clearpath.marketing.conversions import Told
from clearpath.marketing.models import Campaign, Webhook
from clearpath.turns import charters
from clearpath.web.request import PageRequest

FILES: dict[str, tuple[Callable[[list[Told]], str], str, str]] = {
    "google": (as_google, "text/csv; charset=utf-8", "google-ads.csv"),
    "meta": (as_meta, "application/json", "meta-offline-events.json"),
}
WHY_NOT = {
    "address_not_allowed": _("Give an address that begins with https:// and leads to a public server."),
    "unreachable": _("No server is found by this name."),
    "too_slow": _("It did not answer in time."),
    "too_large": _("It answered with more than a webhook should."),
}
NO_WEBHOOK = Objection("no_webhook", _("Only an agency has a webhook."))


class WebhookForm(forms.Form):
    """Where messages go."""

    url = forms.CharField(label=_("Address of your webhook"), max_length=500, help_text=_("Begins with https://"))

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        try:
            webhooks.outgoing().check(url)
        except OutgoingError as error:
            raise forms.ValidationError(WHY_NOT[error.code]) from None
        return url


@login_required
@require_GET
def told(request: PageRequest, campaign_id: UUID) -> HttpResponse:
    """What was told of a campaign, newest day first, with the files."""
    campaign = _campaign_of(request, campaign_id)
    days = conversions.days_of(campaign)
    smallest = charters.charter(campaign.charter).smallest_group
    return render(request, "marketing/conversions.html", {"campaign": campaign, "days": days, "smallest": smallest})


@login_required
@require_GET
def file(request: PageRequest, campaign_id: UUID, form: str) -> HttpResponse:
    """The conversions of a campaign in the form of a product; with `since`, those from a day on."""
    campaign = _campaign_of(request, campaign_id)
    if form not in FILES:
        raise NotFound(Objection("no_such_file", _("There is no such file.")))
    write, media_type, name = FILES[form]
    response = HttpResponse(write(conversions.told_of(campaign, since=_day(request))), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _day(request: PageRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("since", ""))
    except ValueError:
        return None


def _campaign_of(request: PageRequest, campaign_id: UUID) -> Campaign:
    campaign = funnel.campaign_of_theirs(request.actor, campaign_id)
    if request.actor.role != "agency":
        raise NotFound(Objection("no_such_campaign", _("There is no such campaign.")))
    return campaign


@login_required
def webhook(request: PageRequest) -> HttpResponse:
    """The agency's webhook: where it leads, what it answered last; a new one shows its secret once."""
    actor = request.actor
    if actor.role != "agency" or actor.organisation_id is None:
        raise NotFound(NO_WEBHOOK)
    hook = Webhook.objects.filter(pk=actor.organisation_id).first()
    if request.method == "POST" and hook and request.POST.get("do") in {"end", "test"}:
        _end_or_test(request, hook)
        return redirect("marketing:webhook")
    form = WebhookForm(request.POST or None, initial={"url": hook.url if hook else ""})
    secret, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            secret, status = webhooks.new_secret(), 200
            kept = {"url": form.cleaned_data["url"], "secret": secret, "made_at": actor.now, "answered": ""}
            hook, _made = Webhook.objects.update_or_create(pk=actor.organisation_id, defaults=kept)
    why = WHY_NOT.get(hook.answered, hook.answered) if hook else ""
    context = {"form": form, "hook": hook, "secret": secret, "answered": why}
    return render(request, "marketing/webhook.html", context, status=status)


def _end_or_test(request: PageRequest, hook: Webhook) -> None:
    if request.POST["do"] == "end":
        hook.delete()
        messages.success(request, _("The webhook has ended."))
        return
    status = webhooks.send(hook, f"msg_{uuid4().hex}", "webhook.test", {}, now=request.actor.now)
    if 200 <= status < 300:
        messages.success(request, _("Your server took the test message."))
    else:
        messages.error(request, _("Your server did not take the test message."))
