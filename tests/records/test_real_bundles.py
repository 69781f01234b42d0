"""Sixty real bundles: as many defects as their manifest counts, or as the page that explains the difference."""

from pathlib import Path

import pytest

from clearpath.records.check import check

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "data" / "ips"
PAGE = ROOT / "docs" / "reference" / "manifest-defects.md"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not REAL.exists(), reason="the sixty bundles are not beside the repository"),
]


def rows_of(text: str, least: int) -> list[list[str]]:
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()]
    return [row for row in rows if len(row) >= least and row[0].endswith(".json")]


def test_defects_are_counted_as_in_the_manifest_or_as_explained():
    told = {row[0]: (row[8], row[9]) for row in rows_of((REAL / "MANIFEST.md").read_text(), 10)}
    explained = {row[0]: row for row in rows_of(PAGE.read_text(), 6)}
    theirs = {name: (row[1], row[3]) for name, row in explained.items()}

    expected = {name: (int(r4), 0 if ips == "-" else int(ips)) for name, (r4, ips) in told.items()}
    expected |= {name: (int(row[2]), int(row[4])) for name, row in explained.items()}
    counted = {}
    for name, (_, ips) in told.items():
        found = check((REAL / name).read_bytes(), profile="r4" if ips == "-" else "ips")
        errors = [each.gate for each in found if each.severity == "error"]
        counted[name] = (sum(gate < 3 for gate in errors), errors.count(3))

    assert len(told) == 60
    assert theirs == {name: told[name] for name in theirs}
    assert counted == expected
