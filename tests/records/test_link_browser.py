"""A doctor without an account opens a patient's link in a fresh browser, and the patient sees it."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone

from clearpath.parties.models import Person
from clearpath.records import link_queries, steps
from clearpath.records.models import Link, LinkAnswer, LinkOpening
from clearpath.turns import history
from tests.records.sharing import PASSCODE, journey_with_summary, share
from tests.stories.people import Story, step_address
from tests.walk import PDF

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SHOTS = os.environ.get("CLEARPATH_TEST_SHOTS", "")


def now(walk):
    """The patient, at the moment at which browsers ask."""
    return replace(walk.patient, now=timezone.now())


def link_for_browser(walk, live_server, **choices):
    link, _payload = share(walk, by=now(walk), **choices)
    return link, link_queries.written_out(link, root=live_server.url)


def shot(page, name):
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.fixture
def doctor(browser):
    """A browser that nobody ever signed in with, and what it asked and complained of."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.asked, page.said = [], []
    page.on("request", lambda asked: page.asked.append(f"{asked.url} {asked.post_data or ''}"))
    page.on("console", lambda message: message.type in {"error", "warning"} and page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    yield page
    context.close()


def opens(page, written, *, passcode=PASSCODE):
    page.goto(written)
    page.fill("#recipient", "Dr. Weber, Berlin")
    if passcode:
        page.fill("#passcode", passcode)
    page.click("#open button")


def test_a_doctor_at_home_opens_reads_acknowledges_and_asks_back(doctor, live_server):
    walk = journey_with_summary("records.give_opinion")
    link, written = link_for_browser(walk, live_server, passcode=PASSCODE, label="For Dr. Weber")

    opens(doctor, written, passcode="000000")
    doctor.wait_for_selector("#wrong:not([hidden])")
    assert "Tries left: 9" in doctor.inner_text("#wrong")
    shot(doctor, "viewer-ask-phone")
    doctor.fill("#passcode", PASSCODE)
    doctor.click("#open button")
    doctor.wait_for_selector("#records:not([hidden])")
    told = doctor.inner_text("#records")
    shot(doctor, "viewer-phone")
    doctor.set_viewport_size(DESKTOP)
    shot(doctor, "viewer-desktop")
    doctor.set_viewport_size(PHONE)
    doctor.click("#received")
    doctor.wait_for_selector("#sent:has-text('arrived')")
    doctor.fill("#question", "Which cement was used?")
    doctor.fill("#reach", "weber@example.org")
    doctor.click("#ask-back button")
    doctor.wait_for_selector("#sent:has-text('treating doctor')")

    assert "Martha DeLarosa" in told
    assert "Hot flushes" in told
    assert [each.kind for each in LinkAnswer.objects.order_by("pk")] == ["received", "question"]
    assert [each.outcome for each in LinkOpening.objects.order_by("pk")] == ["wrong_passcode", "opened"]
    [looked] = history.who_looked(walk.patient, walk.journey)
    assert looked.said_name == "Dr. Weber, Berlin"
    assert not any(link.key in each for each in doctor.asked)
    assert all(each.startswith((live_server.url, "blob:")) for each in doctor.asked)
    assert [each for each in doctor.said if "Failed to load resource" not in each] == []
    assert doctor.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0
    found = Axe().run(doctor)
    assert found.violations_count == 0, found.generate_report()


def test_files_are_downloaded_and_never_shown_by_the_browser(doctor, live_server):
    walk = journey_with_summary()
    pdf = walk.journey.records.get(media_type="application/pdf")
    _link, written = link_for_browser(walk, live_server, record_ids=[pdf.pk], with_summary=False)

    opens(doctor, written, passcode="")
    doctor.wait_for_selector("#records:not([hidden])")
    with doctor.expect_download() as download:
        doctor.click("#content a[download]")

    assert download.value.suggested_filename == "Letter.pdf"
    assert Path(download.value.path()).read_bytes() == PDF


def test_a_single_file_opens_too_and_offers_no_way_back(doctor, live_server):
    _link, written = link_for_browser(journey_with_summary(), live_server, single_file=True)

    opens(doctor, written, passcode="")
    doctor.wait_for_selector("#records:not([hidden])")

    assert "Martha DeLarosa" in doctor.inner_text("#records")
    assert not doctor.is_visible("#answer")


HOSTILE = b"""{"resourceType": "Bundle", "type": "document", "entry": [{"fullUrl": "urn:a", "resource":
{"resourceType": "Composition", "title": "<img src=x onerror=alert(1)>", "section": [{"title": "Problems", "text":
{"div": "<div><script>document.title='hacked'</script><p onclick='x()' style='color:red'>Knee <b>worn</b></p>
<img src='x' onerror='alert(2)'><a href='javascript:alert(3)'>more</a><iframe src='/'></iframe></div>"}}]}}]}"""
HOSTILE = HOSTILE.replace(b"\n", b" ")


def test_what_a_narrative_holds_beside_words_is_left_out(doctor, live_server):
    walk = journey_with_summary()
    record = steps.add(walk.journey, content=HOSTILE, confirmed=True, by=walk.patient)
    _link, written = link_for_browser(walk, live_server, record_ids=[record.pk], with_summary=False)

    opens(doctor, written, passcode="")
    doctor.wait_for_selector("#records:not([hidden])")

    room = doctor.locator("#content .cp-narrative")
    assert room.inner_text().split() == ["Knee", "worn", "more"]
    assert room.locator("script, img, a, iframe, [onclick], [style]").count() == 0
    assert doctor.inner_text("#title") == "<img src=x onerror=alert(1)>"
    assert "hacked" not in doctor.title()
    assert [each for each in doctor.said if "has been blocked" not in each] == []


def test_without_javascript_the_page_says_what_to_do(browser, live_server):
    _link, written = link_for_browser(journey_with_summary(), live_server)
    page = browser.new_context(java_script_enabled=False).new_page()

    page.goto(written)

    assert "needs JavaScript" in page.inner_text("main")
    assert not page.is_visible("#open")


def test_without_a_link_in_the_address_it_is_pasted(doctor, live_server):
    _link, written = link_for_browser(journey_with_summary(), live_server)

    doctor.goto(f"{live_server.url}/shl/view")
    doctor.fill("#link", written.partition("#")[2])
    doctor.fill("#recipient", "Dr. Weber")
    doctor.click("#open button")
    doctor.wait_for_selector("#records:not([hidden])")

    assert "Martha DeLarosa" in doctor.inner_text("#records")


def test_a_patient_makes_a_link_in_two_clicks_and_ends_it(browser, live_server):
    walk = journey_with_summary()
    story = Story(browser, live_server.url, subject=walk.journey)
    story.joins("patient", now(walk), phone=True)

    story.at_subject()
    shot(story.page, "journey-phone")
    story.page.click("#records a:has-text('Share my health records')")
    passcode = story.page.input_value("[name=passcode]")
    shot(story.page, "share-phone")
    story.presses()
    story.page.wait_for_selector(".cp-qr")
    shot(story.page, "link-phone")
    story.page.set_viewport_size(DESKTOP)
    shot(story.page, "link-desktop")

    link = Link.objects.get()
    assert passcode.isdigit()
    assert len(passcode) == 6
    picture = story.page.locator(".cp-qr")
    for _look in range(200):  # it comes by itself
        if picture.evaluate("each => each.naturalWidth"):
            break
        story.page.wait_for_timeout(50)
    assert picture.evaluate("each => each.naturalWidth") > 100
    assert story.page.input_value("#written").startswith(f"{live_server.url}/shl/view#shlink:/")
    assert Axe().run(story.page).violations_count == 0
    story.page.set_viewport_size(PHONE)
    for language in ("en", "ar"):
        story.page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        for address in (link.get_absolute_url(), "/shl/view", step_address(walk.journey, "records.share")):
            story.goto(address)
            sideways = story.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            shot(story.page, f"{address.strip('/').replace('/', '-')[:12]}-{language}")
            assert (language, address, sideways) == (language, address, 0)
    story.page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    story.goto(link.get_absolute_url())
    story.page.click("text=End this link now")
    story.page.wait_for_selector("text=You ended it")
    link.refresh_from_db()
    assert link.stopped_at is not None
    assert story.said == []


def test_nobody_but_the_patient_sees_a_link(client):
    walk = journey_with_summary("records.give_opinion")
    link, _payload = share(walk)

    for actor in (walk.facilitator, walk.doctor, walk.provider):
        client.force_login(Person.objects.get(pk=actor.person_id))
        assert client.get(reverse("records:link", args=[link.pk])).status_code == 404
        assert client.get(reverse("records:link_qr", args=[link.pk])).status_code == 404
