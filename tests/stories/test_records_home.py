"""Records on their way: from a patient's phone to two hospitals, through a treatment, to the doctor at home.

The pages that this is about are used in a browser, each by whom they are for; what lies between is taken as steps.
"""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import segno
from django.urls import reverse
from django.utils import timezone

from clearpath import jobs
from clearpath.journeys import steps as journeys
from clearpath.offers.cooling_off import cooling_off
from clearpath.parties.models import Organisation, Person
from clearpath.records import steps as records
from clearpath.records.lines import FollowUp, Medicine, WarningSign
from clearpath.records.models import Discharge, Link, LinkAnswer, Opinion, Record
from clearpath.travel import steps as travel
from tests.records.sharing import SUMMARY
from tests.stories.people import PHONE
from tests.walk import EXPLAINED, OPERATION, PATH, PDF, Walk, begin, compare, make_offer

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

LETTER = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": PDF}
IPS = {
    "name": "summary.json",
    "mimeType": "application/json",
    "buffer": SUMMARY.replace(b"Martha", b"Amina").replace(b"DeLarosa", b"Yusuf"),
}
FIRST = {
    "summary": "New knee, walks with two crutches", "images": "X-ray of the knee",
    "medicines": [Medicine("Paracetamol", "1 g", "four times a day", "day 9")],
    "warning_signs": [WarningSign("Fever", "The hospital", "the same day")],
    "follow_up": [FollowUp("Stitches out", "day 14", "at home")],
}  # fmt: skip
SECOND = FIRST | {
    "summary": "Wound rinsed, no germ found",
    "medicines": [Medicine("Cefuroxime", "500 mg", "twice a day", "day 16")],
    "follow_up": [FollowUp("Wound looked at", "day 3", "at home")],
}
OPERATION_SAYS = ("From the front", "Worn joint", "Dr. Can Demir", "Spinal", "Cefazolin", "Cement")
CUT_OFF = """[...document.querySelectorAll(".cp-narrative")].filter(each => each.scrollWidth > each.clientWidth)
    .map(each => each.innerText)"""
SHOTS = os.environ.get("CLEARPATH_TEST_SHOTS", "")


def shot(page, name):
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"story-{name}.png", full_page=True)


@pytest.fixture
def walk():
    """A journey in intake with two hospitals that could be asked, and everybody at the time of the browsers."""
    found = begin(lanes=2)
    for name in ("patient", "facilitator", "provider", "doctor", "network"):
        setattr(found, name, now(getattr(found, name)))
    found.others = [(now(provider), now(doctor)) for provider, doctor in found.others]
    take(found, "journeys.answer_inquiry", "journeys.open")
    return found


def now(actor):
    return replace(actor, now=timezone.now())


def take(walk, *names):
    for name in names:
        PATH[name](walk)
        walk.journey.refresh_from_db()


@pytest.fixture
def story(story, walk):
    story.subject = walk.journey
    story.joins("doctor", walk.doctor)
    story.joins("patient", walk.patient, phone=True)
    return story


@pytest.fixture
def home(browser):
    """A browser of a doctor at home, on a phone: nobody ever signed in with it."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


def test_records_go_to_the_hospital_and_come_home(story, walk, home):
    the_patient_uploads_a_letter_and_a_summary(story)
    the_patient_agrees_to_two_hospitals(story, walk)
    journeys.send_for_review(walk.journey, to=asked(walk), by=walk.facilitator)
    the_doctor_reads_and_answers_with_the_keyboard(story, walk)
    the_patient_is_treated_twice_discharged_and_taken_home(walk)
    address, passcode = the_patient_makes_a_link(story)
    the_doctor_at_home_reads_and_acknowledges(home, address, passcode)
    the_patient_sees_who_read(story, walk)

    assert story.said == []


def the_patient_uploads_a_letter_and_a_summary(story):
    story.opens("records.add")
    story.fills(file=[LETTER, IPS])
    with story.page.expect_navigation():
        story.presses()
    story.is_done("records.add")
    story.at_subject()

    assert set(Record.objects.values_list("title", "media_type")) == {
        ("letter", "application/pdf"), ("summary", "application/fhir+json")
    }  # fmt: skip
    assert "Understood: 2 problems" in story.page.inner_text("#records")
    wanted = story.page.locator("section:has(#papers-title)")
    assert "X-ray" in wanted.inner_text()
    assert wanted.locator(".cp-badge:has-text('missing')").count() > 3
    shot(story.page, "journey-phone")
    story.page.click("#records a:has-text('Read the summary')")
    shot(story.page, "summary-phone")
    assert "Menopausal flushing" in story.text()
    assert sideways(story.page) == 0


def sideways(page):
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def the_patient_agrees_to_two_hospitals(story, walk):
    for provider, doctor in lanes(walk):
        for each in (provider, doctor):
            story.take("journeys.give_consent", what=f"{each.organisation_id}:clinical")
    story.at_subject()

    shown_to = story.page.inner_text("#records")
    for _provider, doctor in lanes(walk):
        assert Organisation.objects.get(pk=doctor.organisation_id).name in shown_to
    assert sideways(story.page) == 0


def lanes(walk: Walk):
    return [(walk.provider, walk.doctor), *walk.others]


def asked(walk):
    return [journeys.Asked(provider.organisation_id, doctor.organisation_id) for provider, doctor in lanes(walk)]


def the_doctor_reads_and_answers_with_the_keyboard(story, walk):
    story.as_("doctor").goto(reverse("records:room"))
    presses_enter_at(story, f"a[href*='{walk.journey.pk}/records.give_opinion']")
    assert "X-ray of the knee, standing" in story.page.inner_text("section:has(#papers-title) .cp-missing")
    shot(story.page, "case-desktop")
    presses_enter_at(story, f"a[href$='{reverse('records:summary', args=[walk.journey.pk])}']")
    assert "Menopausal flushing" in story.text()
    shot(story.page, "summary-desktop")
    letter = Record.objects.get(media_type="application/pdf")
    presses_enter_at(story, f"a[href='{reverse('records:record', args=[letter.pk])}']")
    assert "letter" in story.page.inner_text("h1")
    story.page.go_back()  # Alt and the left arrow are the browser's own
    story.page.go_back()
    story.tabs_to("[name=suitability]")
    story.page.keyboard.press("Space")
    story.types("[name=plan]", "Replace the knee under spinal anaesthesia")
    story.types("[name=risks-0-what]", "Infection")
    story.types("[name=risks-0-chance]", "1 per 100")
    story.types("[name=alternatives]", "Physiotherapy, or to wait")
    story.types("[name=stay_days]", "95")
    story.types("[name=anaesthetist]", "Dr. Defne Aslan")
    presses_enter_at(story, "main form button.btn-primary")

    story.is_done("records.give_opinion")
    assert Opinion.objects.get().plan == "Replace the knee under spinal anaesthesia"


def presses_enter_at(story, selector):
    story.tabs_to(selector)
    with story.page.expect_navigation():
        story.page.keyboard.press("Enter")


def the_patient_is_treated_twice_discharged_and_taken_home(walk):
    today = timezone.now().date()
    make_offer(walk, valid_until=timezone.now() + timedelta(days=30))
    take(walk, "offers.present")
    jobs.run_due(strict=True)
    walk.journey.refresh_from_db()
    take(walk, "offers.acknowledge_interests")
    compare(walk.at(walk.patient.now - cooling_off()))
    take(walk, "offers.accept", "money.sign_contract", "money.confirm_deposit")
    travel.plan(
        walk.journey, arrives_on=today, leaves_on=today + timedelta(days=100), contact="+90 555 0100",
        by=walk.facilitator,
    )  # fmt: skip
    take(walk, "records.clear_for_travel", "travel.confirm_arrival", "offers.admit")
    records.explain_treatment(walk.journey, text="A new knee", language="en", by=walk.doctor, **EXPLAINED)
    take(walk, "records.give_informed_consent")
    records.treat(walk.journey, text="Knee replaced", treated_on=today, by=walk.doctor, **OPERATION)
    records.discharge(walk.journey, discharged_on=today, by=walk.doctor, **FIRST)
    records.readmit(walk.journey, reason="The wound is red", by=walk.doctor)
    records.discharge(walk.journey, discharged_on=today, by=walk.doctor, **SECOND)
    records.hand_over_home(walk.journey, text="Dear colleague, the wound was rinsed.", by=walk.doctor)

    assert Discharge.objects.count() == 2
    walk.journey.refresh_from_db()
    assert {"treated", "discharged", "handed_over"} <= set(walk.journey.facts)


def the_patient_makes_a_link(story):
    story.as_("patient").at_subject()
    story.page.click("#links a:has-text('Share my health records')")
    passcode = story.page.input_value("[name=passcode]")
    with story.page.expect_navigation():
        story.presses()
    story.is_done("records.share")
    address = story.page.input_value("#written")
    drawn = story.page.request.get(story.url + story.page.get_attribute(".cp-qr", "src")).text()

    assert story.page.evaluate("document.querySelector('.cp-qr').naturalWidth") > 100
    assert squares_in(drawn) == squares_of(address)
    assert squares_in(drawn) != squares_of(address + "x")
    return address, passcode


def squares_in(svg):
    """The dark squares of a QR code, as its picture draws them."""
    return svg.rpartition(' d="')[2].partition('"')[0]


def squares_of(address):
    return squares_in(segno.make(address, error="m", micro=False, boost_error=False).svg_inline(border=4))


def the_doctor_at_home_reads_and_acknowledges(page, address, passcode):
    page.goto(address)
    page.fill("#recipient", "Dr. Weber, Berlin")
    page.fill("#passcode", passcode)
    page.click("#open button")
    page.wait_for_selector("#records:not([hidden])")
    told = page.inner_text("#records")
    shot(page, "viewer-phone")

    assert "Amina Yusuf" in told
    assert "Menopausal flushing" in told
    for words in ("Knee replaced", "Knee prosthesis", "09506000134352", *OPERATION_SAYS):
        assert words in told, words
    for words in ("The wound is red", "Wound rinsed, no germ found", "Cefuroxime", "500 mg", "Wound looked at"):
        assert words in told, words
    assert sideways(page) == 0
    assert page.evaluate(CUT_OFF) == []
    page.click("#received")
    page.wait_for_selector("#sent:has-text('arrived')")


def the_patient_sees_who_read(story, walk):
    doctor = Person.objects.get(pk=walk.doctor.person_id).name
    [link], [answer] = Link.objects.all(), LinkAnswer.objects.all()
    story.as_("patient").at_subject()
    for more in story.page.locator("#looks details:not([open]) > summary").all():
        more.click()
    looks = story.page.locator("#looks li").all_inner_texts()
    shot(story.page, "journey-phone-after")

    for who, act in (
        (doctor, "Read the summary"), (doctor, "Opened a health record"), ("Dr. Weber, Berlin", "Opened a link"),
    ):  # fmt: skip
        assert any(who in each and act in each for each in looks), (who, act, looks)
    assert "Received by Dr. Weber, Berlin" in story.page.inner_text("section:has(#answers-title)")
    happened = story.page.locator("section:has(#timeline-title) li").all_inner_texts()
    assert any("the health records arrived" in each and "Dr. Weber, Berlin" in each for each in happened), happened
    assert sideways(story.page) == 0
    story.goto(reverse("records:link", args=[link.pk]))
    assert "Dr. Weber, Berlin" in story.page.inner_text("section:has(#opened-title)")
    assert answer.kind == "received"
