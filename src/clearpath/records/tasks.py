"""Work for later: what was refused and nobody came back for is deleted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from clearpath import jobs
from clearpath.records import aside


@jobs.handler("records.sweep_set_aside")
def sweep_set_aside(_payload: Mapping[str, Any], *, now: datetime) -> None:
    """Delete refused files after 30 days."""
    aside.sweep(now=now)


jobs.every(86_400, "records.sweep_set_aside")
