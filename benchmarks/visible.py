"""The first page of visible journeys out of a million, for every role, beside SQL written by hand.

    python benchmarks/visible.py --json                                   # SQLite
    tools/with_postgres.sh python benchmarks/visible.py --json            # PostgreSQL
    python benchmarks/visible.py --keep /tmp/visible.sqlite3              # makes the data once, and uses it again

Each role asks for 50 journeys with every field that it may see, the others blank. The peer is one statement for each
role, written for it alone, that returns the same rows and columns; both then make the same Python values of them
(texts unsealed, times, keys). The two must be equal before anything is timed. `ratio` compares the whole page,
`sql_ratio` the statements alone, both by their lower quartiles: whatever disturbs only slows. A patient has one
journey: what a page costs besides its rows is compared there.

A million journeys, 20 facilitators with 50,000 each, 20 hospitals with about 30,000, 120 doctors with 5,000, patients
with one; 40 % have one to three lanes, of which those not chosen have ended; seats offered and ended, consents given
and withdrawn; 100,000 leads between the journeys. Agency, organizer and steward sit on none of the journeys.
"""

import json
import os
import random
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from time import perf_counter_ns
from typing import Any
from uuid import UUID

from common import arguments, goal, quantile, report, say

ASKED = arguments(
    __doc__,
    journeys={"type": int, "default": 1_000_000},
    keep={"default": "", "help": "a SQLite file that is made when it is missing and used again"},
    rounds={"type": int, "default": 200, "help": "pages timed for each role"},
    seed={"type": int, "default": 1},
    plans={"action": "store_true", "help": "print how the database reads each page"},
)
FOLDER = tempfile.TemporaryDirectory()
if not os.environ.get("CLEARPATH_DATABASE"):
    os.environ["CLEARPATH_DATABASE"] = f"sqlite:///{ASKED.keep or FOLDER.name + '/visible.sqlite3'}"
os.environ["CLEARPATH_HOME"] = FOLDER.name if not ASKED.keep else f"{ASKED.keep}.home"  # the key that seals texts
os.environ["DJANGO_SETTINGS_MODULE"] = "clearpath.config.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from clearpath.charter.actor import Actor  # noqa: E402
from clearpath.core.memory import settle  # noqa: E402
from clearpath.journeys.models import Journey  # noqa: E402
from clearpath.trust.fields import open_text, seal_text  # noqa: E402
from clearpath.turns import charters  # noqa: E402
from clearpath.turns.made import Shape  # noqa: E402
from clearpath.turns.page import first_page, page_of  # noqa: E402
from clearpath.turns.sight import Shown, shown  # noqa: E402

MOST_RATIO, MOST_P99_MS = 1.5, 5
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SQLITE = connection.vendor == "sqlite"
SIZE = 50

# Who is there


def key(kind: int, number: int) -> UUID:
    """Keys in the order of their numbers, as version 7 gives them in the order of time."""
    return UUID(int=(kind << 120) | (7 << 76) | (number << 16) | (0b10 << 62))


FACILITATORS, HOSPITALS, DOCTORS, SECOND_DOCTORS = ([key(kind, n) for n in range(many)] for kind, many in ((1, 20), (2, 20), (3, 120), (4, 10)))  # fmt: skip # noqa: E501
HOME_DOCTORS, AGENCIES = [key(5, n) for n in range(2_000)], [key(6, n) for n in range(5)]
OTHERS = [key(7, n) for n in range(2)]  # organizer, steward


def patient(number: int) -> UUID:
    return key(8, number)


# The data


def rows(count: int, chance: random.Random) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Every row of every table, by table. Keys of people and organisations point nowhere: no page reads them."""
    names, texts = [seal_text(f"Person {n}") for n in range(500)], [seal_text("Replacement of a knee. " * 3) for _ in range(500)]  # fmt: skip # noqa: E501
    stages = ["inquiry", "intake", "review", "decision", "preparation", "treatment", "return", "aftercare", "closed"]
    seat_number = 0

    def seat(
        subject: UUID,
        role: str,
        *,
        organisation: UUID | None = None,
        person: UUID | None = None,
        lane: UUID | None = None,
        held: bool = True,
        ended: bool = False,
    ) -> tuple[str, tuple[Any, ...]]:
        nonlocal seat_number
        seat_number += 1
        return "turns_seat", (
            key(20, seat_number), subject, lane, role, role, organisation, person, NOW, None,
            NOW if held else None, NOW if ended else None, "", None,
        )  # fmt: skip

    consent_number = 0

    def consent(journey: UUID, recipient: UUID, data_class: str, given_by: UUID) -> tuple[str, tuple[Any, ...]]:
        nonlocal consent_number
        consent_number += 1
        withdrawn = NOW if chance.random() < 0.03 else None
        return "journeys_consent", (
            key(21, consent_number), journey, recipient, "care", data_class, "I agree.", "en", NOW, given_by, withdrawn,
        )  # fmt: skip

    for number in range(count):
        journey, who = key(10, 2 * number), patient(number)
        facilitator = FACILITATORS[chance.randrange(20)]
        stage = chance.choice(stages)
        opened = NOW - timedelta(minutes=count - number)
        yield "turns_subject", (
            journey, "journey", "2026.1", stage, '["answered"]', who, 3, opened, opened,
            NOW if stage == "closed" else None,
        )  # fmt: skip
        yield "journeys_journey", (
            journey, f"{number:08}", chance.choice(names), None, "KW", "en", chance.choice(names), chance.choice(names),
            chance.choice(texts), chance.choice(texts), chance.choice(texts), None, "search",
        )  # fmt: skip
        yield seat(journey, "patient", person=who)
        yield seat(journey, "facilitator", organisation=facilitator)
        if chance.random() < 0.5:
            yield consent(journey, facilitator, "clinical", who)
        if chance.random() < 0.02:
            yield seat(journey, "facilitator", organisation=chance.choice(FACILITATORS), ended=True)
        if chance.random() < 0.4:
            lanes = chance.choice((1, 1, 2, 3))
            chosen = chance.randrange(lanes) if chance.random() < 0.5 else None
            doctors = chance.sample(DOCTORS, lanes)
            for lane_number, hospital in enumerate(chance.sample(HOSPITALS, lanes)):
                lane, doctor = key(22, number * 4 + lane_number), doctors[lane_number]
                ended = chosen not in {None, lane_number}
                yield "turns_lane", (lane, journey, lane_number + 1, "[]", NOW, NOW if ended else None)
                yield seat(journey, "provider", organisation=hospital, lane=lane, ended=ended)
                yield seat(journey, "doctor", organisation=doctor, lane=lane, ended=ended, held=chance.random() < 0.98)
                if chance.random() < 0.95:
                    yield consent(journey, doctor, "clinical", who)
                for data_class in ("clinical", "contact"):
                    if chance.random() < 0.8:
                        yield consent(journey, hospital, data_class, who)
        if chance.random() < 0.02:
            yield seat(journey, "second_doctor", organisation=chance.choice(SECOND_DOCTORS))
        if chance.random() < 0.1:
            home = chance.choice(HOME_DOCTORS)
            yield seat(journey, "home_doctor", person=home)
            for data_class in ("clinical", "contact", "identity"):
                if chance.random() < 0.8:
                    yield consent(journey, home, data_class, who)
        if number % 10 == 0:
            lead = key(10, 2 * number + 1)
            yield "turns_subject", (lead, "lead", "2026.1", "ended", "[]", None, 2, opened, opened, NOW)
            yield seat(lead, "agency", organisation=chance.choice(AGENCIES))
            yield seat(lead, "facilitator", organisation=facilitator)


COLUMNS = {
    "turns_subject": "id kind charter stage facts about_id revision opened_at stage_since closed_at",
    "journeys_journey": "subject_ptr_id reference patient_name born_on country language email phone procedure story"
    " wishes source_reference came_from",
    "turns_lane": "id subject_id number facts opened_at ended_at",
    "turns_seat": "id subject_id lane_id role position organisation_id person_id offered_at offered_by held_since"
    " ended_at why_ended after_id",
    "journeys_consent": "id journey_id recipient_key purpose data_class wording language given_at given_by_id"
    " withdrawn_at",
}


def fill(count: int, seed: int) -> None:
    started = perf_counter_ns()
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF" if SQLITE else "SET session_replication_role = replica")
        if SQLITE:
            cursor.execute("PRAGMA synchronous = OFF")
        waiting: dict[str, list[tuple[Any, ...]]] = {table: [] for table in COLUMNS}
        cursor.execute("BEGIN")
        for table, row in rows(count, random.Random(seed)):
            waiting[table].append(row)
            if len(waiting[table]) == 20_000:
                put(cursor, table, waiting[table])
                waiting[table] = []
        for table, left in waiting.items():
            put(cursor, table, left)
        cursor.execute("COMMIT")
        if SQLITE:
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.execute("PRAGMA foreign_keys = ON")
        else:
            cursor.execute("SET session_replication_role = origin")
            cursor.execute("VACUUM ANALYZE")  # as its autovacuum does by itself within a minute
    say(f"{count} journeys made in {(perf_counter_ns() - started) / 1e9:.0f} s")


def put(cursor: Any, table: str, lines: list[tuple[Any, ...]]) -> None:
    columns = COLUMNS[table].split()
    if SQLITE:
        stored = [tuple(as_stored(value) for value in line) for line in lines]
        marks = ", ".join("?" * len(columns))
        cursor.connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", stored)
        return
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for line in lines:
            copy.write_row(line)


def as_stored(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ") if isinstance(value, datetime) else value


# The peer: one statement for each role, by somebody who knows the tables

CLASSES = {
    "identity": "j.reference j.patient_name j.born_on j.country j.language s.stage s.facts s.opened_at s.stage_since"
    " s.closed_at s.about_id",
    "contact": "j.email j.phone",
    "clinical": "j.procedure j.story",
    "travel": "j.wishes",
    "source": "j.came_from j.source_reference",
}
BY_ROLE = {
    "patient": dict.fromkeys(CLASSES, "always"),
    "facilitator": dict.fromkeys(CLASSES, "always") | {"clinical": "consent"},
    "provider": {"identity": "always", "travel": "always", "contact": "consent", "clinical": "consent"},
    "doctor": {"identity": "always", "clinical": "consent"},
    "second_doctor": {"identity": "always", "clinical": "consent"},
    "home_doctor": {"identity": "consent", "contact": "consent", "clinical": "consent"},
}


def by_hand(role: str) -> str:
    """The statement for one role; its parameters are the party, where there is consent, and then the seat's."""

    def agreed(data_class: str) -> str:
        return (
            "EXISTS (SELECT 1 FROM journeys_consent c WHERE c.journey_id = p.id AND c.recipient_key = %(party)s"
            f" AND c.data_class = '{data_class}' AND c.withdrawn_at IS NULL)"
        )

    columns = ["p.id"]
    for data_class, names in CLASSES.items():
        how = BY_ROLE[role].get(data_class)
        for name in names.split():
            column = {"always": name, "consent": f"CASE WHEN g.{data_class} THEN {name} END"}.get(how or "", "NULL")
            columns.append(column)
    needs_consent = [data_class for data_class, how in BY_ROLE[role].items() if how == "consent"]
    marks = "".join(f", {agreed(data_class)} AS {data_class}" for data_class in needs_consent)
    page = page_by_hand(role, needs_consent)
    if needs_consent:
        inner = f"(SELECT p.id{marks} FROM ({page}) p) g"
        return (
            f"SELECT {', '.join(columns).replace('p.id', 'g.id', 1)} FROM {inner} JOIN turns_subject s ON s.id = g.id"
            " JOIN journeys_journey j ON j.subject_ptr_id = g.id ORDER BY g.id DESC"
        )
    return (
        f"SELECT {', '.join(columns)} FROM ({page}) p JOIN turns_subject s ON s.id = p.id"
        " JOIN journeys_journey j ON j.subject_ptr_id = p.id ORDER BY p.id DESC"
    )


def page_by_hand(role: str, needs_consent: list[str]) -> str:
    if role == "patient":
        return (
            "SELECT t.id FROM turns_subject t JOIN journeys_journey k ON k.subject_ptr_id = t.id"
            f" WHERE t.about_id = %(person)s ORDER BY t.id DESC LIMIT {SIZE}"
        )
    held = "x.held_since IS NOT NULL AND x.ended_at IS NULL"
    if role == "home_doctor":
        mine = f"x.organisation_id IS NULL AND x.person_id = %(person)s AND x.role = 'home_doctor' AND {held}"
        some = ", ".join(f"'{data_class}'" for data_class in needs_consent)
        mine += (
            " AND EXISTS (SELECT 1 FROM journeys_consent c WHERE c.journey_id = x.subject_id"
            f" AND c.recipient_key = %(party)s AND c.data_class IN ({some}) AND c.withdrawn_at IS NULL)"
        )
    else:
        mine = (
            f"x.organisation_id = %(organisation)s AND x.role = '{role}' AND {held}"
            " AND (x.person_id IS NULL OR x.person_id = %(person)s)"
        )
    return (
        "SELECT DISTINCT x.subject_id AS id FROM turns_seat x"
        " JOIN journeys_journey k ON k.subject_ptr_id = x.subject_id"
        f" WHERE {mine} ORDER BY x.subject_id DESC LIMIT {SIZE}"
    )


SEALED = {"patient_name", "email", "phone", "procedure", "story", "wishes"}
ORDER = ["id"] + [name.split(".")[1] for names in CLASSES.values() for name in names.split()]


def moment(stored: Any) -> datetime:
    """SQLite's driver makes a time of a column, but not of an expression."""
    return (stored if isinstance(stored, datetime) else datetime.fromisoformat(stored)).replace(tzinfo=UTC)


def converters() -> list[Any]:
    by_name: dict[str, Any] = dict.fromkeys(SEALED, open_text) | {"facts": json.loads}
    if SQLITE:
        by_name |= dict.fromkeys(("opened_at", "stage_since", "closed_at"), moment) | {"id": UUID, "about_id": UUID}
    return [by_name.get(name) for name in ORDER]


def read_by_hand(sql: str, places: dict[str, Any], convert: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, places)
        found = cursor.fetchall()
    return [
        tuple(value if value is None or make is None else make(value) for value, make in zip(row, convert, strict=True))
        for row in found
    ]


# Ours


def read_ours(to: Actor) -> list[Shown]:
    return [shown(row, to=to) for row in first_page(Journey, to=to, size=SIZE)]


def values_of(page: list[Shown]) -> list[tuple[Any, ...]]:
    """What a page shows, column by column; of the patient only the key, which is all that was read."""
    return [tuple(value_of(seen, name) for name in ORDER) for seen in page]


def value_of(seen: Shown, name: str) -> Any:
    if name == "id":
        return seen.pk
    if name == "about_id":
        return None if "about" in seen.hidden else seen._row.about_id
    return getattr(seen, name)


def compare(ours: list[tuple[Any, ...]], theirs: list[tuple[Any, ...]]) -> str:
    def plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(value or None for value in row)

    return "" if list(map(plain, ours)) == list(map(plain, theirs)) else f"{ours[:1]} is not {theirs[:1]}"


def actors(role: str, count: int, chance: random.Random) -> Iterable[Actor]:
    parties = {
        "facilitator": FACILITATORS, "provider": HOSPITALS, "doctor": DOCTORS, "second_doctor": SECOND_DOCTORS,
        "agency": AGENCIES, "organizer": OTHERS[:1], "steward": OTHERS[1:],
    }  # fmt: skip
    for _ in range(20):
        if role in parties:
            yield Actor(role=role, now=NOW, person_id=key(30, 1), organisation_id=chance.choice(parties[role]))
        else:
            person = patient(chance.randrange(count)) if role == "patient" else chance.choice(HOME_DOCTORS)
            yield Actor(role=role, now=NOW, person_id=person)


def timed(role: str, people: list[Actor], rounds: int) -> dict[str, Any]:
    """Ours and theirs in turn, so that whatever disturbs the machine disturbs both alike.

    Each goes first as often: whoever is second finds the pages of that actor in the database's cache.
    """
    statement = by_hand(role) if role in BY_ROLE else ""
    convert = converters()
    ours, theirs, our_sql, their_sql = [], [], [], []
    shown_rows = 0
    clock = perf_counter_ns
    for number in range(rounds + 20):
        to = people[number % len(people)]
        stored = {
            "party": to.party, "organisation": to.organisation_id, "person": to.person_id,
        }  # fmt: skip
        if SQLITE:
            stored = {name: value.hex if value else None for name, value in stored.items()}
        first = number // len(people) % 2 == 0
        if first or not statement:
            started = clock()
            page = read_ours(to)
            ours.append(clock() - started)
        if not statement:
            continue
        started = clock()
        peer = read_by_hand(statement, stored, convert)
        theirs.append(clock() - started)
        if not first:
            started = clock()
            page = read_ours(to)
            ours.append(clock() - started)
        our_sql.append(sql_alone(*our_statement(to)))
        their_sql.append(sql_alone(statement, stored))
        if number < len(people):
            shown_rows += len(page)
            if wrong := compare(values_of(page), peer):
                raise SystemExit(f"{role}: the page differs from that by hand: {wrong}")
    ours, theirs, our_sql, their_sql = (times[20:] for times in (ours, theirs, our_sql, their_sql))
    found: dict[str, Any] = {
        "rows_shown": round(shown_rows / len(people), 1),
        "p50_ms": round(quantile(ours, 0.5) / 1e6, 3),
        "p99_ms": round(quantile(ours, 0.99) / 1e6, 3),
    }
    if statement:
        found |= {
            "ratio": round(quantile(ours, 0.25) / quantile(theirs, 0.25), 2),
            "by_hand_p50_ms": round(quantile(theirs, 0.5) / 1e6, 3),
            "by_hand_p99_ms": round(quantile(theirs, 0.99) / 1e6, 3),
            "sql_ratio": round(quantile(our_sql, 0.25) / quantile(their_sql, 0.25), 2),
            "sql_p50_ms": round(quantile(our_sql, 0.5) / 1e6, 3),
        }
    return found


def our_statement(to: Actor) -> tuple[str, list[Any]]:
    page = page_of(Journey, charters.in_force(), Shape.of(to), SIZE, following=False)
    return page.sql, page.parameters_for(to, None)


def sql_alone(sql: str, parameters: Any) -> int:
    with connection.cursor() as cursor:
        started = perf_counter_ns()
        cursor.execute(sql, parameters)
        cursor.fetchall()
        return perf_counter_ns() - started


def plan(sql: str, parameters: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(("EXPLAIN QUERY PLAN " if SQLITE else "EXPLAIN (ANALYZE, COSTS OFF) ") + sql, parameters)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def main() -> None:
    call_command("migrate", verbosity=0)
    if not Journey.objects.exists():
        fill(ASKED.journeys, ASKED.seed)
    settle()  # as the server does once it has started
    chance = random.Random(ASKED.seed)
    count = Journey.objects.count()
    roles = [*BY_ROLE, "agency", "organizer", "steward"]
    found = {}
    for role in roles:
        people = list(actors(role, count, chance))
        if ASKED.plans and role in BY_ROLE:
            sql, parameters = our_statement(people[0])
            say(f"--- {role}\n{sql}\n{plan(sql, parameters)}")
        found[role] = timed(role, people, ASKED.rounds)
        say(f"{role}: {found[role]}")
    ratios = {role: each["ratio"] for role, each in found.items() if "ratio" in each}
    one_row = ratios.pop("patient")
    worst = max(ratios.values())
    slowest = max(each["p99_ms"] for each in found.values())
    report(
        {
            "claim": "visible",
            "database": connection.vendor,
            "version": version(),
            "journeys": count,
            "goals": [
                goal(
                    f"times the best SQL by hand, {connection.vendor}, worst role", worst, most=MOST_RATIO, decides=True
                ),
                goal(f"times SQL by hand, {connection.vendor}, a patient's only journey", one_row, most=MOST_RATIO),
                goal(f"p99 of a page in ms, {connection.vendor}, slowest role", slowest, most=MOST_P99_MS),
            ],
            "roles": found,
        },
        ASKED,
    )


def version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if SQLITE else "SHOW server_version")
        return str(cursor.fetchone()[0])


if __name__ == "__main__":
    try:
        main()
    finally:
        connection.close()
        if not ASKED.keep and SQLITE:
            FOLDER.cleanup()
