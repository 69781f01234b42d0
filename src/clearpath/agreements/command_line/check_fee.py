"""Says whether a fee is lawful where the treatment is: verdict, cap, consequence, rule, source and date.

Exit 0 when it is lawful, allowed with disclosure or within the cap; 1 when it is forbidden, over the cap or unknown.
What no rule speaks of is unknown, and unknown never means allowed. It is help, not legal advice.
"""

import json
import re
import textwrap
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from clearpath.agreements import fee_table
from clearpath.agreements.asked_table import HELP_NOT_ADVICE, add_rules, share, table
from clearpath.agreements.lawful import Asked, Finding, find
from clearpath.core.acts import Write

HELP = "is this fee lawful there? exit 1 when the answer is no or unknown"
ANSWERS = {
    "lawful": "Lawful: within the cap.",
    "allowed_with_disclosure": "Lawful if the patient is told before they decide.",
    "forbidden": "No: forbidden.",
    "over_cap": "No: more than the cap.",
    "unknown": "Not known. That does not mean that it is allowed.",
}
OPTIONS = {"region": "--destination US-FL, with the region", "institution": "--institution",
           "care_paid_by": "--care-paid-by", "rate": "--rate"}  # fmt: skip
PLACE = re.compile(r"([A-Za-z]{2})(?:-([A-Za-z0-9]{1,3}))?")


def add_arguments(parser: ArgumentParser) -> None:
    words = _words()
    parser.add_argument(
        "--destination", required=True, type=place, metavar="CC",
        help="country of treatment, ISO 3166-1 (DE), or with its region, ISO 3166-2 (US-FL)",
    )  # fmt: skip
    parser.add_argument("--payer", required=True, choices=words["role"], help="the kind of party that pays")
    parser.add_argument("--payee", required=True, choices=words["role"], help="the kind of party that is paid")
    parser.add_argument("--type", required=True, choices=words["fee_type"], help="what the fee is for")
    parser.add_argument("--rate", type=rate, metavar="SHARE", help="of the treatment's cost: 0.2 or 20%%")
    parser.add_argument(
        "--bundled", type=some_of(words["bundled"]), default=frozenset(), metavar="WORDS",
        help=f"what else the contract promises or pays for, with commas: {', '.join(words['bundled'])}",
    )  # fmt: skip
    parser.add_argument("--institution", choices=words["institution"], default="", help="what kind of hospital pays")
    parser.add_argument("--care-paid-by", choices=words["care_paid_by"], default="", help="who pays for the treatment")
    parser.add_argument(
        "--lacking", type=some_of(words["lacking"]), default=frozenset(), metavar="WORDS",
        help=f"what the parties do not have, with commas: {', '.join(words['lacking'])}",
    )  # fmt: skip
    add_rules(parser)


def _words() -> dict[str, list[str]]:
    """The words that a table may use, as its schema has them."""
    defined = fee_table.schema()["$defs"]
    row = defined["rule"]["properties"]
    when = row["when"]["properties"]
    return {
        "role": defined["roles"]["items"]["enum"],
        "institution": defined["institution"]["enum"],
        "fee_type": row["fee_types"]["items"]["enum"],
        **{name: when[name]["items"]["enum"] for name in ("bundled", "care_paid_by", "lacking")},
    }


def place(text: str) -> tuple[str, str]:
    found = PLACE.fullmatch(text)
    if found is None:
        raise ArgumentTypeError(f"{text!r} is no country: write two letters such as DE, or with the region US-FL")
    return found[1].upper(), (found[2] or "").upper()


def rate(text: str) -> int:
    """Hundredths of a percent."""
    number, is_percent = text.strip().removesuffix("%").strip(), text.strip().endswith("%")
    try:
        found = float(number) * (100 if is_percent else 10_000)
    except ValueError:
        found = -1.0
    if not 0 < found <= 10_000:
        raise ArgumentTypeError(f"{text!r} is no share: write more than 0 and at most 1, such as 0.2, or 20%")
    if abs(found - round(found)) > 1e-6:
        raise ArgumentTypeError(f"{text!r} is too exact: at most four places, or a percentage with two")
    return round(found)


def some_of(words: list[str]) -> Callable[[str], frozenset[str]]:
    def read(text: str) -> frozenset[str]:
        found = {word for part in text.split(",") if (word := part.strip())}
        if wrong := sorted(found - set(words)):
            raise ArgumentTypeError(f"{wrong[0]!r} is unknown: choose from {', '.join(words)}")
        return frozenset(found)

    return read


def run(options: Mapping[str, Any], write: Write, tell: Write) -> int:  # noqa: ARG001 - nothing to tell
    country, region = options["destination"]
    asked = Asked(
        jurisdiction=country,
        region=region,
        payer_role=options["payer"],
        payee_role=options["payee"],
        fee_type=options["type"],
        rate_bps=options["rate"],
        institution=options["institution"],
        care_paid_by=options["care_paid_by"],
        bundled=options["bundled"],
        lacking=options["lacking"],
    )
    found = find(asked, table(options))
    write(json.dumps(as_json(asked, found), ensure_ascii=False, indent=2) if options["json"] else as_text(asked, found))
    return 0 if found.may_be_paid else 1


def as_json(asked: Asked, found: Finding) -> dict[str, Any]:
    """`verdict` is what the table says, `answer` what follows for this fee; `cap` is a share of one, of `cap_of`."""
    by = found.by
    return {
        "destination": _place(asked),
        "payer": asked.payer_role,
        "payee": asked.payee_role,
        "type": asked.fee_type,
        "rate": None if asked.rate_bps is None else asked.rate_bps / 10_000,
        "bundled": sorted(asked.bundled),
        "institution": asked.institution or None,
        "care_paid_by": asked.care_paid_by or None,
        "lacking": sorted(asked.lacking),
        "verdict": _verdict(found),
        "answer": found.verdict,
        "allowed": found.may_be_paid,
        "cap": None if found.cap_bps is None else found.cap_bps / 10_000,
        "cap_of": by.of if by and found.cap_bps is not None else None,
        "depends_on": list(found.depends_on),
        "says": by.says if by else None,
        "provided": (by.provided or None) if by else None,
        "consequence": by.consequence if by else None,
        "rule": by.rule if by else None,
        "rule_key": by.key if by else None,
        "source": by.sources[0] if by else None,
        "sources": list(by.sources) if by else [],
        "date": by.read_on.isoformat() if by else None,
        "since": by.since.isoformat() if by and by.since else None,
        "note": HELP_NOT_ADVICE,
    }


def _verdict(found: Finding) -> str:
    return "capped" if found.cap_bps is not None else found.verdict


def _place(asked: Asked) -> str:
    return "-".join(filter(None, (asked.jurisdiction, asked.region)))


def as_text(asked: Asked, found: Finding) -> str:
    lines = [
        textwrap.fill(text, 100, initial_indent=f"{label:<13}", subsequent_indent=" " * 13, break_long_words=False,
                      break_on_hyphens=False)
        for label, text in _lines(asked, found)
    ]  # fmt: skip
    return "\n".join([*lines, "", HELP_NOT_ADVICE])


def _lines(asked: Asked, found: Finding) -> Iterator[tuple[str, str]]:
    much = "" if asked.rate_bps is None else f" of {share(asked.rate_bps)}"
    yield (
        "Fee",
        f"{asked.fee_type}{much}, paid by {asked.payer_role} to {asked.payee_role}, treatment in {_place(asked)}",
    )
    yield "Verdict", ANSWERS[found.verdict]
    if found.depends_on:
        yield "Say more", "it depends on " + ", ".join(OPTIONS[word] for word in found.depends_on)
    if found.by is None:
        yield "Rule", "none is known"
        return
    if found.cap_bps is not None:
        yield "Cap", f"{share(found.cap_bps)} of {found.by.of}"
    yield "What it says", found.by.says
    if found.by.provided:
        yield "Provided", found.by.provided
    yield "Consequence", found.by.consequence
    yield "Rule", found.by.rule + (f" (since {found.by.since})" if found.by.since else "")
    for source in found.by.sources:
        yield "Source", source
    yield "Read on", found.by.read_on.isoformat()
