"""The request that pages get: somebody signed in, acting in one role."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from clearpath.charter.actor import Actor


class PageRequest(HttpRequest):
    """`actor` is who acts, in which role, for whom, at which moment; built once by the parties' middleware."""

    actor: Actor
    acting_for: str
    htmx: HtmxDetails
