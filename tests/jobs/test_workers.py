"""Workers at the same time, on a real database: nothing runs twice while leased, nothing is lost."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from clearpath import jobs
from clearpath.jobs import runner
from clearpath.jobs.leases import LEASE
from clearpath.jobs.models import Job

pytestmark = [pytest.mark.races, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("many", [2, 4])
def test_workers_at_once_run_every_job_exactly_once(many, handlers):
    ran, together = [], threading.Barrier(many, timeout=30)
    handlers["note"] = lambda payload, *, now: ran.append(payload["n"])
    for n in range(40):
        jobs.later("note", {"n": n})
    raised = []

    def work():
        try:
            together.wait()
            jobs.run_due()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert raised == []
    assert sorted(ran) == list(range(40))
    assert Job.objects.filter(done_at__isnull=False, attempts=1).count() == 40


def test_the_same_key_queued_at_once_gives_one_job():
    together = threading.Barrier(4, timeout=30)
    found = []

    def queue():
        together.wait()
        found.append(jobs.later("note", {}, key="once").pk)
        connection.close()

    threads = [threading.Thread(target=queue) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert len(found) == 4
    assert set(found) == {Job.objects.get().pk}


def test_a_long_job_keeps_its_lease_by_its_heartbeat(handlers, monkeypatch):
    short = timedelta(seconds=0.6)
    monkeypatch.setattr(runner, "LEASE", short)
    monkeypatch.setattr("clearpath.jobs.leases.LEASE", short)
    stolen = []

    def long(payload, *, now):
        time.sleep(1.5)
        stolen.append(jobs.claim())

    handlers["long"] = long
    jobs.later("long", {})

    assert runner.run(jobs.claim(), beating=True) is True
    assert stolen == [None]


def test_a_job_that_hangs_loses_its_lease_in_the_end(handlers, monkeypatch):
    short = timedelta(seconds=0.3)
    monkeypatch.setattr(runner, "LEASE", short)
    monkeypatch.setattr("clearpath.jobs.leases.LEASE", short)
    monkeypatch.setattr(runner, "LONGEST_RUN", timedelta(0))
    stolen = []

    def hang(payload, *, now):
        time.sleep(0.8)
        stolen.append(jobs.claim())

    handlers["hang"] = hang
    jobs.later("hang", {})

    assert runner.run(jobs.claim(), beating=True) is False
    assert stolen[0].attempts == 2


@pytest.fixture
def worker(tmp_path):
    """Starts workers in processes of their own on this test's database."""
    started = []
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        url = f"sqlite:///{name}"
    else:
        main, _, options = os.environ["CLEARPATH_DATABASE"].partition("?")
        url = f"{main.rsplit('/', 1)[0]}/{name}?{options}"
    root = Path(__file__).parents[2]
    environment = {**os.environ, "CLEARPATH_DATABASE": url}
    environment["PYTHONPATH"] = os.pathsep.join([str(root / "src"), os.environ.get("PYTHONPATH", "")])

    def start(lines=""):
        command = [sys.executable, str(Path(__file__).with_name("worker.py")), str(tmp_path / "lines")]
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return process

    start.lines = tmp_path / "lines"
    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def wait_for(found, *, seconds=30):
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def lines_in(path):
    return path.read_text().split() if path.exists() else []


def test_the_job_of_a_killed_worker_is_run_again_after_its_lease(worker, handlers):
    jobs.later("test.slow", {"seconds": 60})
    process = worker()
    wait_for(lambda: lines_in(worker.lines) == ["begun"])

    process.send_signal(signal.SIGKILL)
    process.wait()

    ran = []
    handlers["test.slow"] = lambda payload, *, now: ran.append(payload)
    assert jobs.run_due() == 0  # its lease still holds
    assert jobs.run_due(now=timezone.now() + LEASE) == 1
    assert ran == [{"seconds": 60}]
    job = Job.objects.get(kind="test.slow")
    assert (job.attempts, job.done_at is not None) == (2, True)


def test_a_worker_that_is_told_to_stop_ends_its_job_first(worker):
    jobs.later("test.slow", {"seconds": 1})
    jobs.later("test.slow", {"seconds": 1}, at=timezone.now() + timedelta(seconds=0.5))
    process = worker()
    wait_for(lambda: lines_in(worker.lines) == ["begun"])

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=30) == 0
    assert lines_in(worker.lines) == ["begun", "ended"]
    assert [job.done_at is not None for job in Job.objects.filter(kind="test.slow").order_by("pk")] == [True, False]
    assert process.stderr.read().splitlines() == ["Working. Ctrl-C ends after the job in hand.", "Stopped."]
