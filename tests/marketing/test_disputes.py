"""A dispute has a clock, an answer, and where two disagree a steward."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.marketing import steps
from clearpath.marketing.models import Dispute
from clearpath.turns.models import Task
from tests.factories import NOON, actor_at, later, make_organisation, steward
from tests.marketing.factories import agency_of, client_of, make_campaign
from tests.marketing.test_pages import sign_in

pytestmark = pytest.mark.django_db


def disputed(**more):
    campaign = make_campaign()
    steps.dispute(campaign, about="line", text="April is missing.", by=agency_of(campaign), **more)
    campaign.refresh_from_db()
    return campaign


def test_the_client_has_seven_working_days_to_answer_and_the_answer_ends_it(client):
    campaign = disputed()
    task = Task.objects.get(subject_id=campaign.pk, step="marketing.answer_dispute", done_at=None)
    assert task.due_at - NOON == timedelta(days=9)  # seven working days

    steps.answer_dispute(campaign, answer="April is paid in May.", by=client_of(campaign))

    campaign.refresh_from_db()
    assert "disputed" not in campaign.facts
    assert Dispute.objects.values_list("answer", "answered_by").get() == ("April is paid in May.", campaign.client_role)
    for actor in (agency_of(campaign), client_of(campaign)):
        sign_in(client, actor)
        page = client.get(reverse("turns:subject", args=["campaign", campaign.pk])).content.decode()
        assert "April is missing." in page
        assert "April is paid in May." in page


def test_who_is_asked_before_the_steward_may_be_answered_by_the_steward():
    keeper = steward()
    campaign = disputed(before_steward=True)

    steps.decide_dispute(campaign, answer="It is owed.", by=later(keeper, NOON + timedelta(days=1)))

    assert Dispute.objects.values_list("answered_by", flat=True).get() == "steward"


def test_a_steward_who_was_not_asked_decides_nothing():
    keeper, campaign = steward(), disputed()

    with pytest.raises(Exception, match=r"no_such_subject|not_seated"):
        steps.decide_dispute(campaign, answer="I know better.", by=keeper)


def test_one_dispute_at_a_time_and_only_by_the_agency():
    campaign = disputed()

    with pytest.raises(NotYourPart):
        steps.dispute(campaign, about="line", text="Again.", by=agency_of(campaign))
    steps.answer_dispute(campaign, answer="No.", by=client_of(campaign))
    for somebody in (client_of(campaign), actor_at(make_organisation("agency"), "agency")):
        with pytest.raises(Exception, match=r"seat|part|such"):
            steps.dispute(campaign, about="line", text="Mine.", by=somebody)
    with pytest.raises(Refused, match="reason_needed"):
        steps.dispute(campaign, about="line", text=" ", by=agency_of(campaign))


def test_a_campaign_does_not_end_over_an_open_dispute():
    campaign = disputed()

    with pytest.raises(Refused, match="dispute_open"):
        steps.end_campaign(campaign, reason="Enough.", by=client_of(campaign))
    steps.answer_dispute(campaign, answer="You are right.", by=client_of(campaign))
    steps.end_campaign(campaign, reason="Enough.", by=client_of(campaign))

    campaign.refresh_from_db()
    assert campaign.stage == "over"
