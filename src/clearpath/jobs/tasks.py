"""The network's own housekeeping: the log is folded and signed, old jobs are swept out."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from clearpath.jobs.models import Job
from clearpath.jobs.registry import every, handler
from clearpath.trust.fold import fold

KEPT = timedelta(days=30)  # how long a done job's key still keeps a second one away


@handler("trust.fold")
def fold_log(_payload: Mapping[str, Any], *, now: datetime) -> None:
    """Fold the log's new entries into its tree; what waits for it is not yet covered by a signed head."""
    fold(now=now)


@handler("jobs.sweep")
def sweep(_payload: Mapping[str, Any], *, now: datetime) -> None:
    """Delete jobs that were done long ago. Dead letters stay until somebody looks at them."""
    Job.objects.filter(done_at__lt=now - KEPT).delete()


every(10, "trust.fold")
every(86_400, "jobs.sweep")
