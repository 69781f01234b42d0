"""Everybody may read who advertises here."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from clearpath.marketing import linking, steps
from clearpath.parties.models import Person, Tie
from tests.factories import NOON, make_organisation
from tests.marketing.factories import agency_of, client_of, make_campaign, make_creative, running_creative

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def page(client, **asked):
    return client.get(reverse("marketing:advertisers"), asked)


def text(client, **asked):
    return page(client, **asked).content.decode()


def test_a_client_with_a_running_advertisement_stands_there_with_its_agency_since_when_and_where(client):
    creative = running_creative(countries=["KW"], languages=["ar", "tr"])

    told = text(client)

    for words in (creative.client.name, creative.agency.name, "Kuwait", "العربيّة", "Türkçe", "2026-06-01"):
        assert words in told, words
    assert "are connected" not in told


def test_nobody_stands_there_for_what_does_not_run(client):
    make_creative()
    stopped = running_creative()
    steps.stop_creative(stopped, reason="No.", by=client_of(stopped.part_of))
    ended = running_creative()
    steps.end_campaign(ended.part_of, reason="Over.", by=client_of(ended.part_of))
    running_creative(last_day=date(2026, 6, 2))

    with time_machine.travel(NOON + timedelta(days=2), tick=False):
        assert "Nobody advertises here now." in text(client)


def test_a_tie_of_ownership_however_small_is_said(client):
    creative = running_creative()
    first, second = sorted([creative.agency_id, creative.client_id])
    tie = Tie.objects.create(first_id=first, second_id=second, kind=Tie.Kind.OWNERSHIP, share_bps=500, found_at=NOON)

    said = f"{creative.agency.name} and {creative.client.name} are connected"
    assert said in text(client)
    Tie.objects.filter(pk=tie.pk).update(ended_at=NOON)
    assert said not in text(client)


def test_a_tie_between_two_clients_is_said_at_each(client):
    first, second = sorted(running_creative().client_id for _number in range(2))
    Tie.objects.create(first_id=first, second_id=second, kind=Tie.Kind.CONTROL, found_at=NOON)

    assert text(client).count("are connected") == 2


def test_nobody_is_named_and_no_cookie_is_set(client):
    running_creative()

    answer = page(client)

    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    told = answer.content.decode()
    assert [name for name in Person.objects.values_list("name", flat=True) if name and name in told] == []
    assert [found for found in re.findall(r'(?:src|href)="([^"]*)"', told) if "//" in found] == []


def test_it_speaks_every_language_of_the_network(client):
    running_creative()

    assert '<html lang="ar" dir="rtl">' in text(client, lang="ar")
    assert '<html lang="tr" dir="ltr">' in text(client, lang="tr")
    assert '<html lang="en" dir="ltr">' in text(client, lang="xx")


def test_it_is_linked_from_a_landing_page_and_from_the_door(client):
    campaign = make_campaign(languages=["en"])
    link = linking.make_link(campaign.pk, channel="social", by=agency_of(campaign))
    url = reverse("marketing:advertisers")

    landing = client.get(client.get(reverse("marketing:landing", args=[link.code]))["Location"])

    assert f'href="{url}?lang=en"' in landing.content.decode()
    assert f'href="{url}"' in client.get(reverse("account_login")).content.decode()


def test_the_page_takes_the_same_queries_for_any_number_of_advertisements(client, django_assert_num_queries):
    running_creative()
    campaign = make_campaign(client=make_organisation("provider"))
    for _number in range(2):
        running_creative(campaign)

    with django_assert_num_queries(2):  # advertisements, ties
        assert page(client).status_code == 200
