"""Shows the table of fee rules, or checks another file of the same form: exit 2 when it is none."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib import resources
from typing import Any

from clearpath.agreements.asked_table import HELP_NOT_ADVICE, add_rules, share, table
from clearpath.agreements.fee_table import Rule
from clearpath.core.acts import Write

HELP = "the table of rules, for people or as docs/reference/fee-rules.md"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--markdown", action="store_true", help="as the page of the reference")
    add_rules(parser)


def run(options: Mapping[str, Any], write: Write, tell: Write) -> int:  # noqa: ARG001 - nothing to tell
    found = table(options)
    if options["json"]:
        write(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=2, default=str))
    elif options["markdown"]:
        write(as_page(found))
    else:
        write("\n".join([*(_line(each) for each in found), "", HELP_NOT_ADVICE]))
    return 0


def _line(each: Rule) -> str:
    place = "-".join(filter(None, (each.jurisdiction, each.region)))
    return f"{place:<6} {_verdict(each):<40} {each.key:<32} {_who(each)}"


def _who(each: Rule) -> str:
    return f"{'/'.join(each.fee_types)}, {'/'.join(each.payer)} to {'/'.join(each.payee)}"


def _verdict(each: Rule) -> str:
    caps = ", ".join(f"{kind} {share(bps)}" for kind, bps in each.cap_bps.items())
    return f"capped: {caps}" if caps else each.verdict.replace("_", " ")


def as_page(found: Iterable[Rule]) -> str:
    """The reference of every rule, in Markdown."""
    intro = resources.files("clearpath.agreements").joinpath("data", "fee_rules.md").read_text(encoding="utf-8")
    return intro + "\n".join(_section(each) for each in found)


def _section(each: Rule) -> str:
    place = "-".join(filter(None, (each.jurisdiction, each.region)))
    when = "; ".join(f"{name} is {' or '.join(words)}" for name, words in each.when.items())
    rows = [
        ("Fee", _who(each)),
        ("Only when", when.replace("_", " ")),
        ("Verdict", f"**{_verdict(each)}**" + (f", of {each.of}" if each.of else "")),
        ("Says", each.says),
        ("Provided", each.provided),
        ("Consequence", each.consequence),
        ("Rule", each.rule + (f", since {each.since}" if each.since else "")),
        ("Source", ", ".join(f"<{source}>" for source in each.sources)),
        ("Read on", each.read_on.isoformat()),
    ]
    told = "\n".join(f"- {name}: {text}" for name, text in rows if text)
    return f"## {place}: `{each.key}`\n\n{told}\n"
