from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction

from clearpath import jobs
from clearpath.jobs import registry
from clearpath.jobs.models import Job
from clearpath.jobs.tasks import KEPT, fold_log, sweep
from clearpath.trust.models import Head
from tests.conftest import NOON
from tests.trust.logs import append

pytestmark = pytest.mark.django_db


def test_run_due_runs_everything_that_is_due_and_what_it_causes(ran, handlers):
    handlers["first"] = lambda payload, *, now: [jobs.later("note", {"n": n}) for n in (1, 2)]
    jobs.later("first", {})
    jobs.later("note", {"n": 3}, at=NOON + timedelta(seconds=1))

    assert jobs.run_due(now=NOON) == 3

    assert ran == [({"n": 1}, NOON), ({"n": 2}, NOON)]
    assert Job.objects.filter(done_at=NOON).count() == 3


def test_run_due_stops_at_its_limit(ran):
    for n in range(3):
        jobs.later("note", {"n": n})

    assert jobs.run_due(limit=2, now=NOON) == 2
    assert [payload["n"] for payload, _ in ran] == [0, 1]


def test_a_handler_that_fails_is_logged_and_stops_nobody(ran, handlers, caplog):
    handlers["broken"] = lambda payload, *, now: 1 / 0
    jobs.later("broken", {})
    jobs.later("note", {})

    assert jobs.run_due(now=NOON) == 2

    assert len(ran) == 1
    job = Job.objects.get(kind="broken")
    assert (job.attempts, job.done_at, job.last_error) == (1, None, "ZeroDivisionError: division by zero")
    assert f"Job {job.pk} of kind broken failed, attempt 1" in caplog.text


def test_a_strict_run_raises_what_a_handler_raises(handlers, caplog):
    handlers["broken"] = lambda payload, *, now: 1 / 0
    jobs.later("broken", {})

    with pytest.raises(ZeroDivisionError):
        jobs.run_due(now=NOON, strict=True)

    assert Job.objects.get().attempts == 1


def test_a_kind_without_a_handler_fails_and_is_kept(handlers, caplog):
    jobs.later("unheard", {})

    jobs.run_due(now=NOON)

    assert Job.objects.get().last_error == "KeyError: 'unheard'"


def test_a_handler_that_outlived_its_lease_does_not_settle_the_job(ran, handlers, caplog):
    handlers["slow"] = lambda payload, *, now: jobs.claim(now=NOON + timedelta(hours=2))
    jobs.later("slow", {})

    jobs.run_due(limit=1, now=NOON)

    assert Job.objects.get().done_at is None
    assert "outlived its lease" in caplog.text


def test_a_periodic_job_runs_once_in_its_period_and_has_one_row(ran):
    jobs.every(60, "note")

    for seconds in (0, 1, 59, 60, 61, 119, 120):
        jobs.run_due(now=NOON + timedelta(seconds=seconds))

    assert [(now - NOON).total_seconds() for _, now in ran] == [0, 60, 120]
    assert Job.objects.count() == 1


def test_a_periodic_job_that_was_missed_for_long_runs_once(ran):
    jobs.every(60, "note")
    jobs.run_due(now=NOON)

    assert jobs.run_due(now=NOON + timedelta(days=1)) == 1


def test_a_periodic_job_is_never_given_up(handlers, caplog):
    handlers["broken"] = lambda payload, *, now: 1 / 0
    jobs.every(60, "broken")

    for minutes in range(15):
        assert jobs.run_due(now=NOON + timedelta(minutes=minutes)) == 1

    assert Job.objects.get().failed_at is None


def test_a_periodic_job_recovers_from_a_clock_that_was_ahead(ran):
    jobs.every(60, "note")
    jobs.run_due(now=NOON + timedelta(days=365))

    assert jobs.run_due(now=NOON) == 1


def test_two_handlers_for_one_kind_are_a_mistake(handlers):
    def one(payload, *, now): ...
    def two(payload, *, now): ...

    jobs.handler("kind")(one)
    jobs.handler("kind")(one)  # imported twice

    with pytest.raises(ValueError, match="two handlers for jobs of kind 'kind'"):
        jobs.handler("kind")(two)


@pytest.mark.django_db(transaction=True)
def test_inline_jobs_run_after_the_commit_with_what_they_cause(ran, handlers, settings):
    settings.JOBS_INLINE = True
    handlers["first"] = lambda payload, *, now: jobs.later("note", {})

    with transaction.atomic():
        jobs.later("first", {})
        assert ran == []

    assert len(ran) == 1
    assert Job.objects.filter(done_at=None).count() == 0


@pytest.mark.django_db(transaction=True)
def test_jobs_wait_for_a_worker_unless_they_run_inline(ran):
    with transaction.atomic():
        jobs.later("note", {})

    assert ran == []


def test_work_once_runs_what_is_due(ran, capsys):
    jobs.later("note", {})

    call_command("work", once=True)

    assert len(ran) == 1
    assert capsys.readouterr().out == "Jobs run: 1.\n"


# The network's own housekeeping


def test_the_log_is_folded_and_old_jobs_are_swept():
    assert {"trust.fold", "jobs.sweep"} <= registry.PERIODS.keys() & registry.HANDLERS.keys()


def test_fold_log_signs_a_head():
    append()

    fold_log({}, now=NOON)

    assert Head.objects.get().at == NOON


def test_sweep_deletes_jobs_done_long_ago_and_keeps_the_others():
    old = NOON - KEPT - timedelta(seconds=1)
    Job.objects.bulk_create(
        [
            Job(kind="old", run_at=old, done_at=old),
            Job(kind="done", run_at=old, done_at=NOON - KEPT),
            Job(kind="dead", run_at=old, failed_at=old),
            Job(kind="waiting", run_at=old),
        ]
    )

    sweep({}, now=NOON)

    assert sorted(Job.objects.values_list("kind", flat=True)) == ["dead", "done", "waiting"]
