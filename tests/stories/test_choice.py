"""A patient on a phone, in Arabic, chooses between three offers, one of them from a hospital that owns the guide.

She sees so, confirms it, asks all three the same question, waits a day, chooses, and the others are thanked.
"""

import pytest
from django.urls import reverse
from django.utils import timezone

from clearpath.offers import steps as offers
from clearpath.offers.cooling_off import cooling_off
from clearpath.offers.models import Acknowledgement, Choice, ComparisonSeen, Offer, QuestionAsked
from clearpath.parties.models import Organisation, Person, Tie
from tests.agreements.factories import SERVICE_FEE, make_agreement, signed, with_terms
from tests.factories import NOON, steward
from tests.stories.people import step_address, time_passes
from tests.walk import make_offer, opine, walk_to

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def walk(monkeypatch):
    """Three hospitals are asked and have offered; the first owns the guide, and the guide earns from the second."""
    time_passes(monkeypatch, NOON - timezone.now())
    steward()
    walk = walk_to("records.give_opinion", lanes=3)
    Tie.objects.create(
        first_id=walk.provider.organisation_id, second_id=walk.facilitator.organisation_id, kind="ownership",
        share_bps=6_000, found_at=NOON,
    )  # fmt: skip
    pairs = [(walk.provider, walk.doctor), *walk.others]
    for number, (provider, doctor) in enumerate(pairs):
        opine(walk, doctor)
        make_offer(walk, provider, amount=800_000 - 50_000 * number)
    guide, second = (Organisation.objects.get(pk=each.organisation_id) for each in (walk.facilitator, pairs[1][0]))
    fee = SERVICE_FEE | {"amount_minor": None, "rate_bps": 800}
    signed(with_terms(make_agreement(provider=second, facilitator=guide), fee))
    offers.present(walk.journey, walk.offer, by=walk.facilitator)
    walk.look()
    Person.objects.filter(pk=walk.patient.person_id).update(language="ar")
    return walk


@pytest.fixture
def story(story, live_server, settings, walk):
    story.subject = walk.journey
    for number, (provider, _doctor) in enumerate([(walk.provider, walk.doctor), *walk.others], start=1):
        story.joins(f"hospital {number}", provider)
    story.joins("patient", walk.patient, phone=True)
    language = {"name": settings.LANGUAGE_COOKIE_NAME, "value": "ar", "url": live_server.url}
    story.page.context.add_cookies([language])
    return story


def name_of(actor):
    return Organisation.objects.get(pk=actor.organisation_id).name


def test_a_patient_on_a_phone_in_arabic_chooses_knowingly_and_in_peace(story, walk, monkeypatch):
    the_patient_reads_who_owns_whom_and_who_earns_what(story, walk)
    the_patient_asks_all_three_the_same_question(story, walk)
    the_patient_waits_out_the_night(story, walk, monkeypatch)
    the_patient_chooses_another_than_the_one_that_owns_the_guide(story, walk)
    the_others_are_thanked(story, walk)

    assert story.said == []


def nothing_goes_sideways(story):
    """Everything stands within the width of the phone, from right to left."""
    assert story.page.evaluate("document.documentElement.dir") == "rtl"
    wide = story.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390, f"{wide} pixels wide"


def the_patient_reads_who_owns_whom_and_who_earns_what(story, walk):
    story.as_("patient").opens("offers.acknowledge_interests")
    nothing_goes_sideways(story)
    register = story.page.locator("#interests")
    owner, guide = name_of(walk.provider), name_of(walk.facilitator)
    told = [each.inner_text() for each in register.locator("li").all()]
    assert [line for line in told if owner in line and guide in line]
    assert register.locator("svg[role=img]").count() == 3
    assert all(each.get_attribute("aria-label") for each in register.locator("svg[role=img]").all())
    assert register.locator(f"svg[aria-label*='{name_of(walk.others[0][0])}']").count() == 1
    story.fills(agreed=True)
    story.presses()
    story.is_done("offers.acknowledge_interests")
    kept = Acknowledgement.objects.get()
    assert (kept.language, guide in kept.shown, owner in kept.shown) == ("ar", True, True)


def the_patient_asks_all_three_the_same_question(story, walk):
    story.take("offers.ask_question", text="من يعتني بي في الليل؟")
    assert QuestionAsked.objects.count() == 3
    story.as_("hospital 2").take("offers.answer_question", text="A nurse who speaks Arabic.")
    story.as_("hospital 3").at_subject()
    assert "A nurse who speaks Arabic." not in story.text()
    story.as_("patient").at_subject()
    questions = story.page.locator("#questions")
    assert (questions.locator("li").count(), "A nurse who speaks Arabic." in questions.inner_text()) == (3, True)
    nothing_goes_sideways(story)


def the_patient_waits_out_the_night(story, walk, monkeypatch):
    """She has seen the offers side by side; her page says from when she can choose, and nothing counts down."""
    assert ComparisonSeen.objects.count() == 0
    story.goto(reverse("offers:compare", args=[story.subject.pk]))
    nothing_goes_sideways(story)
    assert story.page.locator("svg[role=img]").count() == 3
    assert ComparisonSeen.objects.count() == 3
    chosen = Offer.objects.get(provider_id=walk.others[0][0].organisation_id)
    address = f"{step_address(story.subject, 'offers.accept')}?lane={chosen.lane_id}"
    story.goto(address)
    nothing_goes_sideways(story)
    assert story.page.locator("main .alert-info").count() == 1
    story.fills(insurance="taken")
    story.is_refused_by_button("offers.accept", status=409)
    assert Choice.objects.count() == 0
    time_passes(monkeypatch, cooling_off())
    story.goto(address)
    assert story.page.locator("main .alert-info").count() == 0


def the_patient_chooses_another_than_the_one_that_owns_the_guide(story, walk):
    story.fills(insurance="taken")
    with story.page.expect_navigation():
        story.presses()
    story.is_done("offers.accept")
    choice = Choice.objects.get()
    assert (choice.offer.provider_id, choice.insurance, choice.language) == (
        walk.others[0][0].organisation_id, "taken", "ar",
    )  # fmt: skip
    story.at_subject()
    nothing_goes_sideways(story)
    with story.page.expect_download() as waiting:
        story.page.click("#contract a[href$='/contract']")
    assert waiting.value.path().read_bytes().startswith(b"%PDF")


def the_others_are_thanked(story, walk):
    assert list(Offer.objects.order_by("made_at", "pk").values_list("state", flat=True)).count("declined") == 2
    for number in (1, 3):
        story.as_(f"hospital {number}").goto(reverse("offers:not_chosen"))
        assert "The patient chose another hospital" in story.text()
    story.as_("hospital 2").goto(reverse("offers:not_chosen"))
    assert "The patient chose another hospital" not in story.text()
