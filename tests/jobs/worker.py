"""A worker in a process of its own, whose jobs write lines to a file: `worker.py FILE`."""

import sys
import time

import django
from django.core.management import call_command

django.setup()

from clearpath import jobs  # noqa: E402
from clearpath.jobs import registry  # noqa: E402

registry.PERIODS.clear()


@jobs.handler("test.slow")
def slow(payload, *, now):
    with open(sys.argv[1], "a") as file:
        file.write("begun\n")
    time.sleep(payload["seconds"])
    with open(sys.argv[1], "a") as file:
        file.write("ended\n")


call_command("work", idle=0.05)
