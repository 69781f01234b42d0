"""100,000 services from one Excel workbook into a provider's directory, by `clearpath offers import-directory`.

    python benchmarks/directory_import.py --json

From the file's bytes to the commit of the one step: unpack, read every cell, check, lay against what stands, write.
The workbook has 50 sites, 100,000 services of 13 columns, and three bad rows, which are named and left out. Then the
same file again (nothing changes), and a dry run of it. Beside it: openpyxl alone reading the same workbook in its
read-only mode and throwing the cells away, which no import through it can undercut. Durable writes.
"""

import contextlib
import io
import json
import os
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from common import arguments, goal, report, say

ASKED = arguments(__doc__, services={"type": int, "default": 100_000})
FOLDER = tempfile.TemporaryDirectory()
os.environ.setdefault("CLEARPATH_DATABASE", f"sqlite:///{FOLDER.name}/directory.sqlite3")
os.environ["CLEARPATH_HOME"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "clearpath.config.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from network import a_provider  # noqa: E402
from openpyxl import Workbook, load_workbook  # noqa: E402

from clearpath.offers.directory.handing_out import heading  # noqa: E402
from clearpath.offers.directory.kinds import SERVICE, SITE  # noqa: E402
from clearpath.offers.finding.vocabulary import procedures  # noqa: E402
from clearpath.offers.models import Service  # noqa: E402

MOST_SECONDS, SITES, BAD = 60, 50, 3


def workbook(count: int) -> Path:
    """Invented sites and services; each of the first rows has something wrong."""
    book = Workbook(write_only=True)
    page = book.create_sheet("Sites")
    page.append([heading(column) for column in SITE.columns])
    for number in range(SITES):
        page.append([f"S{number}", f"House {number}", "TR", "Istanbul", "Harbour 1", "IST", 40, "yes"])
    page = book.create_sheet("Services")
    page.append([heading(column) for column in SERVICE.columns])
    known = sorted(procedures())
    for number in range(count):
        least = 1000 + number % 9000
        page.append(
            [f"T{number}", f"S{number % SITES}", known[number % len(known)], f"Treatment number {number}",
             "Operation, stay, tests before it", number % 9, 7 + number % 20, "en, tr, ar", least,
             least * 2 if number >= BAD else least / 2, "EUR", "2026-05-01", "yes"]
        )  # fmt: skip
    path = Path(FOLDER.name) / "directory.xlsx"
    book.save(path)
    return path


def imported(path: Path, *options: str) -> tuple[float, dict[str, Any]]:
    """Seconds, and what the command said."""
    said = io.StringIO()
    started = perf_counter()
    with contextlib.suppress(SystemExit):  # 1: rows were left out
        call_command("offers", "import-directory", str(path), "--organisation", "Clinic", "--json", *options, stdout=said)
    return perf_counter() - started, json.loads(said.getvalue())


def read_alone(path: Path) -> float:
    started = perf_counter()
    book = load_workbook(path, read_only=True)
    for page in book.worksheets:
        for _row in page.iter_rows(values_only=True):
            pass
    return perf_counter() - started


def main() -> None:
    call_command("migrate", verbosity=0)
    a_provider("Clinic")
    path = workbook(ASKED.services)
    say(f"the workbook has {path.stat().st_size / 1e6:.1f} MB")
    first, told = imported(path)
    again, _told = imported(path)
    dry, _told = imported(path, "--dry-run")
    alone = read_alone(path)
    written = Service.objects.count()
    assert written == ASKED.services - BAD, written
    report(
        {
            "services": written,
            "left_out_and_named": len(told["wrong"]),
            "file_mb": round(path.stat().st_size / 1e6, 1),
            "seconds": {
                "first_import": round(first, 1),
                "the_same_again": round(again, 1),
                "dry_run": round(dry, 1),
                "openpyxl_alone_reading": round(alone, 1),
            },
            "services_per_second": round(written / first),
            "goals": [
                goal("seconds for the first import from Excel", first, most=MOST_SECONDS),
                goal("bad rows named", len(told["wrong"]), least=BAD, most=BAD, decides=True),
                goal("times as long as openpyxl alone reads", first / alone, most=5, decides=True),
            ],
        },
        ASKED,
    )


main()
