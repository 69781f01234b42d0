"""Taking health records in, beside Medplum, fhir.resources and the least that any Python must do; and a summary page.

    python benchmarks/records.py --json                                   # SQLite
    tools/with_postgres.sh python benchmarks/records.py --json            # PostgreSQL, which does not wait for its disk
    python benchmarks/records.py --profile                                # where our import spends its time

Twelve bundles that Synthea made, 1,939 resources, are taken in by every side in turn, each round begun by another.
The clock is the one on the wall, since waiting for the disk is a part of keeping; beside it stands the time in which
the process worked. Compared are the sums of each bundle's lower quartile: whatever disturbs only slows. Every side has
the bytes in memory before its clock starts, has run before, and must take every resource, or nothing is measured.

import            the step `records.add` of a patient: parse, check (two gates; the third is asked of patient summaries
                  alone), seal, store, index, log, in one durable transaction
Medplum           its FhirRouter given the bundle, over its in-memory repository with `validateResource` before each
                  create: parse, check, keep in memory; also resource by resource, which spares it the references
fhir.resources    R4B, parses and checks the bundle into its models, and keeps nothing
import, gate 1    the same step with the second gate left out
gate 1 and store  our first gate, then seal, and one durable row
floor             orjson, jsonschema-rs with the official schema of each type, and the bytes in one durable row

The page is that of a patient with 10,000 resources: the same bundles, told of one patient, in several years. Beside it
stands what orjson takes to parse the bytes.
"""

import cProfile
import hashlib
import io
import os
import pstats
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from time import perf_counter_ns, process_time_ns
from typing import Any, NamedTuple
from unittest.mock import patch

import jsonschema_rs
import orjson
from common import HERE, arguments, goal, quantile, report, say
from fhir.resources.R4B.bundle import Bundle as BundleModel
from medplum_peer import SCHEMA, Ask, MissingError, medplum

ASKED = arguments(
    __doc__,
    bundles={"default": str(HERE.parents[1] / "shared" / "data" / "ips"), "help": "folder of synthea_*.json"},
    rounds={"type": int, "default": 10, "help": "how often each bundle is taken in by each side"},
    pages={"type": int, "default": 20, "help": "how often the summary page is asked for"},
    profile={"action": "store_true", "help": "print where our import spends its time, and measure nothing"},
)
FOLDER = tempfile.TemporaryDirectory()
os.environ.setdefault("CLEARPATH_DATABASE", f"sqlite:///{FOLDER.name}/records.sqlite3")
os.environ["CLEARPATH_HOME"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "clearpath.config.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import NoReverseMatch, reverse  # noqa: E402
from network import a_facilitator, a_journey  # noqa: E402

from clearpath.charter.actor import Actor  # noqa: E402
from clearpath.core.identifiers import new_id  # noqa: E402
from clearpath.core.memory import settle  # noqa: E402
from clearpath.journeys.models import Journey  # noqa: E402
from clearpath.parties.models import Person  # noqa: E402
from clearpath.records import models, steps  # noqa: E402
from clearpath.records.check import check  # noqa: E402
from clearpath.trust import vault  # noqa: E402

LEAST_TIMES_MEDPLUM, MOST_TIMES_FLOOR, MOST_PAGE_MS = 5, 2, 200
WARM, ON_PAGE = 3, 10_000
TRANSACTION, ONE_BY_ONE = "Medplum, transaction", "Medplum, one by one"
IMPORT, IMPORT_GATE_1, GATE_1 = "import", "import, gate 1", "gate 1 and store"
FLOOR, MODELS = "floor", "fhir.resources R4B"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
DAY = re.compile(r'(?<=")(\d{4})-(\d\d)-(\d\d)')


@dataclass(frozen=True, slots=True)
class Bundle:
    """A transaction bundle as Synthea made it."""

    path: Path
    content: bytes
    resources: int
    patient: dict[str, Any]

    @property
    def patient_name(self) -> str:
        name = self.patient["name"][0]
        return " ".join([*name["given"], name["family"]])


class Took(NamedTuple):
    """Nanoseconds on the wall, and those in which the process worked."""

    wall: int
    work: int


Side = Callable[[Bundle], Took]


def bundles_in(folder: Path) -> list[Bundle]:
    found = []
    for path in sorted(folder.glob("synthea_*.json")):
        content = path.read_bytes()
        held = [entry["resource"] for entry in orjson.loads(content)["entry"]]
        [patient] = [each for each in held if each["resourceType"] == "Patient"]
        found.append(Bundle(path, content, len(held), patient))
    if not found:
        raise MissingError(f"There is no synthea_*.json in {folder}: say with --bundles where they are.")
    return found


def why_not_measured() -> str:
    """What is not built yet of what is claimed; nothing is measured then, since less work would look faster."""
    if not hasattr(models, "Resource"):
        return "Resources are not indexed yet (records.models.Resource)."
    try:
        check(b"{}")
        reverse("records:summary", args=[new_id()])
    except NotImplementedError:
        return "The gates are not there yet (records.check)."
    except NoReverseMatch:
        return "There is no summary page yet (records:summary)."
    return ""


# The sides


def timed(run: Callable[[], Any]) -> Took:
    started, working = perf_counter_ns(), process_time_ns()
    run()
    return Took(perf_counter_ns() - started, process_time_ns() - working)


def take_in(bundle: Bundle, journey: Journey, patient: Actor) -> models.Record:
    return steps.add(journey, content=bundle.content, title=bundle.patient_name, confirmed=True, by=patient)


def take_in_by_gate_1(bundle: Bundle, journey: Journey, patient: Actor) -> models.Record:
    with patch("clearpath.records.received.examining.check", partial(check, gates=(1,))):
        return take_in(bundle, journey, patient)


def gate_1_and_store(bundle: Bundle, journey: Journey, patient: Actor) -> None:
    if errors := check(bundle.content, gates=(1,)):
        raise AssertionError(f"{bundle.path.name}: {errors[0]}")
    key = new_id()
    with transaction.atomic():
        models.Record.objects.create(
            id=key, journey=journey, title=bundle.patient_name, media_type="application/fhir+json",
            size=len(bundle.content), sha256=hashlib.sha256(bundle.content).hexdigest(),
            sealed=vault.seal(bundle.content, about=key), received_at=patient.now, added_by_id=patient.person_id,
            added_as=patient.role,
        )  # fmt: skip


def floor_over(validators: dict[str, Any]) -> Callable[[Bundle], None]:
    def run(bundle: Bundle) -> None:
        for entry in orjson.loads(bundle.content)["entry"]:
            resource = entry["resource"]
            if not validators[resource["resourceType"]].is_valid(resource):
                raise AssertionError(f"{bundle.path.name}: a {resource['resourceType']} does not fit its schema")
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bare (content) VALUES (%s)", [bundle.content])

    return run


def validators_of(bundles: list[Bundle]) -> dict[str, Any]:
    """The official schema, one validator for each type; resources in resources are not looked into."""
    schema = orjson.loads(SCHEMA.read_bytes())
    shared = {"$schema": schema["$schema"], "definitions": {**schema["definitions"], "ResourceList": {}}}
    entries = (entry for bundle in bundles for entry in orjson.loads(bundle.content)["entry"])
    types = {entry["resource"]["resourceType"] for entry in entries}
    return {name: jsonschema_rs.validator_for({**shared, "$ref": f"#/definitions/{name}"}) for name in sorted(types)}


def sides(bundles: list[Bundle], facilitator: Actor, ask: Ask) -> dict[str, Side]:
    floor = floor_over(validators_of(bundles))

    def on_a_journey(run: Callable[[Bundle, Journey, Actor], Any]) -> Side:
        def side(bundle: Bundle) -> Took:
            journey, patient = a_journey(facilitator, bundle.patient_name)
            return timed(lambda: run(bundle, journey, patient))

        return side

    def asked(how: str) -> Side:
        def side(bundle: Bundle) -> Took:
            answer = ask(bundle.path, how)
            if answer["resources"] != bundle.resources:
                raise AssertionError(f"Medplum took {answer['resources']} of {bundle.path.name}: {answer['says']}")
            return Took(answer["ns"], answer["cpu_ns"])

        return side

    return {
        IMPORT: on_a_journey(take_in),
        IMPORT_GATE_1: on_a_journey(take_in_by_gate_1),
        TRANSACTION: asked("transaction"),
        ONE_BY_ONE: asked("one by one"),
        MODELS: lambda bundle: timed(lambda: BundleModel.model_validate_json(bundle.content)),
        GATE_1: on_a_journey(gate_1_and_store),
        FLOOR: lambda bundle: timed(lambda: floor(bundle)),
    }


def prove_import(bundles: list[Bundle], facilitator: Actor) -> None:
    """Every byte is kept, and every resource found again, or the import is not what it is said to be."""
    for bundle in bundles:
        journey, patient = a_journey(facilitator, bundle.patient_name)
        record = take_in(bundle, journey, patient)
        if vault.open_sealed(bytes(record.sealed), about=record.pk) != bundle.content:
            raise AssertionError(f"{bundle.path.name} was not kept as it was sent")
        indexed = models.Resource.objects.filter(record=record).count()
        if indexed < bundle.resources - 1:  # the patient of a file is the patient of the journey
            raise AssertionError(f"{bundle.path.name}: {indexed} of {bundle.resources} resources are indexed")


# Measuring


def in_turn(bundles: list[Bundle], each: dict[str, Side]) -> dict[str, list[list[Took]]]:
    """What each side took, for each bundle."""
    times: dict[str, list[list[Took]]] = {name: [[] for _ in bundles] for name in each}
    names = list(each)
    for number in range(WARM + ASKED.rounds):
        names.append(names.pop(0))
        for place, bundle in enumerate(bundles):
            for name in names:
                took = each[name](bundle)
                if number >= WARM:
                    times[name][place].append(took)
        say(f"round {number + 1} of {WARM + ASKED.rounds}")
    return times


def seconds(times: list[list[Took]], which: str) -> float:
    return sum(quantile([getattr(took, which) for took in each], 0.25) for each in times) / 1e9


def pile(bundles: list[Bundle], least: int) -> Iterator[tuple[bytes, int]]:
    """Bundles of one patient with so many resources together: those that there are, again with other keys and years."""
    patient, count, copy = bundles[0].patient, 0, 0
    while count < least:
        for bundle in bundles:
            if count >= least:
                return
            text = as_one_patient(bundle, patient, copy)
            count += bundle.resources
            yield text.encode(), bundle.resources
        copy += 1


def as_one_patient(bundle: Bundle, patient: dict[str, Any], copy: int) -> str:
    whole = orjson.loads(bundle.content)
    for entry in whole["entry"]:
        if entry["resource"]["resourceType"] == "Patient":
            entry["resource"] = {**patient, "id": bundle.patient["id"]}
    kept = {bundle.patient["id"]: patient["id"]}

    def key(found: re.Match[str]) -> str:
        made = hashlib.sha256(f"{copy} {found[0]}".encode()).hexdigest()
        return kept.get(found[0]) or "-".join((made[:8], made[8:12], made[12:16], made[16:20], made[20:32]))

    def day(found: re.Match[str]) -> str:
        year, month, of_month = found.groups()
        return f"{int(year) - copy}-{month}-{'28' if month == '02' and of_month == '29' else of_month}"

    text = UUID.sub(key, orjson.dumps(whole).decode())
    born = f'"{patient["birthDate"]}"'
    moved = DAY.sub(day, text)
    return moved.replace(f'"birthDate":{DAY.sub(day, born)}', f'"birthDate":{born}')


def summary_page(bundles: list[Bundle], facilitator: Actor) -> dict[str, Any]:
    journey, patient = a_journey(facilitator, bundles[0].patient_name)
    sent = list(pile(bundles, ON_PAGE))
    for number, (content, _resources) in enumerate(sent):
        steps.add(journey, content=content, title=f"Hospital {number}", confirmed=True, by=patient)
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(pk=patient.person_id))
    address = reverse("records:summary", args=[journey.pk])

    def page() -> None:
        answer = client.get(address)
        if answer.status_code != 200 or not answer.content:
            raise AssertionError(f"the summary page answers {answer.status_code}")

    first = timed(page)
    pages, parsed = [], []
    for _ in range(ASKED.pages):
        pages.append(timed(page))
        parsed.append(timed(lambda: [orjson.loads(content) for content, _resources in sent]))
    return {
        "resources": sum(resources for _content, resources in sent),
        "files": len(sent),
        "bytes": sum(len(content) for content, _resources in sent),
        "page_bytes": len(client.get(address).content),
        "first_ms": round(first.wall / 1e6, 1),
        "p50_ms": round(quantile([took.wall for took in pages], 0.5) / 1e6, 1),
        "p25_ms": round(quantile([took.wall for took in pages], 0.25) / 1e6, 1),
        "work_p50_ms": round(quantile([took.work for took in pages], 0.5) / 1e6, 1),
        "parse_p50_ms": round(quantile([took.wall for took in parsed], 0.5) / 1e6, 1),
        "parse_work_p50_ms": round(quantile([took.work for took in parsed], 0.5) / 1e6, 1),
    }


def profile(bundles: list[Bundle], facilitator: Actor) -> None:
    journeys = [a_journey(facilitator, bundle.patient_name) for bundle in bundles for _ in range(2)]
    watch = cProfile.Profile()
    for number, (journey, patient) in enumerate(journeys):
        bundle = bundles[number // 2]
        if number % 2:
            watch.runcall(take_in, bundle, journey, patient)
        else:
            take_in(bundle, journey, patient)
    for order in ("cumulative", "tottime"):
        text = io.StringIO()
        pstats.Stats(watch, stream=text).sort_stats(order).print_stats(60)
        print(text.getvalue())


def main() -> None:
    bundles = bundles_in(Path(ASKED.bundles))
    if missing := why_not_measured():
        raise MissingError(missing)
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)  # pages name what stands there
    facilitator = a_facilitator()
    prove_import(bundles, facilitator)
    settle()  # as the server does once it has started
    if ASKED.profile:
        profile(bundles, facilitator)
        return
    with medplum() as (ask, node):
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE bare (content {connection.data_types['BinaryField']})")
        times = in_turn(bundles, sides(bundles, facilitator, ask))
    page = summary_page(bundles, facilitator)
    took = {name: seconds(each, "wall") for name, each in times.items()}
    worked = {name: seconds(each, "work") for name, each in times.items()}
    resources = sum(bundle.resources for bundle in bundles)
    vendor = connection.vendor
    durable = vendor == "sqlite"  # the throw-away PostgreSQL does not wait for its disk
    report(
        {
            "claim": "records",
            "database": vendor,
            "resources": resources,
            "bytes": sum(len(bundle.content) for bundle in bundles),
            "goals": [
                goal(
                    f"times Medplum, resources taken in a second, {vendor}",
                    took[TRANSACTION] / took[IMPORT], least=LEAST_TIMES_MEDPLUM, decides=durable,
                ),
                goal(
                    f"times the floor, gate 1 and store, {vendor}",
                    took[GATE_1] / took[FLOOR], most=MOST_TIMES_FLOOR, decides=durable,
                ),
                goal(
                    f"times the floor, the whole step with gate 1, {vendor}",
                    took[IMPORT_GATE_1] / took[FLOOR], most=MOST_TIMES_FLOOR,
                ),
                goal(
                    f"ms, summary page over {page['resources']:,} resources, {vendor}",
                    page["p50_ms"], most=MOST_PAGE_MS,
                ),
            ],
            "peers": {
                "medplum": orjson.loads((HERE / "medplum" / "package.json").read_bytes())["dependencies"],
                "node": node,
                "fhir.resources": version("fhir.resources"),
            },
            "a_second": {
                name: {
                    "on_the_clock": round(resources / took[name]),
                    "while_working": round(resources / worked[name]),
                    "import_takes_times": round(took[IMPORT] / took[name], 2),
                }
                for name in times
            },
            "page": page,
        },
        ASKED,
    )  # fmt: skip


if __name__ == "__main__":
    try:
        main()
    except MissingError as missing:
        say(f"records: nothing was measured. {missing}")
        sys.exit(2)
    finally:
        connection.close()
        with suppress(OSError):
            FOLDER.cleanup()
