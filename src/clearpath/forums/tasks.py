"""Work for later: large forums are planned, old registrations erased."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from clearpath import jobs
from clearpath.forums import guest_mail, planned, registration
from clearpath.forums.models import Plan


@jobs.handler("forums.plan")
def plan(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Make a plan that was asked for; one that was made before a crash stays."""
    found = Plan.objects.select_related("forum").filter(pk=UUID(payload["plan"]), done_at=None).first()
    if found is not None:
        planned.make(found, now=lambda: now, seconds=planned.SECONDS_LATER)


@jobs.handler("forums.mail_change")
def mail_change(payload: Mapping[str, Any], *, now: datetime) -> None:  # noqa: ARG001
    """Tell a guest by mail what a repair changed in their agenda; after a crash perhaps twice."""
    guest_mail.mail_change(payload)


@jobs.handler("forums.forget_registrations")
def forget_registrations(_payload: Mapping[str, Any], *, now: datetime) -> None:
    """Erase registrations that were declined or never answered."""
    registration.forget(at=now)


jobs.every(86_400, "forums.forget_registrations")
