"""Somebody asks to come to a forum, is accepted, meets and rates: in a real browser, without an account."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clearpath.forums import steps
from clearpath.forums.models import Rating, Registration
from tests.factories import NOON, make_organisation
from tests.forums.factories import at, make_forum, organizer_of, registered
from tests.stories.people import time_passes

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_guest_comes_meets_and_rates_without_an_account(browser, live_server, monkeypatch):
    time_passes(monkeypatch, NOON - timezone.now())
    hospital = make_organisation("provider", name="Desk House")
    forum = make_forum(hospital)
    registered(forum, hospital)
    steps.open_registration(forum, by=organizer_of(forum))
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))

    page.goto(live_server.url + reverse("forums:come", args=[forum.pk]))
    answers = {"person": "Bea", "email": "bea@guides.example", "organisation": "Bea Guides", "offers": "interpreting"}
    for name, text in (answers | {"wants": "knees"}).items():
        page.fill(f"[name={name}]", text)
    page.select_option("[name=trade]", "facilitator")
    page.check("[name=agreed]")
    page.click("main form button.btn-primary")
    page.click("main a.btn-primary")
    assert "has not answered yet" in page.inner_text("main")

    guest = steps.accept_registration(forum, Registration.objects.get(), by=organizer_of(forum))
    steps.answer_meeting(forum, guest, answer="yes", by=at(hospital))
    page.reload()
    assert "1 asks to meet you" in page.inner_text("main")
    own = page.url
    page.click("text=Who comes")
    page.click("button:has-text('Meet them')")
    assert "Both want it" in page.inner_text("main")

    steps.publish_agendas(forum, by=organizer_of(forum))
    steps.start(forum, by=organizer_of(forum))
    time_passes(monkeypatch, timedelta(minutes=5))
    page.goto(own)
    page.wait_for_selector("html[data-offline=ready]")
    page.context.set_offline(True)
    page.reload()
    assert "Desk House" in page.inner_text("main")
    page.context.set_offline(False)

    page.goto(own)
    page.click("main a[href$='worth_it=yes']")
    page.click("button[value=later]")
    page.wait_for_url(f"{own}#**")
    assert (Rating.objects.get().delegate, Rating.objects.get().next_step) == (guest, "later")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert [each for each in said if "Failed to load resource" not in each] == []
    page.context.close()
