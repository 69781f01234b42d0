"""Keeps the web server and the worker running as long as `clearpath serve` runs."""

import ctypes
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

LOOK_SECONDS = 0.1
PATIENCE_SECONDS = 30.0  # for requests and the job in hand when told to stop; a job cut short is run again
LONGEST_WAIT_SECONDS = 30.0
STEADY_SECONDS = 60.0  # a child that lived as long is not in a circle of failures
PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Child:
    """One process of ours: how it is started, and how it fares."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0  # on the monotonic clock, as all three
    failures: int = 0

    def start(self) -> None:
        # A session of its own: Ctrl-C in the terminal reaches us alone, and we end the children in order.
        self.process = subprocess.Popen(  # noqa: S603 - our own command line, nothing of it comes from outside
            self.command, start_new_session=True, preexec_fn=end_with_parent
        )
        self.started_at = time.monotonic()

    @property
    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    @property
    def status(self) -> int | None:
        return self.process.returncode if self.process else None

    def plan_restart(self) -> float:
        """Note a failure; return the seconds until the next start: 1, 2, 4 ... at most LONGEST_WAIT_SECONDS."""
        now = time.monotonic()
        if now - self.started_at > STEADY_SECONDS:
            self.failures = 0
        wait = min(2.0**self.failures, LONGEST_WAIT_SECONDS)
        self.failures += 1
        self.process, self.start_at = None, now + wait
        return wait


def end_with_parent() -> None:
    """In the child: have the kernel end us should `clearpath serve` be killed. Linux only; elsewhere nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Runs a web server and a worker. Without the first it ends; the second is started again."""

    def __init__(self, web: Child, worker: Child, tell: Callable[[str], None]) -> None:
        self.web, self.worker, self.tell = web, worker, tell
        self.stopping = threading.Event()
        self.signals = 0

    def run(self, *, answers: Callable[[], bool], ready: Callable[[], None]) -> int:
        """Until told to stop by a signal; `ready` is called once `answers` says yes. Returns an exit status."""
        before = {each: signal.signal(each, self.stop) for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
        is_ready = False
        try:
            self.web.start()
            while not self.stopping.wait(LOOK_SECONDS):
                if self.web.ended:
                    self.tell(f"The web server ended by itself with status {self.web.status}.")
                    return 1
                if is_ready:
                    self.look_after_worker()
                elif answers():
                    ready()
                    is_ready = True  # only now the worker starts: people wait for the pages, not for it
            return 0
        finally:
            self.end_children()
            for each, handler in before.items():
                signal.signal(each, handler)

    def look_after_worker(self) -> None:
        if self.worker.ended:
            status = self.worker.status
            wait = self.worker.plan_restart()
            self.tell(f"The worker ended by itself with status {status}; it is started again in {wait:.0f} s.")
        elif self.worker.process is None and time.monotonic() >= self.worker.start_at:
            self.worker.start()

    def stop(self, *_signal: object) -> None:
        self.signals += 1
        self.stopping.set()

    def end_children(self) -> None:
        """Ask, wait, and at last insist; a second signal insists at once."""
        processes = [child.process for child in (self.web, self.worker) if child.process is not None]
        for process in processes:
            process.terminate()
        until = time.monotonic() + PATIENCE_SECONDS
        while any(process.poll() is None for process in processes):
            if time.monotonic() > until or self.signals >= 2:
                for process in processes:
                    process.kill()
            time.sleep(LOOK_SECONDS / 2)
