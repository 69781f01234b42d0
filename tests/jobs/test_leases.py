import contextlib
from datetime import timedelta

import pytest
from django.db import transaction

from clearpath import jobs
from clearpath.jobs.leases import LEASE, MOST_ATTEMPTS, wait_after
from clearpath.jobs.models import Job
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def test_later_queues_in_the_callers_transaction():
    class UndoError(Exception):
        pass

    with contextlib.suppress(UndoError), transaction.atomic():
        jobs.later("note", {})
        raise UndoError

    assert jobs.claim() is None


def test_later_without_a_moment_is_due_on_any_clock():
    jobs.later("note", {"journey": "1"})

    job = jobs.claim(now=NOON - timedelta(days=10_000))

    assert (job.kind, job.payload, job.attempts) == ("note", {"journey": "1"}, 1)


def test_later_is_not_claimed_before_its_moment():
    jobs.later("note", {}, at=NOON)

    assert jobs.claim(now=NOON - SECOND) is None
    assert jobs.claim(now=NOON) is not None


def test_later_with_the_same_key_queues_once_even_when_the_first_is_done():
    first = jobs.later("note", {"n": 1}, key="once")
    jobs.finish(jobs.claim(now=NOON), now=NOON)

    second = jobs.later("note", {"n": 2}, key="once")

    assert (second.pk, second.payload) == (first.pk, {"n": 1})
    assert jobs.claim(now=NOON) is None


def test_claim_takes_the_one_that_has_waited_longest():
    for minutes in (2, 1, 3):
        jobs.later("note", {"n": minutes}, at=NOON + timedelta(minutes=minutes))

    claimed = [jobs.claim(now=NOON + timedelta(hours=1)).payload["n"] for _ in range(3)]

    assert claimed == [1, 2, 3]


def test_a_claimed_job_is_nobody_elses_until_its_lease_ends():
    jobs.later("note", {})
    first = jobs.claim(now=NOON)

    assert jobs.claim(now=NOON + LEASE - SECOND) is None
    second = jobs.claim(now=NOON + LEASE)

    assert second.pk == first.pk
    assert second.owner != first.owner
    assert second.attempts == 2


def test_a_worker_that_comes_back_too_late_changes_nothing():
    jobs.later("note", {})
    late = jobs.claim(now=NOON)
    owner = jobs.claim(now=NOON + LEASE)

    assert jobs.extend(late, now=NOON) is False
    assert jobs.finish(late, now=NOON) is False
    assert jobs.fail(late, "too late", now=NOON) is False
    job = Job.objects.get()
    assert (job.owner, job.done_at, job.last_error) == (owner.owner, None, "")
    assert jobs.finish(owner, now=NOON) is True
    assert jobs.finish(owner, now=NOON) is False


def test_a_heartbeat_lengthens_the_lease():
    jobs.later("note", {})
    job = jobs.claim(now=NOON)

    assert jobs.extend(job, now=NOON + LEASE - SECOND) is True

    assert jobs.claim(now=NOON + LEASE) is None
    assert jobs.claim(now=NOON + 2 * LEASE) is not None


def test_a_failed_job_waits_twice_as_long_each_time_and_is_given_up_at_last():
    jobs.later("note", {})
    now, waits = NOON, []
    while job := jobs.claim(now=now):
        jobs.fail(job, "ValueError: no", now=now)
        job.refresh_from_db()
        if job.failed_at:
            break
        assert jobs.claim(now=job.run_at - SECOND) is None
        waits.append(job.run_at - now)
        now = job.run_at

    assert (job.attempts, job.failed_at, job.last_error) == (MOST_ATTEMPTS, now, "ValueError: no")
    assert [wait.total_seconds() for wait in waits] == [15, 30, 60, 120, 240, 480, 960, 1920, 3600]
    assert jobs.claim(now=NOON + timedelta(days=99)) is None


def test_wait_never_exceeds_an_hour():
    assert wait_after(60) == timedelta(hours=1)


def test_a_job_that_kills_every_worker_is_given_up():
    jobs.later("note", {})
    now = NOON
    for _ in range(MOST_ATTEMPTS):
        assert jobs.claim(now=now) is not None
        now += LEASE

    assert jobs.claim(now=now) is None

    job = Job.objects.get()
    assert (job.failed_at, job.last_error) == (now, "Its worker died at every attempt.")
