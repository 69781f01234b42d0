"""Work for later: records are read for their summary, what was refused and nobody came back for is deleted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from clearpath import jobs
from clearpath.records import aside, summaries


@jobs.handler("records.digest")
def digest(payload: Mapping[str, Any], *, now: datetime) -> None:  # noqa: ARG001 - every handler is told the time
    """Read the facts of a record that came in."""
    summaries.digest(UUID(payload["record"]))


@jobs.handler("records.sweep_set_aside")
def sweep_set_aside(_payload: Mapping[str, Any], *, now: datetime) -> None:
    """Delete refused files after 30 days."""
    aside.sweep(now=now)


jobs.every(86_400, "records.sweep_set_aside")
