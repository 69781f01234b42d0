from datetime import date, timedelta

import pytest
from django.db import connection

from clearpath.agreements import steps as agreements
from clearpath.core.outcomes import NotFound, NotYourPart, Refused
from clearpath.marketing import steps
from clearpath.marketing.models import Campaign, Creative, Lead
from clearpath.parties.models import Person
from clearpath.trust import log
from clearpath.turns import steps as turns
from clearpath.turns.models import Notice, Seat, Task
from clearpath.turns.network import look_at
from tests.agreements.factories import make_agreement, signed, with_terms
from tests.factories import NOON, actor_at, later, make_organisation, patient_actor
from tests.marketing.factories import (
    NETWORK,
    PERSON,
    agency_of,
    client_of,
    handed_over,
    make_brief,
    make_campaign,
    make_creative,
    make_lead,
)

pytestmark = pytest.mark.django_db


# Campaigns


@pytest.mark.parametrize("role", ["provider", "facilitator"])
def test_publish_brief_seats_the_client_in_its_role_and_the_agency(role):
    campaign = make_brief(client_role=role)

    seats = Seat.objects.filter(subject=campaign).order_by("position").values_list("position", "role")
    assert list(seats) == [("agency", "agency"), ("client", role)]
    assert campaign.stage == "brief"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"services": " "}, "services_needed"),
        ({"budget_minor": -1, "currency": "EUR"}, "amount_below_zero"),
        ({"budget_minor": 100}, "no_such_currency"),
    ],
)
def test_publish_brief_is_refused_when_it_cannot_be_understood(change, code):
    with pytest.raises(Refused, match=code):
        make_brief(**change)


def test_publish_brief_names_a_doctor_who_checks_claims():
    provider, agency = make_organisation("provider"), make_organisation("agency")

    with pytest.raises(Refused, match="no_such_doctor"):
        steps.publish_brief(
            name="Knees",
            services="Knees",
            agency_id=agency.pk,
            doctor_id=provider.pk,
            by=actor_at(provider, "provider"),
        )


def test_publish_brief_is_not_for_an_agency():
    agency, doctor = make_organisation("agency"), make_organisation("doctor")

    with pytest.raises(NotYourPart) as refusal:
        steps.publish_brief(
            name="Knees", services="Knees", agency_id=agency.pk, doctor_id=doctor.pk, by=actor_at(agency, "agency")
        )

    assert refusal.value.rightful == "client"


def test_a_brief_answered_and_accepted_runs():
    campaign = make_brief()

    steps.propose_campaign(campaign, plan="Search and social.", by=agency_of(campaign))
    campaign.refresh_from_db()
    assert (campaign.stage, campaign.plan) == ("proposed", "Search and social.")
    steps.accept_campaign(campaign, by=client_of(campaign))

    campaign.refresh_from_db()
    assert (campaign.stage, campaign.under_agreement_id) == ("running", None)
    assert Notice.objects.filter(step="marketing.accept_campaign", seat__position="agency").count() == 1


def test_propose_campaign_without_a_plan_is_refused():
    campaign = make_brief()

    with pytest.raises(Refused, match="plan_needed"):
        steps.propose_campaign(campaign, plan=" ", by=agency_of(campaign))


def test_accept_campaign_is_not_for_the_agency():
    campaign = make_brief()
    steps.propose_campaign(campaign, plan="Search.", by=agency_of(campaign))

    with pytest.raises(NotYourPart, match="not_your_part"):
        steps.accept_campaign(campaign, by=agency_of(campaign))


def test_accept_campaign_keeps_the_signed_agreement_between_the_two():
    campaign = make_brief(client=make_organisation("provider"))
    agreement = make_agreement(
        provider=Campaign.objects.get(pk=campaign.pk).client, facilitator=make_organisation("facilitator")
    )
    steps.propose_campaign(campaign, plan="Search.", by=agency_of(campaign))
    with pytest.raises(Refused, match="agreement_not_signed"):
        steps.accept_campaign(campaign, agreement_id=signed(with_terms(agreement)).pk, by=client_of(campaign))

    own = agreements.draft(
        title="Marketing", second_id=campaign.agency_id, second_role="agency", by=client_of(campaign)
    )
    with pytest.raises(Refused, match="agreement_not_signed"):
        steps.accept_campaign(campaign, agreement_id=own.pk, by=client_of(campaign))
    steps.accept_campaign(campaign, agreement_id=signed(with_terms(own)).pk, by=client_of(campaign))

    campaign.refresh_from_db()
    assert (campaign.stage, campaign.under_agreement_id) == ("running", own.pk)


def test_end_campaign_at_any_stage_with_a_reason():
    campaign = make_brief()
    with pytest.raises(Refused, match="reason_needed"):
        steps.end_campaign(campaign, reason="", by=client_of(campaign))

    steps.end_campaign(campaign, reason="We have enough patients.", by=client_of(campaign))

    campaign.refresh_from_db()
    assert (campaign.stage, campaign.ended_because) == ("over", "We have enough patients.")


def test_end_campaign_is_not_for_the_agency():
    campaign = make_campaign()

    with pytest.raises(NotYourPart, match="not_your_part"):
        steps.end_campaign(campaign, reason="Too hard.", by=agency_of(campaign))


# Advertisements


def checked(creative: Creative) -> Creative:
    steps.check_claims(creative, note="The stay is right.", by=actor_at(creative.doctor_id, "doctor"))
    creative.refresh_from_db()
    return creative


def approved(creative: Creative) -> Creative:
    checked(creative)
    steps.approve_creative(creative, by=client_of(creative.part_of))
    creative.refresh_from_db()
    return creative


def test_submit_creative_seats_agency_client_and_the_doctor_of_the_brief():
    campaign = make_campaign()

    creative = make_creative(campaign)

    seats = Seat.objects.filter(subject=creative).values_list("position", "organisation")
    assert dict(seats) == {
        "agency": campaign.agency_id,
        "client": campaign.client_id,
        "doctor": campaign.claims_doctor_id,
    }
    assert creative.stage == "checking"


def test_submit_creative_for_a_campaign_that_does_not_run_is_refused():
    with pytest.raises(Refused, match="campaign_not_running"):
        make_creative(make_brief())


def test_submit_creative_that_ends_before_it_begins_is_refused():
    with pytest.raises(Refused, match="ends_before_it_begins"):
        make_creative(last_day=date(2026, 5, 31))


def test_submit_creative_for_the_campaign_of_another_agency_finds_nothing():
    campaign, stranger = make_campaign(), make_organisation("agency")

    with pytest.raises(NotFound, match="no_such_campaign"):
        steps.submit_creative(
            campaign_id=campaign.pk,
            title="Mine",
            text="Mine",
            landing_page="https://example.org",
            first_day=date(2026, 6, 1),
            last_day=date(2026, 6, 2),
            by=actor_at(stranger, "agency"),
        )


def test_a_creative_runs_once_checked_by_the_doctor_and_approved_by_the_client():
    creative = make_creative()

    approved(creative)
    steps.run_creative(creative, by=agency_of(creative))

    creative.refresh_from_db()
    assert (creative.stage, creative.facts) == ("running", ["claims_checked", "has_run"])
    assert (creative.claims_note, creative.claims_checked_at) == ("The stay is right.", NOON)


def test_approve_creative_before_the_doctor_looked_is_refused():
    creative = make_creative()

    with pytest.raises(NotYourPart) as refusal:
        steps.approve_creative(creative, by=client_of(creative.part_of))

    assert refusal.value.missing == ("claims_checked",)


def test_check_claims_is_not_for_the_client():
    creative = make_creative()

    with pytest.raises(NotYourPart) as refusal:
        steps.check_claims(creative, by=client_of(creative.part_of))

    assert refusal.value.rightful == "doctor"


@pytest.mark.parametrize(
    ("today", "code"),
    [(NOON - timedelta(days=1), "not_yet"), (NOON.replace(month=9, day=1), "too_late")],
)
def test_run_creative_outside_its_days_is_refused(today, code):
    creative = approved(make_creative())

    with pytest.raises(Refused, match=code):
        steps.run_creative(creative, by=later(agency_of(creative), today))


def test_run_creative_of_an_ended_campaign_is_refused():
    creative = approved(make_creative())
    steps.end_campaign(creative.part_of, reason="Over.", by=client_of(creative.part_of))

    with pytest.raises(Refused, match="campaign_not_running"):
        steps.run_creative(creative, by=agency_of(creative))


def test_stop_creative_is_the_clients_at_any_time():
    creative = make_creative()
    with pytest.raises(NotYourPart, match="not_your_part"):
        steps.stop_creative(creative, reason="No.", by=agency_of(creative))
    with pytest.raises(Refused, match="reason_needed"):
        steps.stop_creative(creative, reason=" ", by=client_of(creative.part_of))

    steps.stop_creative(creative, reason="The price has changed.", by=client_of(creative.part_of))

    creative.refresh_from_db()
    assert (creative.stage, creative.stopped_because) == ("over", "The price has changed.")


# Leads


def test_record_lead_keeps_what_the_person_agreed_to_and_seals_who_they_are():
    lead = Lead.objects.get(pk=make_lead().pk)

    assert (lead.name, lead.email, lead.asks) == ("Layla Canary", "layla.canary@example.org", "A new knee")
    assert (lead.consent_wording, lead.consent_language, lead.consented_at) == (
        "You may call me about my question.",
        "en",
        NOON,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, email, phone, asks FROM marketing_lead")
        [row] = cursor.fetchall()
    assert not any(word in str(row) for word in ("Layla", "canary", "5550", "knee"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"consent_wording": " "}, "no_consent_to_be_contacted"),
        ({"consent_language": ""}, "no_consent_to_be_contacted"),
        ({"consented_at": None}, "no_consent_to_be_contacted"),
        ({"consented_at": NOON + timedelta(seconds=1)}, "consent_in_the_future"),
        ({"name": " "}, "name_needed"),
        ({"email": "", "phone": " "}, "cannot_be_reached"),
    ],
)
def test_without_consent_or_a_way_to_reach_the_person_there_is_no_lead(change, code):
    campaign = make_campaign()

    with pytest.raises(Refused, match=code):
        make_lead(campaign, **change)

    assert Lead.objects.count() == 0


def test_record_lead_for_a_campaign_that_has_ended_is_refused():
    campaign = make_campaign()
    steps.end_campaign(campaign, reason="Over.", by=client_of(campaign))

    with pytest.raises(Refused, match="campaign_not_running"):
        make_lead(campaign)


def test_record_lead_is_for_agencies_alone():
    campaign = make_campaign()

    with pytest.raises(NotYourPart) as refusal:
        steps.record_lead(campaign_id=campaign.pk, by=client_of(campaign), **PERSON)

    assert refusal.value.rightful == "agency"


def test_hand_over_lead_starts_the_facilitators_clock():
    lead, facilitator = make_lead(), make_organisation("facilitator")

    handed_over(lead, facilitator)

    assert (lead.stage, lead.handed_over_at) == ("with_facilitator", NOON)
    task = Task.objects.get(subject=lead, step="marketing.take_lead", done_at=None)
    assert task.due_at == NOON + timedelta(hours=2)
    notice = Notice.objects.get(step="marketing.hand_over_lead")
    assert notice.seat.organisation_id == facilitator.pk


def test_hand_over_lead_ends_the_agencys_seat():
    lead = handed_over(make_lead())

    assert lead.seats.get(role="agency").why_ended == "handed_over"
    with pytest.raises(NotYourPart, match="not_seated"):
        turns.write(lead, topic="facilitator", text="Can you give me her number?", by=agency_of(lead))


def test_hand_over_lead_to_who_is_no_facilitator_is_refused():
    lead = make_lead()

    with pytest.raises(Refused, match="role_not_held"):
        steps.hand_over_lead(lead, facilitator_id=make_organisation("provider").pk, by=agency_of(lead))


def test_hand_over_lead_is_not_for_another_agency():
    lead, stranger = make_lead(), make_organisation("agency")

    with pytest.raises(NotYourPart, match="not_seated"):
        steps.hand_over_lead(lead, facilitator_id=make_organisation("facilitator").pk, by=actor_at(stranger, "agency"))


def test_take_lead_opens_the_journey_of_a_person_who_is_invited():
    lead = handed_over(make_lead())
    facilitator = lead.seats.get(role="facilitator").organisation_id

    journey = steps.take_lead(lead, procedure="Knee replacement", by=actor_at(facilitator, "facilitator"))

    lead.refresh_from_db()
    patient = Person.objects.get(email="layla.canary@example.org")
    assert (lead.stage, lead.closed_at) == ("ended", NOON)
    assert (journey.stage, journey.about_id, journey.source_reference, journey.came_from) == (
        "inquiry",
        patient.pk,
        lead.token,
        "Knees in spring",
    )
    assert (journey.patient_name, journey.procedure, journey.country, journey.language) == (
        "Layla Canary",
        "Knee replacement",
        "KW",
        "ar",
    )
    assert (patient.name, patient.language, patient.has_usable_password()) == ("Layla Canary", "ar", False)
    assert [(seat.role, seat.organisation_id or seat.person_id) for seat in journey.seats.order_by("role")] == [
        ("facilitator", facilitator),
        ("patient", patient.pk),
    ]
    assert [entry.step for entry in log.entries_of(journey.pk)] == ["marketing.take_lead"]


def test_take_lead_of_somebody_known_opens_a_journey_for_them_and_changes_nothing_else():
    known = Person.objects.create(email="layla.canary@example.org", name="Layla C.", language="tr")
    lead = handed_over(make_lead(email="Layla.Canary@Example.org"))

    journey = steps.take_lead(lead, by=actor_at(lead.seats.get(role="facilitator").organisation_id, "facilitator"))

    known.refresh_from_db()
    assert (journey.about_id, known.name, known.language) == (known.pk, "Layla C.", "tr")


def test_take_lead_without_an_address_asks_for_one():
    lead = handed_over(make_lead(email=""))
    facilitator = actor_at(lead.seats.get(role="facilitator").organisation_id, "facilitator")

    with pytest.raises(Refused, match="email_needed"):
        steps.take_lead(lead, by=facilitator)
    journey = steps.take_lead(lead, email="layla@example.org", by=facilitator)

    assert journey.email == "layla@example.org"


def test_take_lead_is_not_for_the_agency_that_brought_it():
    lead = handed_over(make_lead())

    with pytest.raises(NotYourPart) as refusal:
        steps.take_lead(lead, by=agency_of(lead))

    assert refusal.value.rightful == "facilitator"
    assert Person.objects.filter(email="layla.canary@example.org").count() == 0


def test_reject_lead_says_why_to_nobody_but_the_facilitator():
    lead = handed_over(make_lead())
    facilitator = actor_at(lead.seats.get(role="facilitator").organisation_id, "facilitator")
    with pytest.raises(Refused, match="reason_needed"):
        steps.reject_lead(lead, reason=" ", by=facilitator)

    steps.reject_lead(lead, reason="Asked for a job.", by=facilitator)

    lead.refresh_from_db()
    assert (lead.stage, lead.rejected_because) == ("ended", "Asked for a job.")


def public_lead() -> Lead:
    """A lead that no agency brought, as an import would make it: the default charter has no step for it."""
    return Lead.objects.create(kind="lead", charter="2026.1", stage="new", opened_at=NOON, stage_since=NOON, **PERSON)


def test_the_network_routes_a_lead_that_no_agency_brought_to_the_facilitator_with_the_fewest():
    busy, free = make_organisation("facilitator"), make_organisation("facilitator")
    handed_over(make_lead(), busy)
    lead = public_lead()

    assert look_at(lead.pk, at=NOON) == ["marketing.route_lead"]

    lead.refresh_from_db()
    assert lead.stage == "with_facilitator"
    assert lead.seats.get().organisation_id == free.pk


def test_the_network_leaves_a_lead_alone_that_an_agency_brought():
    make_organisation("facilitator")
    lead = make_lead()

    assert look_at(lead.pk, at=NOON) == []


def test_route_lead_with_nobody_to_answer_is_refused():
    lead = public_lead()

    with pytest.raises(Refused, match="nobody_to_answer"):
        steps.route_lead(lead, by=NETWORK)


def test_a_patient_has_no_part_in_a_lead():
    lead = make_lead()

    with pytest.raises(NotYourPart):
        steps.hand_over_lead(lead, facilitator_id=make_organisation("facilitator").pk, by=patient_actor())
