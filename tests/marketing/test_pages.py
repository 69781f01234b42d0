from uuid import uuid4

import pytest
from django.urls import reverse

from clearpath.marketing import steps
from clearpath.marketing.models import Campaign, Creative, Lead
from clearpath.parties.models import Person
from tests.factories import NOON, actor_at, make_organisation
from tests.marketing.factories import (
    agency_of,
    client_of,
    handed_over,
    make_brief,
    make_campaign,
    make_creative,
    make_lead,
)

pytestmark = pytest.mark.django_db

CANARIES = ("Layla", "Canary", "canary", "5550", "A new knee", "call me about")


def sign_in(client, actor):
    client.force_login(
        Person.objects.get(pk=actor.person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )


def page_of(subject):
    return reverse("turns:subject", args=[subject.kind, subject.pk])


def take(client, subject, step, **fields):
    url = reverse("turns:take", args=[subject.kind, subject.pk, step])
    assert client.get(url).status_code == 200, step
    return client.post(url, fields | {"key": uuid4().hex})


def start(client, step, **fields):
    url = reverse("turns:start", args=[step])
    assert client.get(url).status_code == 200, step
    return client.post(url, fields | {"key": uuid4().hex})


def test_a_campaign_goes_from_brief_to_lead_to_journey_by_its_forms(client):
    provider, agency, doctor = make_organisation("provider"), make_organisation("agency"), make_organisation("doctor")
    facilitator = make_organisation("facilitator")

    sign_in(client, actor_at(provider, "provider"))
    start(
        client,
        "marketing.publish_brief",
        name="Knees",
        agency_id=agency.pk,
        doctor_id=doctor.pk,
        services="Knees",
        countries="kw, SA",
        languages="ar",
        budget="1000.50",
        currency="eur",
    )
    campaign = Campaign.objects.get()
    assert (campaign.countries, campaign.languages, campaign.budget_minor, campaign.currency) == (
        ["KW", "SA"],
        ["ar"],
        100_050,
        "EUR",
    )
    sign_in(client, actor_at(agency, "agency"))
    take(client, campaign, "marketing.propose_campaign", plan="Search.")
    sign_in(client, actor_at(provider, "provider"))
    take(client, campaign, "marketing.accept_campaign", agreement_id="")
    sign_in(client, actor_at(agency, "agency"))
    start(
        client,
        "marketing.submit_creative",
        campaign_id=campaign.pk,
        title="Walk again",
        text="Knees",
        landing_page="https://example.org/knee",
        first_day="2026-06-01",
        last_day="2030-06-30",
    )
    creative = Creative.objects.get()
    sign_in(client, actor_at(doctor, "doctor"))
    take(client, creative, "marketing.check_claims", note="Right.")
    sign_in(client, actor_at(provider, "provider"))
    assert "No rules are on file for Saudi Arabia." in client.get(page_of(creative)).content.decode()
    take(client, creative, "marketing.approve_creative")
    creative.refresh_from_db()
    assert creative.stage == "checking"  # unknown is not allowed
    take(client, creative, "marketing.approve_creative", **{"mark-unknown:SA": "Our lawyer in Riyadh has read it."})
    sign_in(client, actor_at(agency, "agency"))
    take(client, creative, "marketing.run_creative")
    start(
        client,
        "marketing.record_lead",
        campaign_id=campaign.pk,
        name="Layla Canary",
        email="layla.canary@example.org",
        asks="A new knee",
        country="kw",
        language="ar",
        channel="social",
        consent_wording="Yes, call me.",
        consent_language="en",
        consented_at="2026-06-01T12:00",
    )
    lead = Lead.objects.get()
    assert (lead.country, lead.consented_at) == ("KW", NOON)
    take(client, lead, "marketing.hand_over_lead", facilitator_id=facilitator.pk)
    sign_in(client, actor_at(facilitator, "facilitator"))
    assert "Layla Canary" in client.get(page_of(lead)).content.decode()
    url = reverse("turns:take", args=["lead", lead.pk, "marketing.take_lead"])
    assert 'value="layla.canary@example.org"' in client.get(url).content.decode()
    answer = take(
        client,
        lead,
        "marketing.take_lead",
        procedure="Knee replacement",
        country="KW",
        email="layla.canary@example.org",
    )

    creative.refresh_from_db()
    lead.refresh_from_db()
    assert (creative.stage, lead.stage, answer.status_code) == ("running", "ended", 302)
    assert "Layla Canary" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("stage", ["new", "with_facilitator", "taken", "rejected"])
def test_no_page_of_an_agency_names_the_person_whom_it_brought(client, stage):
    lead = make_lead()
    agency = agency_of(lead)
    if stage != "new":
        handed_over(lead)
        facilitator = actor_at(lead.seats.get(role="facilitator").organisation_id, "facilitator")
    if stage == "taken":
        steps.take_lead(lead, by=facilitator)
    if stage == "rejected":
        steps.reject_lead(lead, reason="A new knee is not offered.", by=facilitator)
    sign_in(client, agency)

    for url in (page_of(lead), page_of(lead.came_by), "/", reverse("turns:all_lead")):
        page = client.get(url)
        assert page.status_code == 200, url
        assert [word for word in CANARIES if word in page.content.decode()] == []
    assert str(lead.token) in client.get(page_of(lead)).content.decode()


def test_no_page_of_the_client_names_a_person_or_counts_too_few(client):
    campaign = make_campaign()
    for _number in range(3):
        make_lead(campaign)
    sign_in(client, client_of(campaign))

    page = client.get(page_of(campaign)).content.decode()

    assert [word for word in CANARIES if word in page] == []
    assert "Too few leads" in page
    assert client.get(page_of(Lead.objects.first())).status_code == 404


def test_the_client_counts_leads_by_channel_in_groups_that_are_large_enough(client):
    campaign = make_campaign()
    for number in range(31):
        make_lead(campaign, channel="search" if number < 20 else "social" if number < 30 else "fair")
    sign_in(client, client_of(campaign))

    page = client.get(page_of(campaign)).content.decode()

    assert "<dd>31</dd>" in page
    assert "<dd>20</dd>" in page
    assert page.count("too few to show") == 2  # the fair, and with it social: else the fair would follow by subtraction
    assert "<dd>10</dd>" not in page


def test_the_page_of_an_advertisement_says_who_advertises_and_that_claims_are_not_checked(client):
    creative = make_creative()
    sign_in(client, agency_of(creative))

    page = client.get(page_of(creative)).content.decode()

    assert creative.client.name in page
    assert "Not checked yet" in page
    assert "https://example.org/knee" in page


def test_a_brief_with_codes_that_are_none_is_shown_again(client):
    provider = make_organisation("provider")
    sign_in(client, actor_at(provider, "provider"))

    answer = start(client, "marketing.publish_brief", name="Knees", services="Knees", countries="Kuwait")

    assert answer.status_code == 422
    assert "Kuwait" in answer.content.decode()
    assert Campaign.objects.count() == 0


def test_ending_a_brief_asks_why(client):
    campaign = make_brief()
    sign_in(client, client_of(campaign))

    assert take(client, campaign, "marketing.end_campaign", reason="").status_code == 422
    assert take(client, campaign, "marketing.end_campaign", reason="Enough.").status_code == 302
