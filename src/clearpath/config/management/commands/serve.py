"""`clearpath serve`: pages and the worker behind them, started and stopped together."""

import http.client
import socket
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from clearpath.config.preparing import prepare
from clearpath.config.supervisor import Child, Supervisor

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound


class Command(BaseCommand):
    help = "Serves the pages (gunicorn) and runs what follows a step (one worker). Ctrl-C or SIGTERM stops both."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="first bring database and static files up to date and, in demo mode, load the demo network",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        refuse_taken_port(settings.BIND, settings.PORT)
        try:
            if options["prepare"]:
                prepare(self.tell)
            line = self.line()
        except KeyboardInterrupt:
            raise CommandError("Stopped before it was ready.", returncode=130) from None
        connections.close_all()
        supervisor = Supervisor(Child("web", web_command()), Child("worker", worker_command()), self.tell)
        status = supervisor.run(answers=answers, ready=lambda: self.announce(line))
        if status:
            raise SystemExit(status)

    def tell(self, says: str) -> None:
        self.stderr.write(says, str)

    def announce(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()  # or whoever reads it through a pipe waits for ever

    def line(self) -> str:
        """Where it runs and, in demo mode, as whom one can sign in."""
        parts = [f"Clearpath runs on {address()}"]
        if settings.DEMO:
            from clearpath.config.demo_pages import personas  # the demo's door, needed in demo mode alone

            people = {each.role: f"{each.name} ({each.role})" for each in reversed(personas())}
            names = ", ".join(people[role] for role in sorted(people))
            parts.append(f"one click there signs you in as {names}" if names else "the demo network is not loaded")
        return " · ".join([*parts, "Ctrl-C stops it"])


def host_and_port() -> str:
    return f"[{settings.BIND}]:{settings.PORT}" if ":" in settings.BIND else f"{settings.BIND}:{settings.PORT}"


def address() -> str:
    host = EVERYWHERE.get(settings.BIND, settings.BIND)
    return f"http://[{host}]:{settings.PORT}" if ":" in host else f"http://{host}:{settings.PORT}"


def refuse_taken_port(host: str, port: int) -> None:
    """Raises CommandError when nothing can listen there, before anything else is started."""
    try:
        [(family, *_rest, place), *_others] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(place)
            trial.listen(1)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CommandError(
            f"Clearpath cannot listen on {host}, port {port}: {reason}."
            f" Stop what uses it, or choose another port: CLEARPATH_PORT={port + 1}."
        ) from None


def answers() -> bool:
    """Whether the web server answers at all; what it answers is its own business."""
    connection = http.client.HTTPConnection(EVERYWHERE.get(settings.BIND, settings.BIND), settings.PORT, timeout=5)
    name = settings.ALLOWED_HOSTS[0].lstrip("*.") if settings.ALLOWED_HOSTS else ""
    try:
        connection.request("GET", "/", headers={"Host": name or "localhost"})
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def web_command() -> list[str]:
    memory = Path("/dev/shm")  # noqa: S108 - gunicorn's heartbeat file, which must not wait for a disk
    return [
        sys.executable, "-m", "gunicorn", "clearpath.config.wsgi:application",
        "--bind", host_and_port(),
        "--worker-class", "gthread",
        "--workers", str(settings.WEB_PROCESSES),
        "--threads", str(settings.WEB_THREADS),
        "--preload",  # loaded once, then forked: half the time to start, and memory is shared
        "--timeout", "60",
        "--graceful-timeout", "10",
        "--no-control-socket",
        "--log-level", "warning",
        *(["--worker-tmp-dir", str(memory)] if memory.is_dir() else []),
    ]  # fmt: skip


def worker_command() -> list[str]:
    return [sys.executable, "-m", "clearpath.config.manage", "work", "-v", "0"]
