"""Work for later: what search reads is made anew every night."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from clearpath import jobs
from clearpath.offers.finding import index


@jobs.handler("offers.refresh_listings")
def refresh_listings(_payload: Mapping[str, Any], *, now: datetime) -> None:
    """Take up what changes by itself: evidence that ends, outcomes, answers, weeks that pass, rates."""
    index.refresh_all(at=now)


jobs.every(86_400, "offers.refresh_listings")
