"""A visitor on a phone comes by a link in Turkish and in Arabic, asks, and is a lead: in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone

from clearpath.marketing import linking
from clearpath.marketing.models import Lead, Touch
from tests.factories import make_organisation
from tests.marketing.factories import agency_of, make_campaign

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
