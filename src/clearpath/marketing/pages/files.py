"""Sending a file of leads or touches, looking at what is wrong with it, and having the good lines taken in."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from clearpath.core.faults import Fault, UnreadableSheet
from clearpath.core.outcomes import refuse_if
from clearpath.core.sheets import read_sheet
from clearpath.marketing import lead_files, policies, queries
from clearpath.marketing.file_forms import LeadFileForm, TouchFileForm
from clearpath.marketing.incoming.touches import judge_touches
from clearpath.marketing.touching import keep_touches
from clearpath.web.request import PageRequest

KINDS = {"meta": "Meta", "google": "Google"}
FAULTS_ON_A_PAGE = 200


@login_required
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
def send_leads(request: PageRequest, campaign_id: UUID) -> HttpResponse:
    """The form for a file of a campaign's leads; what it holds is looked at before anything is taken in."""
    campaign = queries.campaign_for(request.actor, campaign_id)
    is_theirs = request.actor.role == "agency" and campaign.agency_id == request.actor.organisation_id
    refuse_if(policies.why_not_send_leads(campaign.stage, is_theirs=is_theirs))
    form = LeadFileForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                content = form.cleaned_data["file"].read()
                return redirect(
                    "marketing:lead_file",
                    lead_files.look_at(campaign.pk, content, form.given(), by=request.actor).pk,
                )
            except UnreadableSheet as unreadable:
                form.add_error("file", unreadable.says)
    return render(request, "marketing/send_leads.html", {"form": form, "campaign": campaign}, status=status)


@login_required
@never_cache
def send_touches(request: PageRequest, campaign_id: UUID) -> HttpResponse:
    """A file of a campaign's touches: the good lines are kept, the others told."""
    campaign = queries.campaign_for(request.actor, campaign_id)
    is_theirs = request.actor.role == "agency" and campaign.agency_id == request.actor.organisation_id
    refuse_if(policies.why_not_send_leads(campaign.stage, is_theirs=is_theirs))
    form = TouchFileForm(request.POST or None, request.FILES or None)
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        try:
            sheet = read_sheet(form.cleaned_data["file"].read())
            found = judge_touches(sheet, campaign_id=campaign.pk, now=request.actor.now)
        except UnreadableSheet as unreadable:
            form.add_error("file", unreadable.says)
        else:
            kept = keep_touches(found.good, by=request.actor) if found.good else 0
            faults = found.faults
            messages.success(request, ngettext("%(n)d touch was kept.", "%(n)d touches were kept.", kept) % {"n": kept})
            if not faults:
                return redirect(reverse("turns:subject", args=["campaign", campaign.pk]) + "#links")
    context = {"form": form, "campaign": campaign, "faults": faults[:FAULTS_ON_A_PAGE]}
    return render(request, "marketing/send_touches.html", context, status=422 if request.method == "POST" else 200)


@login_required
@never_cache
def lead_file(request: PageRequest, lead_file_id: UUID) -> HttpResponse:
    """What a file holds: how many lines are good, what is wrong with the others, and what became of it."""
    file = lead_files.file_for(request.actor, lead_file_id)
    context = {
        "file": file,
        "kind": KINDS.get(file.kind, _("your own columns")),
        "faults": [dict(zip(("line", "column", "code", "says"), each, strict=True)) for each in file.faults][
            :FAULTS_ON_A_PAGE
        ],
        "can_take_in": policies.why_not_take_in(is_empty=file.sealed is None, good_lines=file.good_lines) is None
        and file.asked_at is None,
    }
    return render(request, "marketing/lead_file.html", context)


@require_POST
@login_required
def take_in_leads(request: PageRequest, lead_file_id: UUID) -> HttpResponse:
    """Have the good lines taken in."""
    file = lead_files.file_for(request.actor, lead_file_id)
    lead_files.ask_to_take_in(file, by=request.actor)
    messages.success(request, _("The good lines are being taken in. This page tells you when it is done."))
    return redirect("marketing:lead_file", file.pk)


@require_POST
@login_required
def discard_leads(request: PageRequest, lead_file_id: UUID) -> HttpResponse:
    """Forget a file."""
    file = lead_files.file_for(request.actor, lead_file_id)
    if file.asked_at is None:
        lead_files.discard(file)
        messages.success(request, _("The file was deleted."))
    return redirect("turns:subject", "campaign", file.campaign_id)
