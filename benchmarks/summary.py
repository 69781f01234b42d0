"""A summary page over 10,000 resources: what the server does between request and answer.

    python benchmarks/summary.py --json

Four records of 2,500 invented resources each on one journey, in SQLite with durable writes: observations with trends,
problems, medicines, immunisations, procedures and visits under some 600 codes. The page is asked for as a browser asks:
session, charter, sight, the entry in the log, digests unsealed, merged, contradictions looked for, HTML written.
`first` includes reading the records (parse and facts), which is done once for each. There is no peer.
"""

import json
import os
import tempfile
from datetime import UTC, date, datetime, timedelta
from time import perf_counter_ns, process_time_ns
from typing import Any

from common import arguments, goal, quantile, report, say

ASKED = arguments(
    __doc__,
    resources={"type": int, "default": 10_000},
    rounds={"type": int, "default": 30, "help": "pages timed"},
)
FOLDER = tempfile.TemporaryDirectory()
os.environ["CLEARPATH_DATABASE"] = f"sqlite:///{FOLDER.name}/summary.sqlite3"
os.environ["CLEARPATH_HOME"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "clearpath.config.settings"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402

from clearpath.charter.actor import Actor  # noqa: E402
from clearpath.core.memory import settle  # noqa: E402
from clearpath.journeys import steps as journeys  # noqa: E402
from clearpath.journeys.models import Journey  # noqa: E402
from clearpath.parties import founding  # noqa: E402
from clearpath.parties import steps as parties  # noqa: E402
from clearpath.parties.models import Membership, Person  # noqa: E402
from clearpath.records import steps as records  # noqa: E402

MOST_MS, RECORDS = 200, 4
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
KINDS = {  # of each: share of the resources, how many codes
    "Observation": (70, 80), "Condition": (5, 200), "MedicationRequest": (8, 100), "Immunization": (4, 40),
    "Procedure": (5, 100), "Encounter": (8, 80),
}  # fmt: skip
BY_SHARE = [(kind, codes) for kind, (share, codes) in KINDS.items() for _ in range(share)]
NAMED = {"MedicationRequest": "medicationCodeableConcept", "Immunization": "vaccineCode", "Encounter": "type"}


def resource(number: int) -> dict[str, Any]:
    """An invented resource; its kind, code and day follow from its number."""
    kind, codes = BY_SHARE[number * 37 % 100]
    day = (date(2016, 1, 1) + timedelta(days=number * 7 % 3650)).isoformat()
    code = f"{kind[:1]}{number % codes}"
    named: Any = {"coding": [{"system": "http://loinc.org", "code": code, "display": f"{kind} number {code}"}]}
    found = {
        "resourceType": kind,
        "id": str(number),
        NAMED.get(kind, "code"): [named] if kind == "Encounter" else named,
    }
    if kind == "Observation":
        measured = {"value": round(3 + number % 53 / 10, 1), "unit": "mmol/L"}
        limits = [{"low": {"value": 3.5, "unit": "mmol/L"}, "high": {"value": 7.1, "unit": "mmol/L"}}]
        return found | {"status": "final", "effectiveDateTime": f"{day}T08:00:00Z", "valueQuantity": measured,
                        "referenceRange": limits}  # fmt: skip
    return found | {"status": "completed", "onsetDateTime": day, "authoredOn": day, "period": {"start": day}}


def bundle(numbers: range) -> bytes:
    entries = [{"fullUrl": f"urn:example:{number}", "resource": resource(number)} for number in numbers]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def person(name: str) -> Person:
    return Person.objects.create(email=f"{name}@example.org".lower(), name=name)


def a_journey() -> Journey:
    founding.found_network(steward="Office", country="CH", person_id=person("Steward").pk, at=NOW)
    found = Membership.objects.get(role="steward")
    keeper = Actor(role="steward", now=NOW, person_id=found.person_id, organisation_id=found.organisation_id)
    guide = Actor(role="facilitator", now=NOW, person_id=person("Guide").pk)
    organisation = parties.apply(name="Guides", country="TR", roles=("facilitator",), by=guide)
    guide = Actor(role="facilitator", now=NOW, person_id=guide.person_id, organisation_id=organisation.pk)
    parties.add_evidence(
        organisation, role="facilitator", kind="registration", body="Ministry", number="1",
        valid_from=date(2025, 1, 1), valid_to=date(2028, 1, 1), by=guide,
    )  # fmt: skip
    parties.verify(organisation, by=keeper)
    patient = Actor(role="patient", now=NOW, person_id=person("Amina").pk)
    return journeys.start(
        facilitator_id=organisation.pk, patient_name="Amina", country="KW", procedure="Knee replacement", by=patient
    )


def filled() -> Journey:
    journey = a_journey()
    patient = Actor(role="patient", now=NOW, person_id=journey.about_id)
    size = ASKED.resources // RECORDS
    for number in range(RECORDS):
        content = bundle(range(number * size, (number + 1) * size))
        records.add(journey, content=content, title=f"Record {number + 1}", by=patient)
        say(f"record of {size} resources and {len(content) / 1e6:.1f} MB")
    return journey


def main() -> None:
    call_command("migrate", verbosity=0)
    journey = filled()
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(name="Amina"), backend="allauth.account.auth_backends.AuthenticationBackend")
    address = f"/journey/{journey.pk}/summary"
    settle()  # as the server does once it has started

    def page() -> tuple[float, float, int]:
        wall, cpu = perf_counter_ns(), process_time_ns()
        answer = client.get(address)
        assert answer.status_code == 200, answer.status_code
        return (perf_counter_ns() - wall) / 1e6, (process_time_ns() - cpu) / 1e6, len(answer.content)

    first, *_rest = page()
    times = [page() for _ in range(ASKED.rounds)]
    p50, p95 = (quantile([cpu for _wall, cpu, _size in times], share) for share in (0.5, 0.95))
    measured = {
        "resources": ASKED.resources,
        "page_kb": round(times[0][2] / 1000),
        "first_ms": round(first, 1),
        "p50_ms": round(quantile([wall for wall, _cpu, _size in times], 0.5), 1),
        "p50_cpu_ms": round(p50, 1),
        "p95_cpu_ms": round(p95, 1),
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "goals": [goal("a summary page over 10,000 resources, ms of the server's own work", p50, most=MOST_MS)],
    }
    report(measured, ASKED)


if __name__ == "__main__":
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    try:
        with override_settings(STORAGES={**settings.STORAGES, **plain}, ALLOWED_HOSTS=["localhost"]):
            main()
    finally:
        connection.close()
        FOLDER.cleanup()
