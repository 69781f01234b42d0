"""Shows what FHIR R4 files say together, as a doctor's page does: the whole of it with --json, a picture without."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from clearpath.core.acts import Write
from clearpath.records.summary import Ref, Section, Source, Statement, Summary, summary_of
from clearpath.records.summary.rows import LineRow, Maker, SectionRow, StatementRow

HELP = "the summary of one or more files in the terminal"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a FHIR R4 resource or bundle in JSON")


def run(options: Mapping[str, Any], write: Write, tell: Write) -> int:
    """Exit code 0; 1 when a file is no FHIR."""
    files: list[Path] = options["files"]
    found = summary_of(Source(None, path.name, path.read_bytes()) for path in files)
    if options["json"]:
        write(json.dumps(as_json(found), ensure_ascii=False, indent=2))
    else:
        write("\n".join(_lines(found)))
    for each in found.unread:
        tell(f"{each.title} is no FHIR data in JSON and was not read.")
    return 1 if found.unread else 0


def as_json(found: Summary) -> dict[str, Any]:
    """Everything in a summary, nothing cut, in the words of the senders."""
    return {
        "files": [each.title for each in found.origins],
        "unread": [each.title for each in found.unread],
        "patients": [
            {"name": who.name, "birth_date": who.birth_date, "sex": who.sex, "sources": _sources(refs)}
            for who, refs in found.patients
        ],
        "sections": {each.key: _section(each) for each in found.sections},
        "without": list(found.without),
        "contradictions": [
            {
                "kind": each.kind,
                "about": each.about,
                "sides": [{"says": side.says, "sources": _sources(side.refs)} for side in each.sides],
            }
            for each in found.contradictions
        ],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "unknown": section.is_unknown,
        "says": [{"says": each.fact.says, **_statement(each)} for each in section.says],
        "lines": [
            {
                "name": line.name,
                "system": line.newest.system,
                "code": line.newest.code,
                "current": line.is_current,
                "statements": [_statement(each) for each in line.statements],
            }
            for line in section.lines
        ],
        "texts": [{"title": told.title, "file": origin.title, "entry": told.entry} for origin, told in section.told],
    }


def _statement(statement: Statement) -> dict[str, Any]:
    """What was sent, without what was not."""
    fact = statement.fact
    told = {
        "name": fact.name,
        "kind": fact.kind,
        "at": fact.at,
        "until": fact.until,
        "value": fact.value,
        "range": fact.range,
        "flag": fact.flag,
        "status": fact.status,
        "certainty": fact.certainty,
        "category": fact.category,
        "note": fact.note,
        "absent": fact.absent,
        "parts": [
            {"name": each.name, "code": each.code, "value": each.value, "flag": each.flag} for each in fact.parts
        ],
    }
    return {key: value for key, value in told.items() if value} | {"sources": _sources(statement.refs)}


def _sources(refs: tuple[Ref, ...]) -> list[dict[str, Any]]:
    return [{"file": each.origin.title, "entry": each.entry} for each in refs]


def _lines(found: Summary) -> Iterator[str]:
    maker = Maker(link=_no_address, all_of=_no_address, is_one=len(found.origins) == 1)
    for who in maker.who(found):
        yield f"{who.name or 'Sent without a name'}, born {who.born or 'unknown'}, {who.sex or 'sex unknown'}"
    for each in map(maker.contradiction, found.contradictions):
        sides = " / ".join(" ".join(filter(None, [side.words, side.detail, _places(side.refs)])) for side in each.sides)
        yield f"! {each.title}{': ' if each.about else ''}{each.about}: {sides}"
    for section in found.sections:
        yield ""
        yield from _section_lines(maker.section(section, most=len(section.lines) or 1))
    if found.without:
        yield f"\nNo file says anything about: {', '.join(found.without)}. That does not mean that there is none."


def _no_address(*_of: object) -> str:
    return ""


def _section_lines(section: SectionRow) -> Iterator[str]:
    yield f"{section.title} ({section.count})"
    for each in section.sayings:
        yield f"  {'None known' if each.is_none else 'Unknown'}: {each.words} {_places(each.refs)}"
    if section.is_unknown and not section.sayings:
        yield "  Unknown: nothing is said about it. That does not mean that there is none."
    for told in section.told:
        yield f"  As text in the file: {told.title}"
    for line in (*section.lines, *section.past):
        yield f"  {line.name or 'Sent without a name'}{_is_over(line)}: {_said(line.newest)}"
        for statement in line.earlier:
            yield f"      {_said(statement)}"
        if line.hidden:
            yield f"      and {line.hidden} more (--json shows all)"
    if section.hidden_past:
        yield f"  and {section.hidden_past} that are over (--json shows all)"


def _is_over(line: LineRow) -> str:
    return "" if line.is_current else " (over)"


def _said(told: StatementRow) -> str:
    parts = [f"{each.name} {each.value} {each.flag}".strip() for each in told.parts]
    range_ = f"range {told.range}" if told.range else ""
    absent = f"unknown: {told.absent}" if told.absent else ""
    said = [*parts, told.value, absent, told.flag, range_, *told.states, told.at, told.note]
    return " · ".join(filter(None, said)) + f" {_places(told.refs)}"


def _places(refs: tuple[Any, ...]) -> str:
    return f"[{', '.join(each.title for each in refs)}]"
