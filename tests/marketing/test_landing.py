import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
import time_machine
from django.urls import reverse

from clearpath.core.outcomes import NotFound, Refused
from clearpath.marketing import linking, steps
from clearpath.marketing.models import Lead, Touch
from clearpath.parties.models import Tie
from tests.factories import NOON, actor_at, make_organisation
from tests.marketing.factories import agency_of, client_of, make_campaign, make_creative, running_creative
from tests.marketing.test_creatives import drawing
from tests.marketing.test_pages import page_of, sign_in

pytestmark = pytest.mark.django_db

PERSON = {"name": "Layla Canary", "phone": "+965 5550 1234", "email": "layla.canary@example.org", "country": "KW",
          "asks": "My left knee", "agreed": "on", "website": ""}  # fmt: skip


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def make_link(campaign=None, **more):
    campaign = campaign or make_campaign(languages=["ar", "tr"])
    return linking.make_link(campaign.pk, by=agency_of(campaign), **({"channel": "social"} | more))


def address(link, **asked):
    url = reverse("marketing:landing", args=[link.code])
    return url + "?" + "&".join(f"{name}={value}" for name, value in asked.items())


def visited(client, link, **asked):
    """The page after the redirect that gives a visitor their token, and its address."""
    url = client.get(address(link, **asked))["Location"]
    return client.get(url), url


def stamp_of(page):
    return re.search(r'name="stamp" value="([^"]+)"', page.content.decode())[1]


def test_who_comes_by_a_link_is_a_touch_that_names_nobody(client):
    link = make_link(country="KW")

    _page, url = visited(client, link)

    touch = Touch.objects.get()
    assert parse_qs(urlsplit(url).query) == {"t": [str(touch.token)]}
    kept = (touch.campaign_id, touch.creative_id, touch.channel, touch.country, touch.day)
    assert kept == (link.campaign_id, None, "social", "KW", NOON.date())
    assert {field.name for field in Touch._meta.fields} == {
        "id", "token", "campaign", "creative", "channel", "country", "day",
    }  # fmt: skip
    client.get(url)
    assert Touch.objects.count() == 1


def test_the_page_sets_no_cookie_asks_nobody_else_and_is_small(client):
    page, _url = visited(client, make_link())
    text = page.content.decode()

    assert (page.status_code, dict(page.cookies)) == (200, {})
    assert page["Referrer-Policy"] == "no-referrer"
    assert len(page.content) < 50_000
    assert "<script" not in text
    assert [found for found in re.findall(r'(?:src|href|action)="([^"]*)"', text) if "//" in found] == []


def test_the_page_speaks_the_campaigns_languages_from_right_to_left_too(client):
    link = make_link()
    _page, url = visited(client, link)

    arabic, turkish = (client.get(f"{url}&lang={code}").content.decode() for code in ("ar", "tr"))

    assert '<html lang="ar" dir="rtl">' in arabic
    assert '<html lang="tr" dir="ltr">' in turkish
    assert "kolaylaştırıcının" in turkish
    assert 'lang="en"' not in client.get(f"{url}&lang=en").content.decode()  # no language of the campaign


def test_the_page_says_who_advertises_for_whom_and_that_they_are_connected(client):
    campaign = make_campaign(languages=["en"])
    link = make_link(campaign)
    page, url = visited(client, link)
    said = f"{campaign.agency.name} advertises here for {campaign.client.name}, who pays for it."
    assert said in page.content.decode()
    assert "are connected" not in page.content.decode()

    first, second = sorted([campaign.agency_id, campaign.client_id])
    Tie.objects.create(first_id=first, second_id=second, kind=Tie.Kind.OWNERSHIP, share_bps=500, found_at=NOON)

    assert "are connected: one owns or controls part of the other" in client.get(url).content.decode()


def test_the_form_becomes_a_lead_that_is_handed_over_with_the_words_as_they_were_read(client):
    make_organisation("facilitator")
    link = make_link()
    page, url = visited(client, link)

    with time_machine.travel(NOON + timedelta(seconds=40), tick=False):
        answer = client.post(f"{url}&lang=tr", PERSON | {"stamp": stamp_of(page)})

    lead, touch = Lead.objects.get(), Touch.objects.get()
    assert answer.status_code == 200
    assert (lead.stage, lead.name, lead.phone, lead.asks, lead.country) == (
        "with_facilitator", "Layla Canary", "+965 5550 1234", "My left knee", "KW",
    )  # fmt: skip
    assert (lead.token, lead.link_id, lead.channel, lead.signs) == (touch.token, link.pk, "social", [])
    assert lead.consent_wording.startswith("Bu ağdaki bir kolaylaştırıcının")
    assert (lead.consent_language, lead.language, lead.consented_at) == ("tr", "tr", NOON + timedelta(seconds=40))
    assert lead.agency_id == link.campaign.agency_id


def test_sending_the_form_twice_makes_one_lead(client):
    make_organisation("facilitator")
    page, url = visited(client, make_link())
    sent = PERSON | {"stamp": stamp_of(page)}

    assert [client.post(url, sent).status_code for _time in range(2)] == [200, 200]
    assert Lead.objects.count() == 1


@pytest.mark.parametrize(
    "missing", [{"agreed": ""}, {"name": ""}, {"phone": "", "email": ""}, {"email": "x"}, {"country": ""}]
)
def test_without_consent_a_name_or_a_way_to_reach_them_the_form_is_shown_again(client, missing):
    page, url = visited(client, make_link())

    answer = client.post(url, PERSON | {"stamp": stamp_of(page)} | missing)

    assert (answer.status_code, Lead.objects.count()) == (422, 0)
    assert 'class="error"' in answer.content.decode()


def test_what_a_program_filled_in_is_flagged_and_not_refused(client):
    make_organisation("facilitator")
    page, url = visited(client, make_link())

    client.post(url, PERSON | {"stamp": stamp_of(page), "website": "https://spam.example", "phone": "123"})

    assert Lead.objects.get().signs == ["speed", "impossible_phone", "honeypot"]


def test_a_lead_that_nobody_can_answer_yet_is_kept_for_the_agency_to_hand_over(client):
    page, url = visited(client, make_link())

    assert client.post(url, PERSON | {"stamp": stamp_of(page)}).status_code == 200
    assert Lead.objects.get().stage == "new"


@pytest.mark.parametrize("token", ["", "nonsense", str(UUID(int=7))])
def test_a_token_that_was_not_given_out_is_not_kept(client, token):
    make_organisation("facilitator")
    link = make_link()
    page, _url = visited(client, link)

    client.post(address(link, t=token), PERSON | {"stamp": stamp_of(page)})

    assert str(Lead.objects.get().token) != token
    assert isinstance(Lead.objects.get().token, UUID)


@pytest.mark.parametrize(
    ("asked", "channel"),
    [
        ({"utm_source": "newsletter"}, "newsletter"),
        ({"utm_medium": "CPC"}, "cpc"),
        ({"utm_source": "layla.canary@example.org"}, "social"),
        ({"utm_source": "96555501234"}, "social"),
        ({"utm_source": "tel-96555501234"}, "social"),
    ],
)
def test_utm_parameters_are_read_where_they_name_nobody(client, asked, channel):
    client.get(address(make_link(), **asked))

    assert Touch.objects.get().channel == channel


@pytest.mark.parametrize("end", ["link", "campaign", "unknown"])
def test_a_page_that_has_ended_says_so_and_takes_nobody(client, end):
    link = make_link()
    page, url = visited(client, link)
    if end == "link":
        linking.end_link(link, by=agency_of(link.campaign))
    elif end == "campaign":
        steps.end_campaign(link.campaign, reason="Over.", by=client_of(link.campaign))
    else:
        url = reverse("marketing:landing", args=["22222222"])

    assert client.get(url).status_code == 410
    assert client.post(url, PERSON | {"stamp": stamp_of(page)}).status_code == 410
    assert Lead.objects.count() == 0


def test_an_advertisement_is_shown_only_while_it_runs(client):
    campaign = make_campaign(languages=["en"])
    creative = make_creative(campaign)
    link = make_link(campaign, creative_id=creative.pk)
    assert client.get(address(link)).status_code == 410

    steps.check_claims(creative, by=actor_at(creative.doctor_id, "doctor"))
    steps.approve_creative(creative, by=client_of(campaign))
    steps.run_creative(creative, by=agency_of(campaign))

    page, _url = visited(client, link)
    assert "Knee replacement with four nights in hospital." in page.content.decode()
    assert Touch.objects.get().creative_id == creative.pk


def test_an_advertisement_speaks_its_own_language_and_offers_those_of_its_campaign(client):
    creative = running_creative(make_campaign(languages=["ar", "tr"]), languages=["ar"])
    link = make_link(creative.part_of, creative_id=creative.pk)
    _page, url = visited(client, link)

    arabic = client.get(url, headers={"accept-language": "tr"}).content.decode()
    turkish = client.get(f"{url}&lang=tr").content.decode()

    assert '<html lang="ar" dir="rtl">' in arabic
    assert 'lang="tr" hreflang="tr"' in arabic
    assert '<html lang="tr" dir="ltr">' in turkish
    assert '<h1 dir="auto" lang="ar">Walk again</h1>' in turkish
    assert 'hreflang="ar"' in turkish


def test_the_picture_of_an_advertisement_stands_at_its_own_address_while_it_runs(client):
    creative = running_creative(make_campaign(languages=["en"]), picture=drawing(), picture_alt="A teal wall")
    link = make_link(creative.part_of, creative_id=creative.pk)
    page, _url = visited(client, link)

    url = reverse("marketing:landing_picture", args=[link.code, creative.picture_key])
    assert f'<img class="picture" src="{url}" alt="A teal wall"' in page.content.decode()
    assert len(page.content) < 50_000
    picture = client.get(url)
    assert (picture.content, picture["Content-Type"]) == (bytes(creative.picture.content), "image/jpeg")
    assert (picture["Cache-Control"], dict(picture.cookies)) == ("public, max-age=86400", {})

    assert client.get(reverse("marketing:landing_picture", args=[link.code, "0" * 64])).status_code == 404
    steps.stop_creative(creative, reason="The price has changed.", by=client_of(creative.part_of))
    assert client.get(url).status_code == 410


def test_the_picture_of_another_advertisement_is_not_to_be_had_by_a_link(client):
    creative = running_creative(make_campaign(languages=["en"]), picture=drawing(), picture_alt="A teal wall")
    link = make_link(creative.part_of)

    assert client.get(reverse("marketing:landing_picture", args=[link.code, creative.picture_key])).status_code == 404


def test_what_is_too_long_is_told_and_nothing_of_it_is_cut(client):
    page, url = visited(client, make_link(make_campaign(languages=["en"])))
    long = "My knee. " * 300

    answer = client.post(url, PERSON | {"stamp": stamp_of(page), "asks": long})

    text = answer.content.decode()
    assert (answer.status_code, Lead.objects.count()) == (422, 0)
    assert "at most 2000 characters" in text
    assert long.strip() in text
    assert "maxlength" not in text  # a browser would cut what is pasted, and say nothing


def test_looking_ahead_is_no_touch(client):
    client.get(address(make_link()), headers={"sec-purpose": "prefetch"})

    assert Touch.objects.count() == 0


def test_the_agency_makes_a_link_sees_its_qr_and_ends_it(client):
    campaign = make_campaign()
    sign_in(client, agency_of(campaign))

    new = reverse("marketing:make_link", args=[campaign.pk])
    assert client.get(new).status_code == 200
    assert client.post(new, {"channel": "Layla 96555501234"}).status_code == 422
    assert client.post(new, {"channel": "Social"}).status_code == 302

    link = campaign.links.get()
    assert link.channel == "social"
    assert f"/go/{link.code}" in client.get(page_of(campaign)).content.decode()
    assert client.get(reverse("marketing:link_qr", args=[link.pk])).content.startswith(b"<?xml")
    client.post(reverse("marketing:end_link", args=[link.pk]))
    assert client.get(address(link)).status_code == 410


def test_a_link_is_its_agencys_alone():
    link = make_link()

    for actor in (client_of(link.campaign), actor_at(make_organisation("agency"), "agency")):
        with pytest.raises(NotFound):
            linking.link_for(actor, link.pk)
    with pytest.raises(Refused, match="not_your_campaign"):
        linking.make_link(link.campaign_id, channel="social", by=client_of(link.campaign))


def test_a_page_takes_the_same_queries_for_any_number_of_links(client, django_assert_num_queries):
    link = make_link()
    for _number in range(3):
        make_link(link.campaign)
    _page, url = visited(client, link)

    with django_assert_num_queries(3):  # link, touch, ties
        assert client.get(url).status_code == 200
