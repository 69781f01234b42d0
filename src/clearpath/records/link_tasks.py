"""Work for later: what ended links hold is thrown away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from clearpath import jobs
from clearpath.records.bearers import forget_ended_links


@jobs.handler("records.forget_links")
def forget_links(_payload: Mapping[str, Any], *, now: datetime) -> None:
    """Throw away address, key and content of links that nobody can open any more."""
    forget_ended_links(at=now)


jobs.every(3_600, "records.forget_links")
