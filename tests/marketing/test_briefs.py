"""One brief for several agencies: each answers for itself, and the client chooses among what they say."""

import pytest
from django.urls import reverse

from clearpath.core.outcomes import NotFound
from clearpath.marketing import briefs, steps
from clearpath.marketing.models import Campaign
from tests.factories import actor_at, make_organisation
from tests.marketing.factories import agency_of, client_of, make_brief
from tests.marketing.test_pages import sign_in

pytestmark = pytest.mark.django_db


def asked_thrice(client):
    first = make_brief()
    others = [make_organisation("agency", name=f"Other {number}") for number in range(2)]
    sign_in(client, client_of(first))
    answer = client.post(reverse("marketing:brief", args=[first.pk]), {"agencies": [each.pk for each in others]})
    assert answer.status_code == 302
    return first, list(Campaign.objects.filter(brief=first.pk).order_by("pk"))


def test_each_agency_is_asked_the_same_in_a_campaign_of_its_own(client):
    first, others = asked_thrice(client)

    assert len(others) == 2
    assert {(each.services, each.claims_doctor_id, each.stage) for each in others} == {
        (first.services, first.claims_doctor_id, "brief")
    }
    page = client.get(reverse("marketing:brief", args=[others[0].pk])).content.decode()
    assert page.count("No answer yet.") == 3


def test_agencies_never_see_each_other_s_proposals(client):
    first, (second, _third) = asked_thrice(client)
    steps.propose_campaign(first, plan="Canary plan.", by=agency_of(first))
    steps.propose_campaign(second, plan="Another plan.", by=agency_of(second))

    sign_in(client, agency_of(second))
    assert client.get(reverse("turns:subject", args=["campaign", first.pk])).status_code == 404
    assert client.get(reverse("marketing:brief", args=[second.pk])).status_code == 404
    assert "Canary" not in client.get(reverse("turns:subject", args=["campaign", second.pk])).content.decode()
    with pytest.raises(NotFound):
        briefs.brief_of(agency_of(second), second.pk)


def test_the_client_accepts_one_and_thanks_the_others(client):
    first, (second, third) = asked_thrice(client)
    for each in (first, second):
        steps.propose_campaign(each, plan=f"Plan of {each.agency_id}.", by=agency_of(each))
    sign_in(client, client_of(first))
    url = reverse("marketing:brief", args=[first.pk])
    page = client.get(url).content.decode()
    assert page.count("Accept this proposal") == 2
    assert "Thank those" not in page
    client.post(url, {"thank": "1"})  # by hand, before anybody is chosen
    assert not Campaign.objects.filter(stage="over").exists()

    steps.accept_campaign(second, by=client_of(first))
    assert "Thank those" in client.get(url).content.decode()
    client.post(url, {"thank": "1"})

    stages = dict(Campaign.objects.values_list("pk", "stage"))
    assert [stages[each.pk] for each in (first, second, third)] == ["over", "running", "over"]


def test_only_agencies_can_be_asked(client):
    first = make_brief()
    sign_in(client, client_of(first))

    answer = client.post(reverse("marketing:brief", args=[first.pk]), {"agencies": [make_organisation("doctor").pk]})

    assert answer.status_code == 422
    assert Campaign.objects.count() == 1


def test_another_client_does_not_find_the_brief(client):
    first = make_brief()
    sign_in(client, actor_at(make_organisation("provider"), "provider"))

    assert client.get(reverse("marketing:brief", args=[first.pk])).status_code == 404
