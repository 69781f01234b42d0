"""Shows the rules by which advertisements are marked: what each says, where it holds, and from where it is known."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import asdict
from importlib import resources
from typing import Any

from clearpath.core.acts import Write
from clearpath.marketing import advertising_rules
from clearpath.marketing.advertising_rules import Concern, Rule, Table

HELP = "the rules for advertisements, for people or as docs/reference/advertising-rules.md"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--markdown", action="store_true", help="as the page of the reference")


def run(options: Mapping[str, Any], write: Write, tell: Write) -> int:  # noqa: ARG001 - nothing to tell
    found = advertising_rules.table()
    if options["json"]:
        write(json.dumps([asdict(each) for each in found.rules], ensure_ascii=False, indent=2, default=str))
    elif options["markdown"]:
        write(as_page(found))
    else:
        write("\n".join(f"{each.jurisdiction:<3} {each.key:<32} {each.says}" for each in found.rules))
    return 0


def as_page(found: Table) -> str:
    """The reference of every concern and rule, in Markdown."""
    intro = resources.files("clearpath.marketing").joinpath("data", "advertising_rules.md").read_text(encoding="utf-8")
    concerns = "\n".join(_concern(each) for each in found.concerns.values())
    return f"{intro}## By what a concern is noticed\n\n{concerns}\n" + "\n".join(_section(each) for each in found.rules)


def _concern(concern: Concern) -> str:
    asked = " and ".join(concern.asked)
    words = [f"{language}: {', '.join(f'`{each}`' for each in told)}" for language, told in concern.words.items()]
    how = (["every advertisement"] if concern.always else []) + (["any picture"] if concern.picture else []) + words
    return f"- **{concern.key}**, asked of the {asked}. {'; '.join(how)}."


def _section(rule: Rule) -> str:
    place = "Everywhere" if rule.jurisdiction == advertising_rules.EVERYWHERE else rule.jurisdiction
    rows = [
        ("Concern", rule.concern.key),
        ("Says", rule.says),
        ("Rule", rule.rule + (f", since {rule.since}" if rule.since else "")),
        ("Source", ", ".join(f"<{source}>" for source in rule.sources)),
        ("Read on", rule.read_on.isoformat() if rule.read_on else ""),
    ]
    return f"\n## {place}: `{rule.key}`\n\n" + "\n".join(f"- {name}: {text}" for name, text in rows if text)
