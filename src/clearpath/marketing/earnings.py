"""What an agency earns by its agreements, line by line, with the reason for each.

Results are counted as they were released (`results`), so that an amount tells nothing that a figure does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clearpath.agreements.queries import FeeRow, fees_touching
from clearpath.charter.actor import Actor
from clearpath.marketing import queries, results
from clearpath.marketing.models import Campaign, Result
from clearpath.parties.queries import names_of
from clearpath.trust import log

STAGES = {"lead": Result.Stage.JOURNEY, "treated": Result.Stage.TREATED, "good_outcome": Result.Stage.GOOD_OUTCOME}
OCCASIONS = {
    "lead": _("for each person who asked and was taken on"),
    "treated": _("for each treated patient"),
    "good_outcome": _("for each treated patient who recovered as planned"),
    "month": _("for each month in which the campaign runs"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One reason to be paid: `count` times `each_minor`. `count` is None where no batch is complete yet.

    `total_minor` is None where it is not known yet; `held_because` says why a known amount may not be paid.
    """

    campaign_id: UUID
    campaign: str
    other: str  # who pays, or for the client who is paid
    agreement_id: UUID
    occasion: Any
    per: str
    count: int | None
    each_minor: int | None
    currency: str
    rule: str
    read_on: date | None
    ruled_because: str = ""
    held_because: Any = ""
    says: Any = ""

    @property
    def total_minor(self) -> int | None:
        return None if self.count is None or self.each_minor is None else self.count * self.each_minor

    @property
    def is_owed(self) -> bool:
        """It is known and may be paid."""
        return self.total_minor is not None and not self.held_because


def lines_for(actor: Actor) -> list[Line]:
    """What an agency earns, or for a client what agencies earn from it; by campaign, newest first."""
    campaigns = [
        campaign
        for campaign in queries.campaigns_for(actor).exclude(stage__in=("brief", "proposed"))
        if actor.organisation_id == (campaign.agency_id if actor.role == "agency" else campaign.client_id)
        and actor.role in {"agency", campaign.client_role}
    ]
    agencies = {campaign.agency_id for campaign in campaigns if campaign.agency_id}
    fees = fees_touching(agencies, on=actor.now.date()) if agencies else []
    names = names_of({key for each in campaigns for key in (each.client_id, each.agency_id) if key})
    return [line for campaign in campaigns for line in _lines(actor, campaign, fees, names)]


def _lines(actor: Actor, campaign: Campaign, fees: Iterable[FeeRow], names: dict[UUID, str]) -> Iterable[Line]:
    other_id = campaign.client_id if actor.role == "agency" else campaign.agency_id
    theirs = owed(campaign, fees)
    places = {(fee.per, fee.jurisdiction) for fee in theirs}
    for fee in theirs:
        is_one_place = len({place for per, place in places if per == fee.per}) == 1
        yield Line(
            campaign_id=campaign.pk,
            campaign=campaign.name,
            other=names.get(other_id, "") if other_id else "",
            agreement_id=fee.agreement_id,
            occasion=OCCASIONS[fee.per],
            per=fee.per,
            count=_count(campaign, fee, at=actor.now) if is_one_place else None,
            each_minor=fee.amount_minor,
            currency=fee.currency,
            rule=fee.rule.rule if fee.rule else "",
            read_on=fee.rule.read_on if fee.rule else None,
            ruled_because=fee.ruled_because,
            held_because="" if fee.may_be_paid else HELD.get(fee.verdict, HELD["unknown"]),
            says=_says(fee, is_one_place=is_one_place),
        )


def owed(campaign: Campaign, fees: Iterable[FeeRow]) -> list[FeeRow]:
    """The fees by which the agency of a campaign is paid for it."""
    return [
        fee
        for fee in fees
        if fee.agreement_id == campaign.under_agreement_id
        and (fee.payer_id, fee.payee_id, fee.fee_type) == (campaign.client_id, campaign.agency_id, "marketing")
    ]


HELD = {
    "forbidden": _("It is forbidden there: nothing may be paid."),
    "over_cap": _("It is more than is allowed there: nothing may be paid."),
    "unknown": _("No rule is known: it waits until the steward decides."),
}


def _says(fee: FeeRow, *, is_one_place: bool) -> Any:
    if not is_one_place:
        return _("The agreement has this fee for several countries of treatment. It is settled by hand.")
    if fee.rate_bps is not None:
        return _("It is a share of each bill and is settled with each journey.")
    return ""


def _count(campaign: Campaign, fee: FeeRow, *, at: datetime) -> int | None:
    if fee.per == "month":
        return months_of(campaign, at=at)
    told = results.released_of(campaign, STAGES[fee.per])
    return told.yes if told.total else None


def months_of(campaign: Campaign, *, at: datetime) -> int:
    """The calendar months that began while the campaign ran, the one in which it was accepted among them."""
    accepted = log.entries_of(campaign.pk).filter(step="marketing.accept_campaign", decision="done").last()
    if accepted is None:
        return 0
    first, last = accepted.at.date(), (campaign.closed_at or at).date()
    return (last.year - first.year) * 12 + last.month - first.month + 1


def totals(lines: Iterable[Line]) -> dict[str, int]:
    """What is owed in all, by currency."""
    found: dict[str, int] = {}
    for line in lines:
        if line.is_owed:
            found[line.currency] = found.get(line.currency, 0) + (line.total_minor or 0)
    return found
