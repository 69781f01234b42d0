"""Runs what is due: here and now, or as a worker that loops until it is told to stop."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta

from django.db import close_old_connections, connection
from django.utils import timezone

from clearpath.jobs.leases import AT_ONCE, LEASE, claim, extend, fail, finish
from clearpath.jobs.models import Job
from clearpath.jobs.registry import HANDLERS, PERIODS, period_key

logger = logging.getLogger(__name__)
here = threading.local()

LONGEST_RUN = timedelta(hours=1)  # a job that hangs loses its lease after this


def run_due(limit: int | None = None, now: datetime | None = None, *, strict: bool = False) -> int:
    """Run everything that is due, and what it causes, in this process; return how many jobs were run.

    `now` stands in for the clock. A failure is logged and noted on the job, which waits for its next attempt;
    with `strict` it is raised too.
    """
    plant_periodic(now or timezone.now())
    count = 0
    outermost, here.running = not getattr(here, "running", False), True
    try:
        while limit is None or count < limit:
            job = claim(now=now)
            if job is None:
                break
            run(job, now=now, strict=strict)
            count += 1
    finally:
        here.running = not outermost
    return count


def run_inline() -> None:
    """After a commit, when CLEARPATH_JOBS_INLINE is on; what a job causes is left to the one who runs it."""
    if not getattr(here, "running", False):
        run_due()


def run(job: Job, *, now: datetime | None = None, strict: bool = False, beating: bool = False) -> bool:
    """Run one claimed job. False when it failed, or when its lease was lost and another worker has it."""
    try:
        with heartbeat(job) if beating else nullcontext():
            HANDLERS[job.kind](job.payload, now=now or timezone.now())
    except Exception as error:  # whatever it is, the worker goes on and the job waits for its next attempt
        logger.exception("Job %s of kind %s failed, attempt %s", job.pk, job.kind, job.attempts)
        fail(job, f"{type(error).__name__}: {error}", now=now)
        if strict:
            raise
        return False
    if finish(job, now=now):
        return True
    logger.warning("Job %s of kind %s outlived its lease; another worker has it", job.pk, job.kind)
    return False


def work(stopping: threading.Event, *, idle_seconds: float = 1.0, tell: Callable[[Job, bool], None]) -> None:
    """Run jobs as they come due until `stopping` is set; the job in hand is finished first."""
    while not stopping.is_set():
        close_old_connections()
        plant_periodic(timezone.now())
        job = claim()
        if job is None:
            stopping.wait(idle_seconds)
        else:
            tell(job, run(job, beating=True))


@contextmanager
def heartbeat(job: Job) -> Iterator[None]:
    """Lengthen the lease from a thread of its own for as long as the job runs, at most LONGEST_RUN."""
    done = threading.Event()
    thread = threading.Thread(target=beat, args=(job, done), name=f"heartbeat of job {job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def beat(job: Job, done: threading.Event) -> None:
    until = timezone.now() + LONGEST_RUN
    try:
        while not done.wait(LEASE.total_seconds() / 3) and timezone.now() < until and extend(job):
            pass
    except Exception:  # the job itself may hold SQLite's lock; the lease then simply runs out
        logger.exception("Heartbeat of job %s stopped", job.pk)
    finally:
        connection.close()


def plant_periodic(now: datetime) -> None:
    """Make sure that every periodic job has its row, and that none waits longer than its period.

    It would, after a scenario ran on a clock of its own that was ahead.
    """
    waiting = dict(Job.objects.filter(key__in=map(period_key, PERIODS)).values_list("kind", "run_at"))
    for kind, period in PERIODS.items():
        if kind not in waiting:
            Job.objects.bulk_create([Job(kind=kind, key=period_key(kind), run_at=AT_ONCE)], ignore_conflicts=True)
        elif waiting[kind] > now + period:
            Job.objects.filter(key=period_key(kind), run_at=waiting[kind]).update(run_at=now)
