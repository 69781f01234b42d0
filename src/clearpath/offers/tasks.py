"""Work for later: what search reads is made anew when the directory changed, and every night."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from clearpath import jobs
from clearpath.offers.finding import index


@jobs.handler("offers.refresh_listings")
def refresh_listings(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Make the listings of some providers anew; without any named all, for what changes by itself."""
    if "providers" in payload:
        index.refresh([UUID(key) for key in payload["providers"]], at=now)
    else:
        index.refresh_all(at=now)


jobs.every(86_400, "offers.refresh_listings")
