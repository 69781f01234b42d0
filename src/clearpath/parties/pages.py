"""Choosing in which role to act; and who is tied to whom, and whose evidence ends, as far as the reader may see."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from clearpath.parties import rows
from clearpath.parties.middleware import SESSION_KEY, HatRequest
from clearpath.parties.picture import drawn
from clearpath.turns import charters
from clearpath.web.request import PageRequest


@require_http_methods(["GET", "POST"])
@login_required
def choose_hat(request: HttpRequest) -> HttpResponse:
    """Choose one of my roles; the page then shows what that role may see."""
    page = cast(HatRequest, request)
    if request.method == "POST":
        chosen = next((hat for hat in page.hats if hat.key == request.POST.get("hat")), None)
        if chosen is not None:
            request.session[SESSION_KEY] = chosen.key
        return redirect("home")
    return render(request, "parties/hats.html", {"hats": list(page.hats), "chosen": page.hat.key})


@login_required
def ownership(request: PageRequest) -> HttpResponse:
    """Every tie that the reader may see, as a picture and as a table."""
    ties = rows.tie_rows(request.actor)
    roles = rows.roles_of({key for tie in ties for key in (tie.first_id, tie.second_id)})
    order = list(charters.charter(charters.in_force()).roles)
    context = {
        "ties": ties,
        "undeclared": sum(not tie.is_declared for tie in ties),
        "picture": drawn(ties, roles, order),
    }
    return render(request, "parties/ownership.html", context)


@login_required
def evidence(request: PageRequest) -> HttpResponse:
    """Every piece of evidence that the reader may see, what ends first on top."""
    lines = rows.evidence_lines(request.actor, today=request.actor.now.date())
    context = {
        "lines": lines,
        "ended": sum(line.days_left <= 0 for line in lines),
        "soon": sum(line.warning is not None and line.days_left > 0 for line in lines),
        "unchecked": sum(not line.is_checked for line in lines),
    }
    return render(request, "parties/evidence.html", context)
