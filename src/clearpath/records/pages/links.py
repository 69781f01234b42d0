"""A patient's link with its QR, the page that opens a link in a browser, and the way in for links of others."""

from io import BytesIO
from uuid import UUID

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from clearpath.journeys import queries as journeys
from clearpath.records import link_queries, link_wording, steps
from clearpath.records.address import root_of
from clearpath.records.link_forms import ReceiveLink
from clearpath.records.links import LinkError
from clearpath.records.receiving import receive_link
from clearpath.turns import queries as turns
from clearpath.turns.pages import as_card
from clearpath.turns.step import check
from clearpath.turns.subject import Subject
from clearpath.web.request import PageRequest


@login_required
@never_cache
def link(request: PageRequest, link_id: UUID) -> HttpResponse:
    """One of the patient's own links: QR and text to hand on while it works, and who opened it."""
    found = link_queries.link_for(request.actor, link_id)
    row = link_queries.link_row(found, at=request.actor.now)
    written = link_queries.written_out(found, root=root_of(request)) if row.state == "open" else ""
    context = {
        "row": row,
        "journey_id": found.journey_id,
        "written": written,
        "attempts_left": found.attempts_left,
        "is_long_term": found.is_long_term,
        "openings": link_queries.openings_of(request.actor, found),
    }
    return render(request, "records/link.html", context)


@require_POST
@login_required
def stop(request: PageRequest, link_id: UUID) -> HttpResponse:
    """End a link of one's own, whether its journey still takes steps or not."""
    found = link_queries.link_for(request.actor, link_id)
    if found.journey.closed_at is None:
        steps.stop_sharing(found.journey, found, by=request.actor)
    else:
        steps.stop_when_closed(found, by=request.actor)
    messages.success(request, _("The link has ended."))
    return redirect(found)


@login_required
@never_cache
def qr(request: PageRequest, link_id: UUID) -> HttpResponse:
    """The link as a QR code, with error correction M as the specification recommends."""
    written = link_queries.written_out(link_queries.link_for(request.actor, link_id), root=root_of(request))
    drawn = BytesIO()
    code = segno.make(written, error="m", micro=False, boost_error=False)
    code.save(drawn, kind="svg", scale=4, border=4, light="#fff")
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


@never_cache
def view(request: HttpRequest) -> HttpResponse:
    """Opens a link in the browser. What stands behind the # of the address never comes here."""
    response = render(request, "records/link_viewer.html", {"words": link_wording.viewer_words()})
    response["Referrer-Policy"] = "no-referrer"
    return response


def _refuse_unless_theirs(request: PageRequest, journey: Subject) -> None:
    """Before anything is fetched: adding records must be the reader's part. Who only looks has tried nothing."""
    if request.method == "POST":
        check("records.add", journey, by=request.actor)
    elif refusal := turns.why_not(request.actor, journey, "records.add", None):
        raise refusal


@login_required
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
def receive(request: PageRequest, journey_id: UUID) -> HttpResponse:
    """Bring in what somebody else's link leads to, each file by the step `records.add`."""
    journey = journeys.journey_for(request.actor, journey_id)
    with as_card(journey, request.actor):
        _refuse_unless_theirs(request, journey)
    form = ReceiveLink(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "records/receive_link.html", {"form": form, "journey_id": journey.pk}, status=status)
    given = form.cleaned_data
    file = given["file"].read() if given["file"] else b""
    try:
        came = receive_link(journey, given["link"], passcode=given["passcode"], file=file, by=request.actor)
    except LinkError as error:
        form.add_error(None, link_wording.why_not_received(error.code))
        return render(request, "records/receive_link.html", {"form": form, "journey_id": journey.pk}, status=409)
    if came.added:
        said = ngettext("%(count)d file came in.", "%(count)d files came in.", came.added)
        messages.success(request, said % {"count": came.added})
    for refusal in came.refused:
        messages.warning(request, refusal)
    return redirect("turns:subject", "journey", journey.pk)
