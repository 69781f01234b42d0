"""Is this fee lawful there? What a small, dated and sourced table of rules says; what it does not know is unknown.

The table is data/fee_rules.yaml. Research, not legal advice: each answer carries its rule, source and date.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from clearpath.agreements.models import Fee

LAWFUL, FORBIDDEN, OVER_CAP, UNKNOWN = "lawful", "forbidden", "over_cap", "unknown"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table. Caps are hundredths of a percent of `of`, by kind of institution."""

    key: str
    jurisdiction: str  # ISO 3166-1 alpha-2
    payer: tuple[str, ...]
    payee: tuple[str, ...]
    fee_type: str
    verdict: str  # forbidden, capped or unknown
    says: str
    consequence: str
    rule: str  # the law, notice or judgment
    read_on: date
    sources: tuple[str, ...]
    since: date | None = None
    of: str = ""
    cap_bps: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of one fee: the verdict, the cap where there is one, and the rule it rests on (none: unknown)."""

    verdict: str
    by: Rule | None = None
    cap_bps: int | None = None

    @property
    def rule(self) -> str:
        """The key of the rule, empty when no rule is known."""
        return self.by.key if self.by else ""


@cache
def rules() -> tuple[Rule, ...]:
    """The table, in the order of the file."""
    text = resources.files("clearpath.agreements").joinpath("data", "fee_rules.yaml").read_text(encoding="utf-8")
    return tuple(_rule(row) for row in yaml.safe_load(text)["rules"])


def _rule(row: Mapping[str, Any]) -> Rule:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return Rule(**fields)


def rule(key: str) -> Rule | None:
    """The rule of that key, if the table still has it."""
    return next((each for each in rules() if each.key == key), None)


def check(
    *,
    jurisdiction: str,
    payer_role: str,
    payee_role: str,
    fee_type: str,
    rate_bps: int | None = None,
    institution: str = "",
) -> Finding:
    """What the table says of a fee; `rate_bps` None for a fixed amount, of which no share is known.

    Unknown whenever no rule speaks of it, or the rule depends on what is not said.
    """
    for each in rules():
        if (
            (each.jurisdiction, each.fee_type) == (jurisdiction, fee_type)
            and payer_role in each.payer
            and payee_role in each.payee
        ):
            if each.verdict == "capped":
                return _under_cap(each, rate_bps, institution)
            return Finding(each.verdict, each)
    return Finding(UNKNOWN)


def _under_cap(each: Rule, rate_bps: int | None, institution: str) -> Finding:
    """Where the kind of institution is not said, only what holds for every kind is certain."""
    possible = [each.cap_bps[institution]] if institution in each.cap_bps else sorted(each.cap_bps.values())
    cap = possible[0]
    if rate_bps is None:
        return Finding(UNKNOWN, each, cap)
    if rate_bps <= cap:
        return Finding(LAWFUL, each, cap)
    return Finding(OVER_CAP if rate_bps > possible[-1] else UNKNOWN, each, cap)


def check_fee(fee: "Fee") -> Finding:
    """What the table says of a fee of an agreement."""
    return check(
        jurisdiction=fee.jurisdiction,
        payer_role=fee.payer_role,
        payee_role=fee.payee_role,
        fee_type=fee.fee_type,
        rate_bps=fee.rate_bps,
        institution=fee.institution,
    )
