"""Campaigns, advertisements and leads in the stage that a test needs, made by taking the real steps."""

from datetime import date
from typing import Any

from clearpath.charter.actor import Actor
from clearpath.marketing import queries, steps
from clearpath.marketing.models import Campaign, Creative, Lead
from clearpath.parties.models import Organisation
from tests.factories import NOON, actor_at, make_organisation
from tests.kept import kept

NETWORK = Actor(role="network", now=NOON)
PERSON = {
    "name": "Layla Canary",
    "email": "layla.canary@example.org",
    "phone": "+965 5550 1234",
    "asks": "A new knee",
    "country": "KW",
    "language": "ar",
    "consent_wording": "You may call me about my question.",
    "consent_language": "en",
    "consented_at": NOON,
    "channel": "social",
}


@kept
def make_brief(*, client: Organisation | None = None, client_role: str = "provider", **more: Any) -> Campaign:
    """A brief for an agency of its own."""
    client = client or make_organisation(client_role)
    details = {"name": "Knees in spring", "services": "Knee replacement", "countries": ["KW"], "languages": ["ar"]}
    return steps.publish_brief(
        agency_id=make_organisation("agency").pk,
        doctor_id=make_organisation("doctor").pk,
        by=actor_at(client, client_role),
        **(details | more),
    )


@kept
def make_campaign(**more: Any) -> Campaign:
    """A running campaign."""
    campaign = make_brief(**more)
    steps.propose_campaign(campaign, plan="Search and social, in Arabic.", by=agency_of(campaign))
    steps.accept_campaign(campaign, by=client_of(campaign))
    campaign.refresh_from_db()
    return campaign


@kept
def make_creative(campaign: Campaign | None = None, **more: Any) -> Creative:
    """An advertisement that waits for its checks."""
    campaign = campaign or make_campaign()
    details = {
        "title": "Walk again",
        "text": "Knee replacement with four nights in hospital.",
        "landing_page": "https://example.org/knee",
        "first_day": date(2026, 6, 1),
        "last_day": date(2026, 8, 31),
    }
    return steps.submit_creative(campaign_id=campaign.pk, by=agency_of(campaign), **(details | more))


@kept
def running_creative(campaign: Campaign | None = None, **more: Any) -> Creative:
    """An advertisement that people see, each mark on it answered for."""
    creative = make_creative(campaign, **more)
    reviewed = {mark.key: "It is right." for mark in queries.marks_on(creative)}
    steps.check_claims(creative, reviewed=reviewed, by=actor_at(creative.doctor_id, "doctor"))
    steps.approve_creative(creative, reviewed=reviewed, by=client_of(creative.part_of))
    steps.run_creative(creative, by=agency_of(creative))
    creative.refresh_from_db()
    return creative


@kept
def make_lead(campaign: Campaign | None = None, **more: Any) -> Lead:
    """A lead that the agency has not handed over yet."""
    campaign = campaign or make_campaign()
    return steps.record_lead(campaign_id=campaign.pk, by=agency_of(campaign), **(PERSON | more))


def handed_over(lead: Lead, facilitator: Organisation | None = None) -> Lead:
    facilitator = facilitator or make_organisation("facilitator")
    steps.hand_over_lead(lead, facilitator_id=facilitator.pk, by=agency_of(lead))
    lead.refresh_from_db()
    return lead


def agency_of(subject: Campaign | Creative | Lead) -> Actor:
    return actor_at(subject.agency_id, "agency")


def client_of(campaign: Campaign) -> Actor:
    return actor_at(campaign.client_id, campaign.client_role)
