"""A hospital answers a request from a package in a few clicks; the patient compares three offers on a phone."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from clearpath.offers.models import Offer
from tests.offers.test_desk import make_package
from tests.offers.test_side_by_side import three_offers
from tests.stories.people import PHONE
from tests.stories.test_accessibility import judge, session_of, signed_in
from tests.walk import consent_to, opine, walk_to

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MOST_CLICKS = 9


def in_days(days):
    return (timezone.now() + timedelta(days=days)).date().isoformat()


DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture
def at(browser, live_server):
    """A browser in which somebody is signed in, by its actor, language and width; it counts the clicks."""
    contexts = []

    def opened(actor, *, language="en", **viewport):
        context = browser.new_context(**viewport)
        cookies = {settings.SESSION_COOKIE_NAME: session_of(signed_in(actor)), settings.LANGUAGE_COOKIE_NAME: language}
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    yield opened
    for context in contexts:
        context.close()


class Clicks:
    """Presses what it is told to, and counts."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def on(self, selector):
        self.count += 1
        with self.page.expect_navigation():
            self.page.click(selector)


def asked():
    """A request that the doctor has answered; the hospital has a package for it, and may read the opinion."""
    walk = walk_to("records.give_opinion")
    make_package(walk.provider.organisation_id)
    consent_to(walk, walk.provider.organisation_id, "clinical")
    opine(walk)
    return walk


def test_from_the_desk_an_offer_is_sent_from_a_package_in_fewer_than_ten_clicks(at, live_server):
    walk = asked()
    page = at(walk.provider)
    page.goto(live_server.url + reverse("home"))
    clicks = Clicks(page)

    clicks.on(f"nav a[href='{reverse('offers:desk')}']")
    clicks.on("main a:has-text('New knee')")
    assert page.input_value("[name=surgeon]") == "Dr. Can Demir"
    assert page.input_value("[name=items-1-maker]") == "Zimmer"
    page.fill("[name=starts_on]", in_days(40))
    clicks.on("main form button.btn-primary")

    offer = Offer.objects.get()
    assert clicks.count <= MOST_CLICKS
    assert (offer.total_minor, offer.package.title, offer.anaesthetist) == (850_000, "New knee", "Dr. Defne Aslan")
    assert (offer.ends_on - offer.starts_on).days == 14  # as long as the doctor said
    assert [row["who"] for row in offer.refunds] == ["patient", "provider", "doctor"]


def test_what_was_typed_stays_when_it_is_refused_and_a_line_is_added_and_taken_out_by_keyboard(at, live_server):
    walk = asked()
    page = at(walk.provider)
    package = "?" + f"package={walk.provider.organisation_id}"
    page.goto(live_server.url + reverse("turns:take", args=["journey", walk.journey.pk, "offers.make"]) + package)

    page.fill("[name=items-0-label]", "Operation")
    page.fill("[name=items-0-amount]", "8.000")
    page.focus("[name=items-1-label]")
    page.keyboard.type("Bed")
    page.keyboard.press("Tab")
    page.keyboard.type("1500")
    page.fill("[name=stay_nights]", "5")
    page.fill("[name=starts_on]", in_days(40))
    page.select_option("[name=complications_paid_by]", "provider")
    Clicks(page).on("main form button.btn-primary")
    assert "Line 1 (Operation)" in page.inner_text("main")
    assert page.input_value("[name=items-1-amount]") == "1500"

    page.fill("[name=items-0-amount]", "8000")
    page.fill("[name=items-1-label]", "")
    page.fill("[name=items-1-amount]", "")
    Clicks(page).on("main form button.btn-primary")

    assert (Offer.objects.get().total_minor, Offer.objects.get().items.count()) == (800_000, 1)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_offers_side_by_side_are_sound_wide_and_on_a_phone(at, live_server, language):
    walk = three_offers()
    wrong: list[str] = []

    for viewport in (DESKTOP, PHONE):
        page = at(walk.patient, language=language, viewport=viewport)
        page.goto(live_server.url + reverse("offers:compare", args=[walk.journey.pk]))
        judge(page, f"compare at {viewport['width']} in {language}", wrong)
        names = page.locator(".cp-compare thead th bdi").all_inner_texts()
        assert len(set(names)) == 2

    assert wrong == []


def test_the_desk_and_the_form_are_sound_wide_and_on_a_phone(at, live_server):
    walk = asked()
    wrong: list[str] = []
    form = reverse("turns:take", args=["journey", walk.journey.pk, "offers.make"])

    for viewport in (DESKTOP, PHONE):
        page = at(walk.provider, viewport=viewport)
        for address in (reverse("offers:desk"), form):
            page.goto(live_server.url + address)
            judge(page, f"{address} at {viewport['width']}", wrong)

    assert wrong == []
