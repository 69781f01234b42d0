"""Campaigns, advertisements and leads as their pages show them: plain rows, blanked for the reader."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from clearpath.charter.actor import Actor
from clearpath.marketing import queries
from clearpath.marketing.models import Campaign, Creative, Lead
from clearpath.marketing.signs import REASONS
from clearpath.parties.queries import names_of
from clearpath.turns import charters
from clearpath.turns.figures import total_or_none, withheld
from clearpath.turns.phrases import stage_words
from clearpath.turns.sight import shown, visible
from clearpath.web.words import word_for

Words = str | Promise


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A brief and the plan that answers it."""

    client: str
    client_role: str
    agency: str
    doctor: str
    services: str
    countries: str
    languages: str
    may_claim: str
    plan: str
    budget_minor: int | None
    currency: str
    agreement_id: UUID | None
    ended_because: str


def campaign_row_for(actor: Actor, campaign: Campaign) -> CampaignRow | None:
    """None when the actor sees nothing of it."""
    row = shown(campaign, to=actor)
    if row.hidden:
        return None
    names = names_of([row.client_id, row.agency_id, row.claims_doctor_id])
    return CampaignRow(
        client=names[row.client_id],
        client_role=row.client_role,
        agency=names.get(row.agency_id, ""),
        doctor=names[row.claims_doctor_id],
        services=row.services,
        countries=", ".join(row.countries),
        languages=", ".join(row.languages),
        may_claim=row.may_claim,
        plan=row.plan,
        budget_minor=row.budget_minor,
        currency=row.currency,
        agreement_id=row.under_agreement_id,
        ended_because=row.ended_because,
    )


@dataclass(frozen=True, slots=True)
class CreativeRow:
    """One advertisement and what was found about it."""

    id: UUID
    title: str
    stage: Words
    text: str
    landing_page: str
    who: str  # who advertises
    agency: str
    countries: str
    languages: str
    first_day: date
    last_day: date
    picture_key: str
    picture_alt: str
    claims_note: str
    claims_checked_at: datetime | None
    stopped_because: str


def creative_row_for(actor: Actor, creative: Creative) -> CreativeRow | None:
    """None when the actor sees nothing of it."""
    row = shown(creative, to=actor)
    return None if row.hidden else _creative_row(row, names_of([row.client_id, row.agency_id]))


def creative_rows_of(actor: Actor, campaign: Campaign) -> list[CreativeRow]:
    """The advertisements of a campaign that the actor sees, newest first."""
    found = [shown(each, to=actor) for each in queries.creatives_for(actor).filter(part_of=campaign)]
    names = names_of({key for row in found for key in (row.client_id, row.agency_id)})
    return [_creative_row(row, names) for row in found]


def _creative_row(row: Any, names: dict[UUID, str]) -> CreativeRow:
    return CreativeRow(
        id=row.pk,
        title=row.title,
        stage=stage_words("creative", row.stage),
        text=row.text,
        landing_page=row.landing_page,
        who=names[row.client_id],
        agency=names[row.agency_id],
        countries=", ".join(row.countries),
        languages=", ".join(row.languages),
        first_day=row.first_day,
        last_day=row.last_day,
        picture_key=row.picture_key,
        picture_alt=row.picture_alt,
        claims_note=row.claims_note,
        claims_checked_at=row.claims_checked_at,
        stopped_because=row.stopped_because,
    )


@dataclass(frozen=True, slots=True)
class LeadRow:
    """One lead: the person for who answers, the token and the source for who brought it. What is hidden is blank."""

    id: UUID
    token: str
    stage: Words
    agency: str
    campaign: str
    channel: str
    handed_over_at: datetime | None
    name: str
    country: str
    language: str
    email: str
    phone: str
    asks: str
    consent_wording: str
    consent_language: str
    consented_at: datetime | None
    rejected_because: str
    signs: tuple[Words, ...]  # what a person should look at, for who answers
    earlier_id: UUID | None  # the same person's earlier lead, where the reader has it too
    is_known: bool  # the agency itself brought this person before


def lead_row_for(actor: Actor, lead: Lead) -> LeadRow | None:
    """None when the actor sees nothing of it."""
    found = visible(Lead, to=actor).filter(pk=lead.pk).select_related("came_by", "known_by").first()
    if found is None:
        return None
    row = shown(found, to=actor)
    earlier = visible(Lead, to=actor).filter(pk=row.known_by_id).first() if row.known_by_id else None
    return _lead_row(row, found, names_of([found.agency_id]), earlier_id=earlier.pk if earlier else None)


def lead_rows_of(actor: Actor, campaign: Campaign, *, limit: int = 50) -> list[LeadRow]:
    """The leads of a campaign that the actor sees, newest first: for the agency its tokens."""
    found = list(queries.leads_for(actor).filter(came_by=campaign).select_related("came_by", "known_by")[:limit])
    names = names_of(lead.agency_id for lead in found)
    return [_lead_row(shown(lead, to=actor), lead, names) for lead in found]


def _lead_row(row: Any, lead: Lead, names: dict[UUID, str], earlier_id: UUID | None = None) -> LeadRow:
    return LeadRow(
        id=row.pk,
        token=str(row.token),
        stage=stage_words("lead", row.stage) if row.stage else "",
        agency=names.get(row.agency_id, ""),
        campaign=lead.came_by.name if row.came_by_id and lead.came_by else "",
        channel=str(row.channel),
        handed_over_at=row.handed_over_at or None,
        name=str(row.name),
        country=str(row.country),
        language=str(row.language),
        email=str(row.email),
        phone=str(row.phone),
        asks=str(row.asks),
        consent_wording=str(row.consent_wording),
        consent_language=str(row.consent_language),
        consented_at=row.consented_at or None,
        rejected_because=str(row.rejected_because),
        signs=tuple(REASONS[code] for code in row.signs or () if code in REASONS),
        earlier_id=earlier_id,
        is_known=bool(row.token) and lead.known_by is not None and lead.known_by.agency_id == lead.agency_id,
    )


@dataclass(frozen=True, slots=True)
class ChannelFigure:
    """How many leads came by a channel; None when so few that it would speak of persons."""

    channel: str
    leads: int | None


def figures_for_client(actor: Actor, campaign: Campaign) -> tuple[list[ChannelFigure], int | None]:
    """Leads of a campaign by channel, and all of them, for the client: in groups no smaller than the charter's.

    Empty for everybody else.
    """
    charter = charters.charter(campaign.charter)
    if actor.organisation_id != campaign.client_id or charter.data["source"].get(actor.role) not in {"count", "seat"}:
        return [], None
    counts = Counter(Lead.objects.filter(came_by=campaign).values_list("channel", flat=True))
    total = total_or_none(counts, smallest_group=charter.smallest_group)
    if total is None:
        return [], None
    few = withheld(dict(counts), smallest_group=charter.smallest_group)
    return [ChannelFigure(str(word_for(name)), few[name]) for name in sorted(few)], total
