"""Puts the offers of a file side by side: the same basket, one currency at a dated rate, what is left out, the total.

Needs no database. The file is JSON as docs/reference/offers.md describes. Exit 1 when the offers cannot be compared:
each finding names the offer and the line; 2 when the file is no JSON or cannot be read.
"""

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone, translation

from clearpath.core.acts import Write
from clearpath.offers.comparing import Comparison, compare
from clearpath.offers.comparing.document import document
from clearpath.offers.comparing.reading import Finding, NotJSONError, read
from clearpath.offers.comparing.wording import headings, how_it_was_made, sections

HELP = "put the offers of a file side by side; exit 1 when they cannot be compared"
LANGUAGES = ("en", "tr", "ar")


def a_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day. Write it as 2026-11-26.") from None


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="offers in JSON")
    parser.add_argument("--currency", default="", metavar="CODE", help="in which to compare (default: the file's, EUR)")
    parser.add_argument("--on", type=a_day, metavar="DAY", help="the day of the rates (default: the file's, today)")
    parser.add_argument("--pdf", type=Path, metavar="OUT", help="write the comparison as PDF")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of the table and the PDF (default: en)")


def run(options: Mapping[str, Any], write: Write, tell: Write) -> int:
    path: Path = options["file"]
    try:
        found = read(
            path.read_bytes(),
            today=timezone.localdate(),
            currency=options["currency"].upper(),
            on=options["on"],
        )
    except NotJSONError as wrong:
        raise CommandError(f"{path} is no JSON: {wrong}.", returncode=2) from None
    if found.findings:
        return _refused(path, found.findings, options, write, tell)
    comparison = compare(found.offers, currency=found.currency, on=found.on, home=found.home)
    with translation.override(options["language"]):
        if options["json"]:
            write(json.dumps({**document(comparison), "findings": []}, ensure_ascii=False, indent=2))
        else:
            write("\n".join(_told(comparison)))
        if options["pdf"]:
            _print(comparison, options["pdf"], options["language"])
            tell(f"Written: {options['pdf']}\n")
    return 0


def _refused(path: Path, findings: tuple[Finding, ...], options: Mapping[str, Any], write: Write, tell: Write) -> int:
    if options["json"]:
        write(json.dumps({"findings": [asdict(each) for each in findings]}, ensure_ascii=False, indent=2))
    else:
        tell("\n".join([f"{path}: these offers cannot be compared.", *(f"  {each.says}" for each in findings)]) + "\n")
    return 1


def _print(comparison: Comparison, out: Path, language: str) -> None:
    from clearpath.offers.comparing.printed import printed  # typst is slow to load

    try:
        out.write_bytes(printed(comparison, language=language))
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}.", returncode=2) from None


def _told(comparison: Comparison) -> Iterator[str]:
    """Row by row what each offer says, under its name."""
    names = headings(comparison)
    for section in sections(comparison):
        yield f"\n{section.title}"
        if section.note:
            yield f"  {section.note}"
        for row in section.rows:
            yield f"  {row.label}{'  *' if row.differs else ''}"
            for name, cell in zip(names, row.cells, strict=True):
                yield f"    {name}: {'; '.join(cell.lines)}"
    yield ""
    yield from how_it_was_made(comparison)
    yield "* They differ."
