"""The address under which links are opened from outside."""

from django.conf import settings
from django.http import HttpRequest


def root_of(request: HttpRequest) -> str:
    """Scheme and host, without a slash: CLEARPATH_LINK_URL, failing that those of this request."""
    return settings.LINK_URL.rstrip("/") or f"{request.scheme}://{request.get_host()}"
