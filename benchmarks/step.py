"""What one step costs beside the same rows written by hand, without the mechanism.

    python benchmarks/step.py --json                               # SQLite
    tools/with_postgres.sh python benchmarks/step.py --json        # PostgreSQL

The step is `journeys.answer_inquiry` by a facilitator: it changes one fact, closes one task, opens another, tells one
seat, and appends to the log. The peer is one transaction with the same UPDATEs and INSERTs through the same driver,
and nothing else: it asks nobody, locks nothing and refuses nothing. Both are durable commits, taken in turn on journeys
made before the clock starts. `queries` leaves out BEGIN and COMMIT.
"""

import os
import tempfile
from collections.abc import Callable
from datetime import datetime
from time import perf_counter_ns, process_time_ns
from typing import Any

from common import arguments, goal, quantile, report, say

ASKED = arguments(__doc__, steps={"type": int, "default": 300, "help": "how many are timed"})
FOLDER = tempfile.TemporaryDirectory()
os.environ.setdefault("CLEARPATH_DATABASE", f"sqlite:///{FOLDER.name}/step.sqlite3")
os.environ["CLEARPATH_HOME"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "clearpath.config.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from network import NOW, a_facilitator, a_journey  # noqa: E402

from clearpath.charter.actor import Actor  # noqa: E402
from clearpath.core.identifiers import new_id  # noqa: E402
from clearpath.core.memory import settle  # noqa: E402
from clearpath.journeys import steps as journeys  # noqa: E402
from clearpath.journeys.models import Journey  # noqa: E402
from clearpath.trust.form import digest_of  # noqa: E402
from clearpath.turns.models import Seat  # noqa: E402

MOST_MS, MOST_QUERIES = 3, 12


def stored(value: Any) -> Any:
    if connection.vendor != "sqlite":
        return value
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    return value.hex if hasattr(value, "hex") and not isinstance(value, float | bytes) else value


def by_hand(journey: Journey, by: Actor, patient_seat: Any) -> None:
    """The rows that the step writes, and no question asked."""
    salt = "0" * 32
    digest = digest_of({"how": "telephone"}, salt=salt)
    with transaction.atomic(), connection.cursor() as cursor:

        def run(sql: str, *values: Any) -> None:
            cursor.execute(sql, [stored(value) for value in values])

        run(
            "UPDATE turns_subject SET facts = %s, stage = %s, stage_since = %s, closed_at = NULL, revision = 2"
            " WHERE id = %s",
            '["answered"]', "inquiry", NOW, journey.pk,
        )  # fmt: skip
        run(
            "INSERT INTO trust_entry (chain, number, at, person_id, organisation_id, role, step, decision, reason,"
            " charter, about_kind, about_id, salt, digest, previous, hash)"
            " VALUES (%s, 2, %s, %s, %s, %s, %s, 'done', '', '2026.1', %s, %s, %s, %s, %s, %s)",
            journey.pk, NOW, by.person_id, by.organisation_id, by.role, "journeys.answer_inquiry", "journeys.journey",
            journey.pk, salt, digest, digest, digest,
        )  # fmt: skip
        run(
            "UPDATE turns_task SET done_at = %s WHERE subject_id = %s AND step = %s AND done_at IS NULL",
            NOW, journey.pk, "journeys.answer_inquiry",
        )  # fmt: skip
        run(
            "INSERT INTO turns_task (id, subject_id, step, position, opened_at) VALUES (%s, %s, %s, %s, %s)",
            new_id(), journey.pk, "journeys.open", "facilitator", NOW,
        )  # fmt: skip
        run(
            "INSERT INTO turns_notice (id, seat_id, step, at) VALUES (%s, %s, %s, %s)",
            new_id(), patient_seat, "journeys.answer_inquiry", NOW,
        )  # fmt: skip


def timed(run: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds on the clock, and those of them in which this process worked."""
    started, working = perf_counter_ns(), process_time_ns()
    run()
    return (perf_counter_ns() - started) / 1e6, (process_time_ns() - working) / 1e6


def queries_of(journey: Journey, by: Actor) -> list[str]:
    asked: list[str] = []

    def note(execute: Any, sql: str, parameters: Any, many: Any, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        journeys.answer_inquiry(journey, how="telephone", by=by)
    return [sql for sql in asked if not sql.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]


def main() -> None:
    call_command("migrate", verbosity=0)
    facilitator = a_facilitator()
    made = [a_journey(facilitator)[0] for _ in range(2 * ASKED.steps + 41)]
    seats = dict(Seat.objects.filter(role="patient").values_list("subject_id", "pk"))
    queries = queries_of(made.pop(), facilitator)
    settle()  # as the server does once it has started
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    while made:
        one, other = made.pop(), made.pop()
        ours.append(timed(lambda journey=one: journeys.answer_inquiry(journey, how="telephone", by=facilitator)))
        theirs.append(timed(lambda journey=other: by_hand(journey, facilitator, seats[journey.pk])))
    (ours_ms, ours_cpu), (theirs_ms, theirs_cpu) = (zip(*times[20:], strict=True) for times in (ours, theirs))
    more = quantile(ours_ms, 0.5) - quantile(theirs_ms, 0.5)
    say(f"{connection.vendor}: {quantile(ours_ms, 0.5):.2f} ms, by hand {quantile(theirs_ms, 0.5):.2f} ms")
    report(
        {
            "claim": "step",
            "database": connection.vendor,
            "goals": [
                goal(f"ms more than by hand, {connection.vendor}", more, most=MOST_MS),
                goal(f"queries of one step, {connection.vendor}", len(queries), most=MOST_QUERIES, decides=True),
            ],
            "p50_ms": round(quantile(ours_ms, 0.5), 3),
            "p99_ms": round(quantile(ours_ms, 0.99), 3),
            "by_hand_p50_ms": round(quantile(theirs_ms, 0.5), 3),
            "by_hand_p99_ms": round(quantile(theirs_ms, 0.99), 3),
            "cpu_p50_ms": round(quantile(ours_cpu, 0.5), 3),
            "by_hand_cpu_p50_ms": round(quantile(theirs_cpu, 0.5), 3),
            "times": round(quantile(ours_ms, 0.5) / quantile(theirs_ms, 0.5), 2),
            "queries": [sql[:100] for sql in queries],
        },
        ASKED,
    )


if __name__ == "__main__":
    try:
        main()
    finally:
        connection.close()
        FOLDER.cleanup()
