"""What the invented hospitals show of themselves, brought in as their own files are."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from importlib import resources
from itertools import cycle
from typing import Any

import yaml

from clearpath.charter.actor import Actor
from clearpath.offers import steps
from clearpath.offers.directory.reading import read_sheets
from clearpath.offers.directory.sheets import Sheet, sheet_of
from clearpath.turns.subject import Subject

WEEKS = 12
INCLUDES = "Operation, anaesthesia, stay, medicines in the hospital, tests before it, interpreter."
REFUNDS = (
    "patient 30 days: 100 %; patient 7 days: 50 %; patient 0 days: 0 %; provider 0 days: 100 %; doctor 0 days: 100 %"
)
AFTERCARE = "day 7: video call; day 30: X-ray at home and video call; day 90: video call"
LINES = (("treatment", "Operation and anaesthesia"), ("stay", "Hospital stay"), ("implant", "Implant"))


def plan() -> Mapping[str, Any]:
    """By the short name of each hospital."""
    found: Mapping[str, Any] = yaml.safe_load(
        resources.files("clearpath.config.demo").joinpath("directory.yaml").read_text()
    )
    return found


def bring_in(organisation: Subject, said: Mapping[str, Any], by: Actor) -> None:
    """One hospital's sheets, by the one step."""
    reading = read_sheets(_sheets(said, by.now))
    assert not reading.wrong, reading.wrong  # noqa: S101 - the file is ours
    steps.update_directory(organisation, changes=reading.entries, by=by)


def _sheets(said: Mapping[str, Any], now: datetime) -> Iterator[Sheet]:
    today, currency, spoken = now.date(), said["currency"], said["languages"]
    names = ("name", "country", "city", "address", "airport", "airport_km")
    yield sheet_of(
        "site", [{"reference": key} | dict(zip(names, row, strict=True)) for key, row in said["sites"].items()]
    )
    yield sheet_of(
        "doctor",
        [
            {"reference": key, "name": name, "specialities": does, "languages": speaks, "licence": licence,
             "licence_ends_on": today + timedelta(days=days)}
            for key, (name, does, speaks, licence, days) in said["doctors"].items()
        ],
    )  # fmt: skip
    yield sheet_of(
        "service",
        [
            {"reference": key, "site": site, "procedure": procedure, "title": title, "includes": INCLUDES,
             "stay_nights": nights, "recovery_days": days, "languages": spoken, "price_from": least, "price_to": most,
             "currency": currency, "priced_on": today - timedelta(days=said["priced"])}
            for key, (site, procedure, title, nights, days, least, most) in said["services"].items()
        ],
    )  # fmt: skip
    yield sheet_of(
        "package",
        [
            {"service": service, "reference": key, "title": title, "currency": currency, "deposit": deposit,
             "stay_nights": said["services"][service][3], "refunds": REFUNDS, "aftercare": AFTERCARE,
             "complications_paid_by": "provider", "includes": INCLUDES,
             "excludes": "Flights, stay outside the hospital, companion."}
            for service, key, title, *_prices, deposit in said["packages"]
        ],
    )  # fmt: skip
    yield sheet_of(
        "line",
        [
            {"service": service, "package": key, "number": number, "kind": kind, "standing": "included",
             "label": label, "amount": amount}
            for service, key, _title, *prices, _deposit in said["packages"]
            for number, ((kind, label), amount) in enumerate(zip(LINES, prices, strict=True), start=1)
        ],
    )  # fmt: skip
    monday = today - timedelta(days=today.weekday())
    yield sheet_of(
        "capacity",
        [
            {"site": site, "week": monday + timedelta(weeks=number), "places": places}
            for site in said["sites"]
            for number, places in zip(range(WEEKS), cycle(said["weeks"]), strict=False)
        ],
    )
