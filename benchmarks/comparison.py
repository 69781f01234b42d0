"""Fifty offers put side by side, beside the least that any comparison of them must do.

    python benchmarks/comparison.py --json

The file has fifty offers of a dozen lines in seven currencies, half of them with lines left out. Timed is all that
`clearpath offers compare --json` does after the process has started: read and check the file, one basket, rates
of one day, medians for what is left out, totals, the document. The floor is no comparison at all: orjson parses the
same bytes and adds up the lines of each offer. The bank's rates and the schema are read once before, as a server does;
how long that takes is told too.
"""

import os
import random
from datetime import date
from time import process_time_ns
from typing import Any

import orjson
from common import arguments, goal, quantile, report

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clearpath.config.settings")

import django

django.setup()

from clearpath.offers.comparing import compare  # noqa: E402
from clearpath.offers.comparing.document import document  # noqa: E402
from clearpath.offers.comparing.reading import read  # noqa: E402
from clearpath.offers.lines import Kind  # noqa: E402
from clearpath.offers.rates import rate  # noqa: E402

ON = date(2026, 10, 30)
CURRENCIES = ("EUR", "USD", "GBP", "TRY", "THB", "AED", "KRW")
COUNTRIES = ("TR", "DE", "TH", "KR", "AE", "HU", "IN")
ASKED = arguments(__doc__ or "", offers={"type": int, "default": 50}, rounds={"type": int, "default": 200})
MOST_MS = 20


def offers() -> bytes:
    """The same file every time."""
    chance = random.Random(4)
    rows = []
    for number in range(ASKED.offers):
        kinds = [each.value for each in Kind]
        if number % 2:
            kinds = chance.sample(kinds, 7)
        lines = [
            {
                "label": f"Line {place}",
                "kind": kind,
                "standing": chance.choice(["included", "included", "optional", "excluded"]) if place else "included",
                "amount_minor": chance.randrange(1_000, 1_000_000),
            }
            for place, kind in enumerate(kinds)
        ]
        total = sum(line["amount_minor"] for line in lines if line["standing"] == "included")
        place = number % len(CURRENCIES)
        rows.append({
            "name": f"Hospital {number}", "currency": CURRENCIES[place], "country": COUNTRIES[place],
            "valid_until": "2026-12-31", "total_minor": total, "stay_nights": 5, "starts_on": "2027-01-11",
            "ends_on": "2027-01-25", "lines": lines, "outcomes": {"treated": 40, "well": 36, "lost": 2},
        })  # fmt: skip
    return orjson.dumps({"currency": "EUR", "on": ON.isoformat(), "home": "GB", "offers": rows})


def side_by_side(content: bytes) -> bytes:
    found = read(content, today=ON)
    assert not found.findings, found.findings
    comparison = compare(found.offers, currency=found.currency, on=found.on, home=found.home)
    return orjson.dumps(document(comparison))


def floor(content: bytes) -> list[int]:
    return [sum(line["amount_minor"] for line in row["lines"]) for row in orjson.loads(content)["offers"]]


def times(run: Any, content: bytes) -> list[float]:
    """Milliseconds of this process's own work, each round."""
    found = []
    for _round in range(ASKED.rounds):
        started = process_time_ns()
        run(content)
        found.append((process_time_ns() - started) / 1e6)
    return found


def main() -> None:
    content = offers()
    started = process_time_ns()
    rate("USD", "EUR", ON)
    rates_ms = (process_time_ns() - started) / 1e6
    side_by_side(content)
    ours, least = times(side_by_side, content), times(floor, content)
    p50, p95, at_least = quantile(ours, 0.5), quantile(ours, 0.95), quantile(least, 0.5)
    report(
        {
            "offers": ASKED.offers,
            "kb": round(len(content) / 1000),
            "p50_ms": round(p50, 2),
            "p95_ms": round(p95, 2),
            "floor_p50_ms": round(at_least, 3),
            "times_the_floor": round(p50 / at_least, 1),
            "rates_read_once_ms": round(rates_ms),
            "goals": [goal(f"{ASKED.offers} offers side by side, ms of own work", p50, most=MOST_MS)],
        },
        ASKED,
    )


if __name__ == "__main__":
    main()
