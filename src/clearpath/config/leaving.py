"""Signing out, after which the device holds nothing of whoever was signed in."""

from allauth.account.views import logout
from django.http import HttpRequest, HttpResponse


def sign_out(request: HttpRequest) -> HttpResponse:
    """As allauth does it; what pages kept to be read without a network goes too.

    Source: W3C Clear Site Data, `storage`: caches and service workers among it. Browsers heed it where they allow
    service workers at all.
    """
    response: HttpResponse = logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"storage"'
    return response
