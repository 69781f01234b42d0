"""Work for later: large forums are planned."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from clearpath import jobs
from clearpath.forums import planned
from clearpath.forums.models import Plan


@jobs.handler("forums.plan")
def plan(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Make a plan that was asked for; one that was made before a crash stays."""
    found = Plan.objects.select_related("forum").filter(pk=UUID(payload["plan"]), done_at=None).first()
    if found is not None:
        planned.make(found, now=lambda: now, seconds=planned.SECONDS_LATER)
