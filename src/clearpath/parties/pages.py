"""Choosing in which role to act."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from clearpath.parties.middleware import SESSION_KEY, HatRequest


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
