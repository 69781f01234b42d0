"""One brief for several agencies: each answers in a campaign of its own, the client sees them side by side."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from clearpath.agreements.queries import agreements_for
from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.marketing import queries, steps
from clearpath.marketing.models import Campaign
from clearpath.parties import queries as parties
from clearpath.turns.phrases import stage_words
from clearpath.turns.sight import shown

SAME = ("name", "services", "countries", "languages", "may_claim", "budget_minor", "currency")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one agency answers, and what the client should know of it beside that."""

    campaign_id: UUID
    agency: str
    stage: str | Promise
    is_waiting: bool  # the client may accept it
    plan: str
    is_connected: bool
    has_agreement: bool


def brief_of(actor: Actor, campaign_id: UUID) -> Campaign:
    """The campaign by which a client asked first. Raises NotFound for everybody but this client."""
    campaign = queries.campaign_for(actor, campaign_id)
    if (actor.role, actor.organisation_id) != (campaign.client_role, campaign.client_id):
        raise NotFound(Objection("no_such_campaign", _("There is no such campaign.")))
    return queries.campaign_for(actor, campaign.brief) if campaign.brief else campaign


def asked(actor: Actor, first: Campaign) -> list[Campaign]:
    """The campaigns of all agencies that were asked the same, the first one first."""
    return list(queries.campaigns_for(actor).filter(Q(pk=first.pk) | Q(brief=first.pk)).order_by("pk"))


def proposals_for(actor: Actor, first: Campaign) -> list[Proposal]:
    """What every agency answers, in the order in which they were asked."""
    rows = [(each, shown(each, to=actor)) for each in asked(actor, first)]
    keys = {row.agency_id for _each, row in rows if row.agency_id}
    names = parties.names_of(keys)
    tied = parties.connected_among({*keys, first.client_id}, at_share=0.0)
    signed = agreements_for(actor).filter(stage="signed").values_list("first_id", "second_id")
    partners = {key for pair in signed for key in pair}
    return [
        Proposal(
            campaign_id=each.pk,
            agency=names.get(row.agency_id, ""),
            stage=stage_words("campaign", each.stage),
            is_waiting=each.stage == "proposed",
            plan=row.plan,
            is_connected=frozenset({row.agency_id, first.client_id}) in tied,
            has_agreement=row.agency_id in partners,
        )
        for each, row in rows
    ]


def others_to_ask(actor: Actor, first: Campaign) -> list[tuple[UUID, str]]:
    """The agencies of the network that were not asked yet."""
    known = {each.agency_id for each in asked(actor, first)}
    return [(party.id, party.name) for party in parties.verified_with("agency") if party.id not in known]


def ask_more(first: Campaign, agencies: Collection[UUID], *, by: Actor) -> list[Campaign]:
    """Ask these agencies the same, one after another."""
    same: dict[str, Any] = {name: getattr(first, name) for name in SAME}
    return [
        steps.publish_brief(agency_id=agency, doctor_id=first.claims_doctor_id, brief=first.pk, by=by, **same)
        for agency in agencies
    ]


def thank_the_others(first: Campaign, *, by: Actor) -> int:
    """End what was asked of those who were not chosen; how many they are. Nobody, while none was chosen."""
    everybody = asked(by, first)
    is_chosen = any(each.stage == "running" for each in everybody)
    open_still = [each for each in everybody if is_chosen and each.stage in {"brief", "proposed"}]
    for campaign in open_still:
        steps.end_campaign(campaign, reason=_("Another proposal was chosen. Thank you for yours."), by=by)
    return len(open_still)
