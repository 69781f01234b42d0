"""Work for later: ties are found anew, evidence is watched."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from clearpath import jobs
from clearpath.parties import evidence, ties


@jobs.handler("parties.refresh_ties")
def refresh_ties(_payload: Mapping[str, Any], *, now: datetime) -> None:
    """Find the ties that follow from the statements on file now."""
    ties.refresh_ties(now)


@jobs.handler("parties.tell_tie")
def tell_tie(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Tell of a tie that a party declared or ended."""
    ties.tell_once(UUID(payload["tie"]), payload["step"], now)


@jobs.handler("parties.watch_evidence")
def watch_evidence(_payload: Mapping[str, Any], *, now: datetime) -> None:
    """Warn before evidence ends, and look at organisations whose evidence has ended."""
    evidence.watch(now)


jobs.every(86_400, "parties.watch_evidence")
