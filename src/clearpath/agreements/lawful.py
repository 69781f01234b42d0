"""Is this fee lawful there? What the table of fee rules says; what it does not know is unknown.

Research, not legal advice: each answer carries its rule, source and date.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from clearpath.agreements.fee_table import Rule, rules

if TYPE_CHECKING:
    from clearpath.agreements.models import Fee

LAWFUL, DISCLOSED, FORBIDDEN, OVER_CAP, UNKNOWN = (
    "lawful", "allowed_with_disclosure", "forbidden", "over_cap", "unknown",
)  # fmt: skip
MAY_BE_PAID = frozenset({LAWFUL, DISCLOSED})
COMPLETE = ("bundled", "lacking")  # what is not named among these is not so


@dataclass(frozen=True, slots=True)
class Asked:
    """A fee as the table is asked about it. Empty: not said; `bundled` and `lacking` are complete as they are.

    `rate_bps` is a share of the treatment's cost; None for a fixed amount, of which no share is known.
    """

    jurisdiction: str
    payer_role: str
    payee_role: str
    fee_type: str
    region: str = ""
    rate_bps: int | None = None
    institution: str = ""
    care_paid_by: str = ""
    bundled: frozenset[str] = frozenset()
    lacking: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of one fee: the verdict, the cap where there is one, and the rule it rests on (none: unknown).

    `depends_on` names what was not said and would decide: region, institution, care_paid_by, rate.
    """

    verdict: str
    by: Rule | None = None
    cap_bps: int | None = None
    depends_on: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """The key of the rule, empty when no rule is known."""
        return self.by.key if self.by else ""

    @property
    def may_be_paid(self) -> bool:
        """By a known rule, alone."""
        return self.verdict in MAY_BE_PAID


def check(*, table: Sequence[Rule] | None = None, **fee: Any) -> Finding:
    """What a table (the one that ships, if none is given) says of a fee; its words are those of `Asked`.

    Unknown whenever no rule speaks of it, or the rule depends on what is not said.
    """
    return find(Asked(**fee), rules() if table is None else table)


def find(asked: Asked, table: Sequence[Rule]) -> Finding:
    """The first rule that fits decides, unless an earlier one could fit and says something else."""
    possible: list[tuple[Rule, tuple[str, ...]]] = []
    for each in table:
        unsaid = _unsaid(each, asked) if _speaks_of(each, asked) else None
        if unsaid is not None:
            possible.append((each, unsaid))
            if not unsaid:
                break
    if not possible:
        return Finding(UNKNOWN)
    findings = [_found(each, asked) for each, _unsaid_of_it in possible]
    last, fits_for_sure = possible[-1][0], not possible[-1][1]
    if fits_for_sure and len({each.verdict for each in findings}) == 1:
        return findings[-1]
    unsaid = tuple(dict.fromkeys(word for _rule, words in possible for word in words))
    return Finding(UNKNOWN, last if fits_for_sure else possible[0][0], depends_on=unsaid)


def _speaks_of(each: Rule, asked: Asked) -> bool:
    return (
        each.jurisdiction == asked.jurisdiction
        and asked.fee_type in each.fee_types
        and asked.payer_role in each.payer
        and asked.payee_role in each.payee
    )


def _unsaid(each: Rule, asked: Asked) -> tuple[str, ...] | None:
    """What was not said on which it depends whether the rule fits; None when it does not fit."""
    if any(not getattr(asked, name) & set(each.when[name]) for name in COMPLETE if name in each.when):
        return None
    wants = {name: words for name, words in each.when.items() if name not in COMPLETE}
    if each.region:
        wants["region"] = (each.region,)
    said = {name: getattr(asked, name) for name in wants}
    if any(said[name] and said[name] not in words for name, words in wants.items()):
        return None
    return tuple(name for name in wants if not said[name])


def _found(each: Rule, asked: Asked) -> Finding:
    return (
        under_cap(each, asked.rate_bps, asked.institution) if each.verdict == "capped" else Finding(each.verdict, each)
    )


def under_cap(each: Rule, rate_bps: int | None, institution: str) -> Finding:
    """Where the kind of institution is not said, only what holds for every kind is certain."""
    known = institution in each.cap_bps
    possible = [each.cap_bps[institution]] if known else sorted(each.cap_bps.values())
    cap = possible[0]
    if rate_bps is None:
        return Finding(UNKNOWN, each, cap, ("rate",) if known else ("rate", "institution"))
    if rate_bps <= cap:
        return Finding(LAWFUL, each, cap)
    if rate_bps > possible[-1]:
        return Finding(OVER_CAP, each, cap)
    return Finding(UNKNOWN, each, cap, ("institution",))


def check_fees(fees: Iterable["Fee"]) -> list[Finding]:
    """What the table says of the fees of one contract, each seen beside the others.

    A share of something else than the treatment's cost is of no known share of that, as a fixed amount is not.
    """
    fees = list(fees)
    return [_check_fee(fee, [other for other in fees if other is not fee]) for fee in fees]


def found(fees: Iterable["Fee"], *, at: datetime) -> list["Fee"]:
    """The fees of one contract, with what the table says of each now. Not saved."""
    fees = list(fees)
    for fee, finding in zip(fees, check_fees(fees), strict=True):
        fee.verdict, fee.rule, fee.checked_at = finding.verdict, finding.rule, at
    return fees


def _check_fee(fee: "Fee", others: list["Fee"]) -> Finding:
    hospital_pays = any(
        (other.fee_type, other.payer_role, other.jurisdiction) == ("brokerage", "provider", fee.jurisdiction)
        for other in others
    )
    return check(
        jurisdiction=fee.jurisdiction,
        region=fee.region,
        payer_role=fee.payer_role,
        payee_role=fee.payee_role,
        fee_type=fee.fee_type,
        rate_bps=fee.rate_bps if fee.base == "treatment" else None,
        institution=fee.institution,
        care_paid_by=fee.care_paid_by,
        bundled=frozenset(fee.bundled) | ({"brokerage"} if hospital_pays else set()),
        lacking=frozenset({"impartiality"} if _is_bound(fee) else ()),
    )


def _is_bound(fee: "Fee") -> bool:
    """Whether the terms bind who is paid to the other side alone."""
    agreement = fee.terms.agreement
    bound = {
        "first": {agreement.first_id},
        "second": {agreement.second_id},
        "both": {agreement.first_id, agreement.second_id},
    }
    return fee.payee_id in bound.get(fee.terms.exclusivity, set())
