"""Touches accepted per second in batches beside `executemany` of the same rows; and what a landing page costs.

    python benchmarks/touches.py --json                               # SQLite
    tools/with_postgres.sh python benchmarks/touches.py --json        # PostgreSQL

Ours is the whole request: the token of the program, JSON, every field judged, whose campaign it is, the answer kept
under its Idempotency-Key, and a durable commit. The peer is one transaction with `executemany` into the same table
through the same driver, of rows that are ready: nothing is read, asked or refused. Both are taken in turn. The network
between program and server is left out of both.
"""

import gc
import os
import tempfile
from datetime import timedelta
from time import perf_counter, perf_counter_ns
from typing import Any
from uuid import uuid4

from common import arguments, goal, quantile, report, say

ASKED = arguments(
    __doc__,
    batches={"type": int, "default": 20, "help": "how many are timed"},
    size={"type": int, "default": 5_000, "help": "touches in each"},
    pages={"type": int, "default": 300, "help": "landing pages that are timed"},
)
FOLDER = tempfile.TemporaryDirectory()
os.environ.setdefault("CLEARPATH_DATABASE", f"sqlite:///{FOLDER.name}/touches.sqlite3")
os.environ["CLEARPATH_HOME"] = FOLDER.name
os.environ["CLEARPATH_HOSTS"] = "testserver,localhost"
os.environ["DJANGO_SETTINGS_MODULE"] = "clearpath.config.settings"

import django  # noqa: E402

django.setup()

import orjson  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client as Browser  # noqa: E402
from django.test import override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402
from network import NOW, a_facilitator, person  # noqa: E402

from clearpath.charter.actor import Actor  # noqa: E402
from clearpath.core.identifiers import new_id  # noqa: E402
from clearpath.marketing import linking, steps  # noqa: E402
from clearpath.marketing.models import Campaign, Touch  # noqa: E402
from clearpath.parties import steps as parties  # noqa: E402
from clearpath.parties.models import Membership, Organisation  # noqa: E402
from clearpath.records import clients  # noqa: E402
from clearpath.records.models import Token  # noqa: E402
from clearpath.records.rest.access import digest  # noqa: E402

MOST_TIMES, MOST_PAGE_MS, MOST_PAGE_BYTES = 3, 10, 50_000
TO_SQL = "INSERT INTO marketing_touch (token, campaign_id, creative_id, channel, country, day) VALUES (%s, %s, %s, %s, %s, %s)"  # fmt: skip  # noqa: E501


def an_organisation(role: str) -> Actor:
    """Verified, with somebody who works there."""
    applicant = Actor(role=role, now=NOW, person_id=person(role).pk)
    organisation = parties.apply(name=f"{role} {new_id()}", country="TR", roles=(role,), by=applicant)
    Organisation.objects.filter(pk=organisation.pk).update(stage="verified")
    member = Membership.objects.get(organisation_id=organisation.pk)
    return Actor(role=role, now=NOW, person_id=member.person_id, organisation_id=organisation.pk)


def a_campaign() -> tuple[Campaign, Actor]:
    """A running one for our facilitator, and its agency."""
    guide = a_facilitator()
    agency, doctor = an_organisation("agency"), an_organisation("doctor")
    with_evidence(agency, doctor)
    campaign = steps.publish_brief(
        name="Knees", services="Knee replacement\nFour nights in hospital.", agency_id=agency.organisation_id,
        doctor_id=doctor.organisation_id, languages=["ar", "tr", "en"], by=guide,
    )  # fmt: skip
    steps.propose_campaign(campaign, plan="Search.", by=agency)
    steps.accept_campaign(campaign, by=guide)
    return campaign, agency


def with_evidence(*actors: Actor) -> None:
    from datetime import date

    from clearpath.parties.policies import REQUIRED_EVIDENCE

    keeper = Membership.objects.get(role="steward")
    steward = Actor(role="steward", now=NOW, person_id=keeper.person_id, organisation_id=keeper.organisation_id)
    for actor in actors:
        organisation = Organisation.objects.get(pk=actor.organisation_id)
        Organisation.objects.filter(pk=organisation.pk).update(stage="applied")
        for kind in REQUIRED_EVIDENCE[actor.role]:
            parties.add_evidence(
                organisation, role=actor.role, kind=kind, body="Ministry", number="1",
                valid_from=date(2025, 1, 1), valid_to=date(2028, 1, 1), by=actor,
            )  # fmt: skip
        parties.verify(organisation, by=steward)


def a_token(agency: Actor) -> str:
    client, secret = clients.register(agency.organisation_id, "agency", name="Tool", scopes=["api/touches.c"], at=NOW)
    now = timezone.now()
    Token.objects.create(
        sha256=digest(secret), client=client, scopes=client.scopes, made_at=now, expires_at=now + timedelta(hours=1)
    )
    return secret


def rows_of(campaign: Campaign) -> list[dict[str, Any]]:
    day = timezone.now().date().isoformat()
    return [
        {"token": str(uuid4()), "campaign": str(campaign.pk), "channel": ("search", "social", "email")[number % 3],
         "country": ("KW", "SA", "DE", "")[number % 4], "day": day}
        for number in range(ASKED.size)
    ]  # fmt: skip


def by_request(browser: Browser, secret: str, rows: list[dict[str, Any]]) -> float:
    body = orjson.dumps({"touches": rows})
    headers = {"authorization": f"Bearer {secret}", "idempotency-key": uuid4().hex}
    start = perf_counter()
    answer = browser.post("/api/v1/touches", body, content_type="application/json", headers=headers)
    took = perf_counter() - start
    assert answer.status_code == 201, answer.content
    return took


def by_executemany(rows: list[dict[str, Any]]) -> float:
    def key(text: str) -> str:
        return text.replace("-", "") if connection.vendor == "sqlite" else text

    ready = [
        (key(row["token"]), key(row["campaign"]), None, row["channel"], row["country"], row["day"]) for row in rows
    ]
    start = perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(TO_SQL, ready)
    return perf_counter() - start


def pages(campaign: Campaign, agency: Actor) -> tuple[list[float], int]:
    """Milliseconds of each page, and the bytes of one with its style."""
    link = linking.make_link(campaign.pk, channel="search", by=agency)
    browser = Browser()
    address = browser.get(f"/go/{link.code}")["Location"]
    times = []
    for _number in range(ASKED.pages):
        start = perf_counter_ns()
        answer = browser.get(address)
        times.append((perf_counter_ns() - start) / 1e6)
        assert answer.status_code == 200
    from django.contrib.staticfiles import finders

    style = finders.find("marketing/landing.css")
    assert isinstance(style, str)
    with open(style, "rb") as file:
        return times, len(answer.content) + len(file.read())


def main() -> None:
    call_command("migrate", verbosity=0)
    campaign, agency = a_campaign()
    secret, browser = a_token(agency), Browser()
    by_request(browser, secret, rows_of(campaign)), by_executemany(rows_of(campaign))  # warm
    ours, theirs = [], []
    for number in range(ASKED.batches):
        gc.collect()
        ours.append(by_request(browser, secret, rows_of(campaign)))
        theirs.append(by_executemany(rows_of(campaign)))
        say(f"{number + 1} of {ASKED.batches}")
    page_ms, page_bytes = pages(campaign, agency)
    assert Touch.objects.count() == 2 * ASKED.size * (ASKED.batches + 1) + 1
    per_second = ASKED.size / quantile(ours, 0.5)
    peer = ASKED.size / quantile(theirs, 0.5)
    report(
        {
            "database": connection.vendor,
            "batches": ASKED.batches,
            "size": ASKED.size,
            "touches_a_second": round(per_second),
            "executemany_a_second": round(peer),
            "times": round(peer / per_second, 2),
            "page_p50_ms": round(quantile(page_ms, 0.5), 2),
            "page_p99_ms": round(quantile(page_ms, 0.99), 2),
            "page_bytes": page_bytes,
            "goals": [
                goal("touches, how many times slower than executemany", peer / per_second, most=MOST_TIMES),
                goal("landing page with its style, bytes", page_bytes, most=MOST_PAGE_BYTES, decides=True),
                goal("landing page served, median, ms", quantile(page_ms, 0.5), most=MOST_PAGE_MS),
            ],
        },
        ASKED,
    )


if __name__ == "__main__":
    try:
        with override_settings(
            STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
        ):
            main()
    finally:
        connection.close()
        FOLDER.cleanup()
