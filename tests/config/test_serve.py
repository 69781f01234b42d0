import os
import signal
import socket
import sys
import threading

import pytest
from django.core.management.base import CommandError

from clearpath.config import supervisor
from clearpath.config.management.commands.serve import refuse_taken_port
from clearpath.config.supervisor import Child, Supervisor

STAYS = "import time; time.sleep(60)"


def child(name: str, code: str) -> Child:
    return Child(name, [sys.executable, "-c", code])


def test_serve_refuses_a_taken_port_and_names_another():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(CommandError, match=f"port {port}: .*CLEARPATH_PORT={port + 1}"):
            refuse_taken_port("127.0.0.1", port)


def test_serve_takes_a_free_port():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

    refuse_taken_port("127.0.0.1", port)


@pytest.mark.slow
def test_serve_is_ready_when_the_server_answers_and_a_signal_ends_both():
    web, worker = child("web", STAYS), child("worker", STAYS)
    answers = iter([False, True])
    told = []

    def ready():
        told.append("ready")
        threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGTERM)).start()

    status = Supervisor(web, worker, told.append).run(answers=lambda: next(answers), ready=ready)

    assert (status, told) == (0, ["ready"])
    assert (web.status, worker.status) == (-signal.SIGTERM, -signal.SIGTERM)


@pytest.mark.slow
def test_serve_starts_a_worker_that_died_again(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "LONGEST_WAIT_SECONDS", 0.1)
    starts = tmp_path / "starts"
    worker = child("worker", f"open({str(starts)!r}, 'a').write('started\\n')")
    told = []
    both = Supervisor(child("web", STAYS), worker, told.append)

    def tell(says: str) -> None:
        told.append(says)
        if starts.exists() and starts.read_text().count("started") >= 3:
            both.stop()

    both.tell = tell
    status = both.run(answers=lambda: True, ready=lambda: None)

    assert status == 0
    assert starts.read_text().count("started") == 3
    assert told[0].startswith("The worker ended by itself with status 0")


@pytest.mark.slow
def test_serve_ends_with_the_web_server_and_takes_the_worker_along():
    worker = child("worker", STAYS)
    told = []
    web = child("web", "import time; time.sleep(1); raise SystemExit(3)")

    status = Supervisor(web, worker, told.append).run(answers=lambda: True, ready=lambda: None)

    assert (status, told) == (1, ["The web server ended by itself with status 3."])
    assert worker.status == -signal.SIGTERM


@pytest.mark.slow
def test_serve_insists_at_the_second_signal(tmp_path):
    is_deaf = tmp_path / "is_deaf"
    deafen = "import pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    web = child("web", f"{deafen}; pathlib.Path({str(is_deaf)!r}).touch(); time.sleep(60)")
    both = Supervisor(web, child("worker", STAYS), lambda _says: None)

    def ready():
        for seconds in (0.3, 0.6):
            threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT)).start()

    assert both.run(answers=is_deaf.exists, ready=ready) == 0
    assert web.status == -signal.SIGKILL
