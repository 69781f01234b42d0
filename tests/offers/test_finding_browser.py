"""Finding a treatment in a real browser: on a phone, in Arabic, with the keyboard alone."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse

from tests.factories import make_journey, make_organisation, patient_of
from tests.offers.listed import listed, outcomes
from tests.stories.whole_network import session_of, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("CLEARPATH_TEST_SHOTS", "")


@pytest.fixture
def patient_page(page, live_server):
    """A page of a patient from Kuwait who is signed in; two hospitals are listed."""
    provider = make_organisation("provider", name="Boğaziçi Hastanesi")
    outcomes(provider, well=9, lost=1)
    listed(provider, city="İstanbul", title="Total diz protezi")
    listed(procedure="dental_implants", city="Ankara", currency="TRY")
    session = session_of(signed_in(patient_of(make_journey())))
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    return page


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_are_sound(patient_page, live_server, language, width):
    page = patient_page
    page.set_viewport_size({"width": width, "height": 800})
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    find = live_server.url + reverse("offers:find")
    addresses = (find, f"{find}?words=diz+protezi", f"{find}?words=xyzzy", f"{find}?words=knee&budget=1&first_day=x")

    for number, address in enumerate((*addresses, live_server.url + reverse("offers:ranking"))):
        page.goto(address)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"find-{language}-{width}-{number}.png", full_page=True)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")

        found = Axe().run(page)
        sideways = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

        assert found.violations_count == 0, found.generate_report()
        assert (address, sideways) == (address, 0)


def test_a_treatment_is_found_with_the_keyboard_alone(patient_page, live_server):
    page = patient_page
    page.goto(live_server.url + reverse("offers:find"))

    page.focus("input[name=words]")
    page.keyboard.type("استبدال الركبه")
    page.keyboard.press("Enter")
    page.wait_for_selector("article")

    assert page.locator("article").count() == 1
    assert "Boğaziçi Hastanesi" in page.inner_text("article")
