"""A visitor on a phone comes by a link in Turkish and in Arabic, asks, and is a lead: in a real browser."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone

from clearpath.marketing import linking
from clearpath.marketing.models import Lead, Touch
from tests.factories import actor_at, make_organisation
from tests.marketing.factories import agency_of, make_campaign, make_creative, running_creative
from tests.marketing.test_creatives import drawing
from tests.marketing.test_pages import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "direction"), [("tr", "ltr"), ("ar", "rtl")])
def test_a_visitor_asks_and_is_a_lead(browser, live_server, language, direction):
    campaign = make_campaign(languages=["tr", "ar"], services="Diz protezi")
    make_organisation("facilitator")
    link = linking.make_link(campaign.pk, channel="social", by=agency_of(campaign))
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale=language, java_script_enabled=True)
    page = context.new_page()
    page.set_default_timeout(60_000)
    asked_elsewhere = []
    page.on(
        "request",
        lambda request: None if request.url.startswith(live_server.url) else asked_elsewhere.append(request.url),
    )

    page.goto(live_server.url + reverse("marketing:landing", args=[link.code]))

    assert page.get_attribute("html", "dir") == direction
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.fill("#id_name", "Layla Canary")
    page.fill("#id_phone", "+965 5550 1234")
    page.select_option("#id_country", "KW")
    page.check("#id_agreed")
    page.click("button")
    page.wait_for_selector("h1")
    assert page.locator("form").count() == 0
    assert (context.cookies(), asked_elsewhere) == ([], [])
    context.close()

    lead = Lead.objects.get()
    assert (lead.name, lead.language, lead.consent_language, lead.stage) == (
        "Layla Canary", language, language, "with_facilitator",
    )  # fmt: skip
    assert lead.token == Touch.objects.get().token
    assert lead.consented_at <= timezone.now()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_everybody_sees_who_advertises_and_the_picture_of_an_advertisement(browser, live_server, language):
    creative = running_creative(
        make_campaign(languages=["en", "ar"]), text="Guaranteed!", picture=drawing(size=(2000, 900)),
        picture_alt="A teal wall", last_day=timezone.now().date() + timedelta(days=9),
    )  # fmt: skip
    link = linking.make_link(creative.part_of_id, channel="social", creative_id=creative.pk, by=agency_of(creative))
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale=language)
    page = context.new_page()
    page.set_default_timeout(60_000)

    page.goto(live_server.url + reverse("marketing:landing", args=[link.code]))
    assert page.evaluate("document.querySelector('.picture').naturalWidth") == 1200
    looked_at(page)
    page.click("footer a")

    page.wait_for_url("**/advertisers*")
    assert page.get_attribute("html", "lang") == language
    assert creative.client.name in page.inner_text("main")
    looked_at(page)
    assert context.cookies() == []
    context.close()


def looked_at(page):
    """Nothing is wider than a phone, and nothing is in the way of somebody who does not see the page."""
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_doctor_reads_what_stands_out_beside_the_form(browser, live_server, client):
    creative = make_creative(text="Guaranteed, before and after!", picture=drawing(), picture_alt="A teal wall")
    sign_in(client, actor_at(creative.doctor_id, "doctor"))
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(60_000)

    page.goto(live_server.url + reverse("turns:take", args=["creative", creative.pk, "marketing.check_claims"]))
    looked_at(page)
    for box in page.locator("textarea[name^=mark-]").all():
        box.fill("Our published outcomes show it.")
    page.click("main form button.btn-primary")
    page.wait_for_url(f"**/creative/{creative.pk}/")

    looked_at(page)
    context.close()
    creative.refresh_from_db()
    assert set(creative.reviewed["doctor"]) == {"tr_guarantee", "tr_before_after_pictures"}
