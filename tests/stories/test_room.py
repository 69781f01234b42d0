"""A doctor answers a plain question with the keyboard alone, from the queue to the next one."""

import time

import pytest
from django.conf import settings
from django.urls import reverse

from clearpath.records.models import Opinion
from tests.factories import make_organisation
from tests.stories.people import PHONE
from tests.stories.test_accessibility import judge, session_of, signed_in
from tests.walk import walk_to

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SECONDS = 120  # what a plain case may take a doctor


@pytest.fixture
def doctor_at(browser, live_server):
    """A browser in which a doctor is signed in, by its actor and its width."""
    contexts = []

    def opened(actor, **viewport):
        context = browser.new_context(**viewport)
        session = session_of(signed_in(actor))
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    yield opened
    for context in contexts:
        context.close()


def tabs_to(page, selector):
    for _press in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def types(page, selector, words):
    tabs_to(page, selector)
    page.keyboard.type(words)


def test_a_plain_case_takes_a_doctor_no_mouse_and_less_than_two_minutes(doctor_at, live_server):
    practice = make_organisation("doctor")
    first, second = (walk_to("records.give_opinion", doctor=practice) for _journey in range(2))
    page = doctor_at(first.doctor)
    page.goto(live_server.url + reverse("records:room"))
    began = time.monotonic()

    tabs_to(page, f"a[href*='{first.journey.pk}/records.give_opinion']")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=plan]")
    assert not page.locator("[name=reason]").is_visible()  # what another answer would need is not asked for
    tabs_to(page, "[name=suitability]")
    page.keyboard.press("Space")
    types(page, "[name=plan]", "Replace the knee under spinal anaesthesia")
    types(page, "[name=risks-0-what]", "Infection")
    types(page, "[name=risks-0-chance]", "1 per 100")
    types(page, "[name=alternatives]", "Physiotherapy, or to wait")
    types(page, "[name=stay_days]", "95")
    types(page, "[name=anaesthetist]", "Dr. Defne Aslan")
    tabs_to(page, "main form button.btn-primary")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert Opinion.objects.get().flight_days == 90
    assert time.monotonic() - began < SECONDS
    assert f"{second.journey.pk}/records.give_opinion" in page.url


def test_a_no_hides_what_only_a_yes_needs(doctor_at, live_server):
    walk = walk_to("records.give_opinion")
    page = doctor_at(walk.doctor)
    page.goto(live_server.url + reverse("records:case", args=[walk.journey.pk, "records.give_opinion"]))

    page.check("[value=not_suitable]")

    assert page.locator("[name=reason]").is_visible()
    assert not page.locator("[name=plan]").is_visible()


def test_the_room_is_sound_on_a_desktop_and_on_a_phone(doctor_at, live_server):
    walk = walk_to("records.give_opinion")
    wrong: list[str] = []

    for viewport in ({"width": 1280, "height": 900}, PHONE):
        page = doctor_at(walk.doctor, viewport=viewport)
        for address in (
            reverse("records:room"),
            reverse("records:case", args=[walk.journey.pk, "records.give_opinion"]),
        ):
            page.goto(live_server.url + address)
            judge(page, f"{address} at {viewport['width']}", wrong)

    assert wrong == []
