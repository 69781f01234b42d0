"""Says what is wrong with files of health records: JSON, FHIR R4 and, where it is one, the patient summary.

Exit 1 when a file has a defect of severity error, 0 when none has.
"""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from clearpath.core.acts import Write
from clearpath.records.check import Finding, check

HELP = "say what is wrong with files of health records"
MARKS = {"error": "error", "warning": "warning", "information": "note"}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help="FHIR R4 in JSON: a bundle or a resource")
    told = "r4: only as FHIR R4; ips: as a patient summary too, whatever it says of itself (default: as it says)"
    parser.add_argument("--profile", choices=["r4", "ips"], default="", help=told)


def run(options: Mapping[str, Any], write: Write, tell: Write) -> int:  # noqa: ARG001
    found = {path: _findings(path, options["profile"]) for path in options["files"]}
    if options["json"]:
        write(json.dumps([_document(path, each) for path, each in found.items()], ensure_ascii=False, indent=2))
    else:
        for path, each in found.items():
            write(_table(path, each))
    return int(any(one.severity == "error" for each in found.values() for one in each))


def _findings(path: Path, profile: Any) -> list[Finding]:
    try:
        return check(path.read_bytes(), profile=profile)
    except OSError as error:
        return [Finding("error", "file", "", f"This file cannot be read: {error.strerror or error}.", 1)]


def _document(path: Path, found: list[Finding]) -> dict[str, Any]:
    return {"file": str(path), "findings": [asdict(each) for each in found]}


def _table(path: Path, found: list[Finding]) -> str:
    counts = {mark: sum(each.severity == severity for each in found) for severity, mark in MARKS.items()}
    told = ", ".join(f"{count} {mark}{'s' * (count > 1)}" for mark, count in counts.items() if count)
    rows = [
        f"  {MARKS[each.severity]:<8} {each.rule:<14} {each.path}\n           {each.says}"
        for each in sorted(found, key=lambda each: list(MARKS).index(each.severity))
        if each.severity != "information"
    ]
    return "\n".join([f"{path}: {told or 'nothing wrong'}", *rows])
