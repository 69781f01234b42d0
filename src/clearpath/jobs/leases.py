"""The life of a job: queued, claimed under a lease, finished or failed.

PostgreSQL skips rows that another worker has locked; on SQLite a claim is one IMMEDIATE transaction, which is
alone by nature.
"""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from clearpath.jobs.models import Job
from clearpath.jobs.registry import PERIODS, period_key

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)  # due on any clock, also on the one that a scenario sets
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 10
LONGEST_WAIT = timedelta(hours=1)


def later(kind: str, payload: Mapping[str, Any], *, at: datetime | None = None, key: str | None = None) -> Job:
    """Queue a job in the caller's transaction: it exists when the transaction commits, and not otherwise.

    A second call with the same `key` changes nothing and returns the job of the first, done or not.
    """
    job = Job(kind=kind, payload=dict(payload), run_at=at or AT_ONCE, key=key)
    if key is None:
        job.save(force_insert=True)
    else:
        Job.objects.bulk_create([job], ignore_conflicts=True)
        job = Job.objects.get(key=key)
    if settings.JOBS_INLINE:
        from clearpath.jobs.runner import run_inline  # the runner claims, so it stands above this module

        transaction.on_commit(run_inline, robust=True)
    return job


def claim(*, now: datetime | None = None) -> Job | None:
    """Lease the job that has waited longest, or None when nothing is due. `attempts` counts this attempt."""
    now = now or timezone.now()
    due = Job.objects.filter(
        Q(leased_until__isnull=True) | Q(leased_until__lte=now),
        done_at__isnull=True,
        failed_at__isnull=True,
        run_at__lte=now,
    ).order_by("run_at", "id")
    while due.exists():  # outside the transaction: an idle worker must not take SQLite's write lock
        with transaction.atomic():
            job = due.select_for_update(skip_locked=True).first()
            if job is None:
                return None
            if job.attempts < MOST_ATTEMPTS:
                job.owner, job.leased_until, job.attempts = uuid.uuid4(), now + LEASE, job.attempts + 1
                job.save(update_fields=["owner", "leased_until", "attempts"])
                return job
            # Its worker died at every attempt: the job itself may be what kills them.
            settle(job, failed_at=now, last_error=job.last_error or "Its worker died at every attempt.")
    return None


def extend(job: Job, *, now: datetime | None = None) -> bool:
    """Heartbeat: lengthen the lease. False when the job has passed to another owner."""
    until = (now or timezone.now()) + LEASE
    return bool(mine(job).update(leased_until=until))


def finish(job: Job, *, now: datetime | None = None) -> bool:
    """Mark a job as done, or arm it again when it is periodic. False when it has passed to another owner."""
    now = now or timezone.now()
    if is_periodic(job):
        return settle(job, run_at=now + PERIODS[job.kind], attempts=0, last_error="")
    return settle(job, done_at=now, last_error="")


def fail(job: Job, error: str, *, now: datetime | None = None) -> bool:
    """Note a failure: again after a wait that doubles, given up after the last attempt.

    A periodic job is never given up. False when the job has passed to another owner.
    """
    now = now or timezone.now()
    if is_periodic(job):
        return settle(job, run_at=now + PERIODS[job.kind], attempts=0, last_error=error[:500])
    if job.attempts >= MOST_ATTEMPTS:
        return settle(job, failed_at=now, last_error=error[:500])
    return settle(job, run_at=now + wait_after(job.attempts), last_error=error[:500])


def wait_after(attempts: int) -> timedelta:
    """How long to wait before the next attempt: 15 s, 30 s, 1 min ... at most an hour."""
    return min(timedelta(seconds=15 << min(attempts - 1, 8)), LONGEST_WAIT)


def is_periodic(job: Job) -> bool:
    return job.kind in PERIODS and job.key == period_key(job.kind)


def mine(job: Job) -> Any:
    # The token, not the lease's end, says whose it is: an overdue job that nobody took is still ours.
    return Job.objects.filter(pk=job.pk, owner=job.owner, done_at__isnull=True, failed_at__isnull=True)


def settle(job: Job, **changes: Any) -> bool:
    changes = {"owner": None, "leased_until": None, **changes}
    return bool(mine(job).update(**changes))
