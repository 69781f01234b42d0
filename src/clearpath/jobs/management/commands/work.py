"""`clearpath work`: run what follows a step, until told to stop."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from clearpath.jobs.models import Job
from clearpath.jobs.runner import run_due, work


class Command(BaseCommand):
    help = "Runs jobs as they come due. Any number of workers may run; SIGTERM ends one after its job."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="run what is due now and end")
        parser.add_argument(
            "--idle", type=float, default=1.0, metavar="SECONDS", help="how long to rest when nothing is due"
        )

    def handle(self, *_args: Any, once: bool, idle: float, verbosity: int, **_options: Any) -> None:
        if once:
            count = run_due()
            self.stdout.write(f"Jobs run: {count}.")
            return
        stopping = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stopping.set())
        if verbosity:
            self.stderr.write("Working. Ctrl-C ends after the job in hand.", str)
        work(stopping, idle_seconds=idle, tell=self.tell if verbosity > 1 else ignore)
        if verbosity:
            self.stderr.write("Stopped.", str)

    def tell(self, job: Job, well: bool) -> None:
        outcome = "done" if well else "failed"
        self.stderr.write(f"{timezone.now():%H:%M:%S} job {job.pk} {job.kind} attempt {job.attempts}: {outcome}")


def ignore(_job: Job, _well: bool) -> None:
    """A worker is quiet unless it is asked with -v 2; failures are logged anyway."""
