import pytest

from clearpath.core.outcomes import NotFound
from clearpath.marketing import queries
from clearpath.marketing.models import Campaign, Creative, Lead
from clearpath.turns.sight import HIDDEN, shown, visible
from tests.factories import actor_at, make_organisation, patient_actor, steward
from tests.marketing.factories import PERSON, agency_of, client_of, handed_over, make_campaign, make_creative, make_lead

pytestmark = pytest.mark.django_db

WHO = ("name", "country", "language", "email", "phone", "asks", "consent_wording", "rejected_because")


@pytest.mark.parametrize("is_handed_over", [False, True])
def test_an_agency_sees_the_token_and_the_source_of_its_lead_and_nothing_that_names_a_person(is_handed_over):
    lead = make_lead()
    if is_handed_over:
        handed_over(lead)
    agency = agency_of(lead)

    row = shown(queries.lead_for(agency, lead.pk), to=agency)

    assert (row.token, row.channel, row.came_by_id) == (lead.token, "social", lead.came_by_id)
    assert row.stage == lead.stage
    assert [getattr(row, name) for name in WHO] == [HIDDEN] * len(WHO)


def test_the_facilitator_sees_the_person_from_the_hand_over_on():
    facilitator = make_organisation("facilitator")
    by = actor_at(facilitator, "facilitator")
    lead = make_lead()
    with pytest.raises(NotFound):
        queries.lead_for(by, lead.pk)

    handed_over(lead, facilitator)

    row = shown(queries.lead_for(by, lead.pk), to=by)
    assert [getattr(row, name) for name in ("name", "email", "phone", "asks")] == [
        PERSON[name] for name in ("name", "email", "phone", "asks")
    ]


def test_a_lead_is_nobody_elses():
    lead = handed_over(make_lead())

    for actor in (
        actor_at(make_organisation("agency"), "agency"),
        actor_at(make_organisation("facilitator"), "facilitator"),
        client_of(lead.came_by),
        steward(),
        patient_actor(),
    ):
        assert not visible(Lead, to=actor).exists()


def test_a_campaign_is_business_of_its_client_and_its_agency():
    campaign = make_campaign()

    for actor in (client_of(campaign), agency_of(campaign)):
        assert queries.campaign_for(actor, campaign.pk) == campaign
    for actor in (actor_at(make_organisation("agency"), "agency"), patient_actor(), steward()):
        assert not visible(Campaign, to=actor).exists()


def test_an_advertisement_is_seen_by_who_checks_it():
    creative = make_creative()

    for actor in (client_of(creative.part_of), agency_of(creative), actor_at(creative.doctor_id, "doctor")):
        assert list(queries.creatives_for(actor)) == [creative]
    assert not visible(Creative, to=actor_at(make_organisation("doctor"), "doctor")).exists()
