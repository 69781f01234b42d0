"""One journey from an agency's lead to its end, in a real browser, by eight people who each do their own part.

On the way they try what is not their part, by button and by hand-made request; each try is refused, logged, and,
where it makes sense, one button hands it to whose part it is. The patient has no JavaScript and a phone, the doctor
no mouse.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clearpath.complaints.models import Complaint
from clearpath.journeys.models import Journey
from clearpath.marketing.models import Campaign, Lead
from clearpath.offers.cooling_off import cooling_off
from clearpath.records.models import Record
from clearpath.trust import log
from clearpath.turns.models import Document, HandOff, Lane
from tests.factories import actor_at, make_organisation, patient_of, steward
from tests.stories.people import refusals_on, step_address, time_passes, turns_on

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PDF = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 the patient's papers"}
PRICE = {
    "items-0-label": "Operation", "items-0-amount": "8000", "items-0-kind": "treatment", "items-1-label": "Bed",
    "items-1-amount": "1500", "items-1-kind": "stay",
}  # fmt: skip


def in_days(days: int) -> str:
    return (timezone.now() + timedelta(days=days)).date().isoformat()


@pytest.fixture
def network():
    steward()
    return {
        name: make_organisation(role, name=f"{name.title()} House")
        for name, role in (
            ("agency", "agency"), ("guide", "facilitator"), ("desk", "provider"), ("surgeon", "doctor"),
            ("second desk", "provider"), ("second surgeon", "doctor"),
        )
    }  # fmt: skip


def everybody_signs_in(story, network):
    for name, organisation in network.items():
        role = {"guide": "facilitator", "desk": "provider", "surgeon": "doctor"}.get(name.split()[-1], name)
        story.joins(name, actor_at(organisation, role))
    story.joins("steward", steward())


def test_one_journey_from_an_agency_s_lead_to_its_end(story, network, monkeypatch):
    everybody_signs_in(story, network)

    the_agency_finds_somebody(story, network)
    the_guide_opens_the_journey(story, network)
    the_patient_agrees_and_brings_records(story, network)
    the_doctors_look(story, network)
    the_hospitals_offer(story)
    the_patient_chooses(story, monkeypatch)
    everything_is_prepared(story)
    the_patient_is_treated(story)
    the_patient_goes_home(story)
    the_steward_hears_a_complaint(story)
    the_journey_is_closed(story)

    assert len(story.pages) == 8
    assert len(story.refusals) >= 20
    assert {refusal.status for refusal in story.refusals} == {403, 404, 409}
    assert sum(refusal.hand_off for refusal in story.refusals) >= 12
    assert story.said == []
    assert log.verify().problems == []


def the_agency_finds_somebody(story, network):
    story.as_("guide").take(
        "marketing.publish_brief",
        name="Walk again", agency_id=network["agency"].pk, doctor_id=network["surgeon"].pk, services="Knees",
    )  # fmt: skip
    with story.elsewhere(Campaign.objects.get()):
        story.as_("agency").refused("marketing.accept_campaign", status=403, hand_off="client")
        story.take("marketing.propose_campaign", plan="Search in two languages, for twelve weeks.")
        story.as_("guide").take("marketing.accept_campaign")
    story.as_("agency").take(
        "marketing.record_lead",
        campaign_id=Campaign.objects.get().pk, name="Amina Yusuf", email="amina@example.org", asks="A new knee",
        country="KW", language="en", channel="search", consented_at=timezone.now().strftime("%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    lead = Lead.objects.get()
    with story.elsewhere(lead):
        story.refused("marketing.take_lead", status=403, hand_off="facilitator")
        story.take("marketing.hand_over_lead")  # the guide asked for patients: by the rules it answers
        story.at_subject()
        assert "Amina" not in story.text()
        story.refused("marketing.take_lead", status=403)  # whoever has left the seat has nothing to hand over


def the_guide_opens_the_journey(story, network):
    with story.elsewhere(Lead.objects.get()):
        story.as_("guide").take("marketing.take_lead", procedure="Knee replacement")
    story.subject = journey = Journey.objects.get()
    assert journey.stage == "inquiry"
    story.is_invited("patient", patient_of(journey), javascript=False, phone=True)

    story.as_("agency").refused("journeys.give_consent", status=404)
    story.refused("journeys.open", status=404)
    story.as_("patient").refused("journeys.answer_inquiry", status=403, hand_off="facilitator", how="telephone")
    story.hands_over("journeys.answer_inquiry")
    story.as_("guide").at_home()
    story.page.locator("section:has(#hand-offs-title) button[value=accepted]").click()
    assert HandOff.objects.get().state == "accepted"
    story.take("journeys.answer_inquiry", how="telephone")
    story.take("journeys.open")


def the_patient_agrees_and_brings_records(story, network):
    story.as_("guide").refused("journeys.send_for_review", status=403)  # without consent, nothing leaves the patient
    story.as_("patient")
    for name in ("guide", "desk", "surgeon", "second desk", "second surgeon"):
        story.take("journeys.give_consent", what=f"{network[name].pk}:clinical")
    story.as_("guide").refused("records.add", status=403, hand_off="patient")
    story.as_("patient").opens("records.add")
    same = {"title": "Letter from home", "key": story.page.input_value("[name=key]")}
    story.fills(title=same["title"], file=PDF)
    story.presses()
    story.is_done("records.add")
    sent_twice(story, same)
    story.refused("journeys.send_for_review", status=403, hand_off="facilitator")
    assert ("journeys.send_for_review", "facilitator") in turns_on(story.subject)


def sent_twice(story, same):
    """The very form that was sent, once more: it is said that it was done, the log has the try, and it is done once."""
    token = story.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    before = refusals_on(story.subject)
    again = story.page.request.post(
        story.url + step_address(story.subject, "records.add"),
        multipart={**same, "csrfmiddlewaretoken": token, "file": PDF},
    )
    assert (again.status, "Nothing was done twice" in again.text()) == (200, True)
    assert refusals_on(story.subject) == before + 1
    assert Record.objects.count() == 1


def the_doctors_look(story, network):
    pairs = [f"{network[desk].pk}:{network[surgeon].pk}" for desk, surgeon in
             (("desk", "surgeon"), ("second desk", "second surgeon"))]  # fmt: skip
    story.as_("guide").take(
        "journeys.send_for_review", to=pairs, why="Both do many knees.", why_fewer="Only these two speak Arabic."
    )
    assert Lane.objects.count() == 2

    story.refused("records.give_opinion", status=403, hand_off="doctor", lane=Lane.objects.first().pk)
    story.as_("desk").refused("records.give_opinion", status=403, hand_off="doctor")
    story.refused("offers.make", status=403)  # no price before a doctor's opinion
    story.as_("patient").refused("offers.accept", status=409)  # two are asked: which one is meant?
    story.as_("surgeon").refused("offers.make", status=403, hand_off="provider")
    story.refused("travel.plan", status=403, hand_off="facilitator")
    the_doctor_answers_without_a_mouse(story)
    story.as_("second surgeon").take(
        "records.give_opinion",
        suitability="suitable", plan="The same knee", alternatives="To wait", **{"risks-0-what": "Infection"},
        event="joint_replacement", stay_days=95, surgeon="Dr. Weber", anaesthetist="Dr. Lang",
    )  # fmt: skip


def the_doctor_answers_without_a_mouse(story):
    """From the desk to the opinion and back with Tab, Enter, Space and letters."""
    story.as_("surgeon").at_home()
    story.tabs_to(f"a[href*='{story.subject.pk}/do/records.give_opinion']")
    story.page.keyboard.press("Enter")
    story.page.wait_for_selector("[name=plan]")
    story.tabs_to("[name=suitability]")
    story.page.keyboard.press("Space")
    story.types("[name=plan]", "Replace the knee, physiotherapy from the first day")
    story.types("[name=risks-0-what]", "Infection")
    story.types("[name=risks-0-chance]", "1 per 100")
    story.types("[name=alternatives]", "Physiotherapy, or to wait")
    story.types("[name=stay_days]", "95")
    story.types("[name=surgeon]", "Dr. Can Demir")
    story.types("[name=anaesthetist]", "Dr. Defne Aslan")
    story.tabs_to("main form button.btn-primary")
    with story.page.expect_navigation():
        story.page.keyboard.press("Enter")
    story.is_done("records.give_opinion")


def the_hospitals_offer(story):
    terms = PRICE | {
        "stay_nights": 5, "valid_until": in_days(30), "starts_on": in_days(40), "surgeon": "Dr. Can Demir",
        "anaesthetist": "Dr. Defne Aslan", "complications_paid_by": "provider",
    }  # fmt: skip
    story.as_("desk").take("offers.make", **terms)
    story.as_("second desk").take("offers.make", **terms | {"items-0-amount": "9000"})
    a_lane_does_not_reach_into_another(story)
    story.as_("desk").refused("offers.present", status=403, hand_off="facilitator")
    story.refused("offers.acknowledge_interests", status=403, hand_off="patient")
    story.as_("guide").opens("offers.present")
    stale = story.page.context.new_page()
    stale.goto(story.page.url)
    story.presses()
    story.is_done("offers.present")
    an_old_page_is_pressed(story, stale)


def an_old_page_is_pressed(story, stale):
    """The same form in another tab, pressed after the step was taken: refused, with what holds now."""
    story.pages["guide in another tab"], story.actors["guide in another tab"] = stale, story.actors["guide"]
    story.as_("guide in another tab").is_refused_by_button("offers.present", status=403)
    assert "This cannot be done at this stage" in story.text()
    del story.pages["guide in another tab"]
    stale.close()


def a_lane_does_not_reach_into_another(story):
    """A document of the first lane, its doctor's part and its offer: nothing for the second hospital."""
    story.as_("desk").take("turns.attach", title="Ward plan", file=PDF, data_class="offer")
    document = Document.objects.get()
    first, _second = Lane.objects.order_by("number")
    story.as_("second desk").at_subject()
    assert "Ward plan" not in story.text()
    assert "8,000" not in story.text()
    story.refused_to_read(f"/journey/{story.subject.pk}/document/{document.pk}", "turns.attach")
    story.refused("offers.withdraw", status=403, lane=first.pk, reason="Not mine")
    story.as_("second surgeon").refused("records.advise_against", status=403, lane=first.pk, reason="Not mine")


def the_patient_chooses(story, monkeypatch):
    first, _second = Lane.objects.order_by("number")
    story.as_("guide").refused("offers.accept", status=403, hand_off="patient", lane=first.pk)
    story.as_("patient").refused("offers.accept", status=403, lane=first.pk)  # before knowing who earns what
    story.take("offers.acknowledge_interests", agreed=True)
    story.as_("second desk").opens("offers.withdraw")
    story.as_("patient").goto(reverse("offers:compare", args=[story.subject.pk]))
    story.at_home()
    story.page.click(f"a[href*='do/offers.accept?lane={first.pk}']")
    story.fills(insurance="own")
    story.is_refused_by_button("offers.accept", status=409)  # nobody chooses on the day of the offers
    time_passes(monkeypatch, cooling_off())
    story.presses()
    story.is_done("offers.accept")

    # The hospital that was not chosen presses a button of a page from before: its sight has ended.
    story.as_("second desk").fills(reason="We are full")
    story.is_refused_by_button("offers.withdraw", status=404)
    assert story.at_subject().status == 404
    story.as_("second surgeon").refused("records.ask_question", status=404, text="May I still ask?")
    story.refused_to_read(f"/record/{Record.objects.get().pk}/", "records.open_record")


def everything_is_prepared(story):
    story.as_("guide").refused("money.sign_contract", status=403, hand_off="patient", agreed="on")
    story.as_("patient").take("money.sign_contract", agreed=True)
    story.as_("surgeon").refused("money.confirm_deposit", status=403, hand_off="provider", amount=2000)
    story.as_("desk").take("money.confirm_deposit", amount=2000)
    story.take("travel.issue_invitation", expected_from=in_days(5), expected_until=in_days(25))
    story.as_("guide").refused("travel.confirm_arrival", status=403)  # nobody comes before a doctor says so
    story.take("travel.plan", arrives_on=in_days(5), leaves_on=in_days(25), contact="+90 555 0100")
    story.as_("surgeon").take("records.clear_for_travel", text="Bring all medicines.")
    story.as_("guide").take("travel.confirm_arrival")


def the_patient_is_treated(story):
    story.as_("desk").take("offers.admit", hospital_number="H-17")
    story.as_("surgeon").refused("records.treat", status=403)  # before the patient consents
    story.take(
        "records.explain_treatment",
        text="A new knee", purpose="To walk", risks="Infection", alternatives="To wait", what_follows="Exercises",
        who_operates="Dr. Can Demir", complication_costs="The hospital",
    )  # fmt: skip
    story.refused("records.give_informed_consent", status=403, hand_off="patient", agreed="on")
    story.as_("patient").take("records.give_informed_consent", agreed=True)
    story.as_("guide").refused("records.treat", status=403, hand_off="doctor", text="No")
    story.as_("surgeon").take(
        "records.treat",
        treated_on=in_days(0), text="Knee replaced", approach="From the front",
        findings="Worn joint", complications="None", closure="Stitches", drains="None", operator="Dr. Can Demir",
        anaesthesia="Spinal", drugs="Cefazolin", materials="Cement",
        **{"implants-0-name": "Knee prosthesis", "implants-0-udi": "(01)09506000134352(17)310930(10)LOT7"},
    )  # fmt: skip
    story.as_("desk").refused("records.discharge", status=403, hand_off="doctor")
    story.as_("surgeon").take(
        "records.discharge",
        discharged_on=in_days(0), summary="New knee", images="None",
        **{"medicines-0-name": "Paracetamol", "medicines-0-dose": "1 g", "medicines-0-how_often": "four times a day"},
        **{"warning_signs-0-sign": "Fever", "warning_signs-0-call": "The hospital"},
        **{"follow_up-0-what": "Stitches out", "follow_up-0-on_day": "day 14"},
    )  # fmt: skip


def the_patient_goes_home(story):
    story.as_("surgeon").refused("money.invoice", status=403, hand_off="provider", amount=9500)
    story.as_("desk").take("money.invoice", amount=9500)
    story.as_("patient").refused("records.declare_fit_to_fly", status=403, hand_off="doctor")
    story.as_("surgeon").take("records.declare_fit_to_fly", fit_from=in_days(90), fit_until=in_days(120))
    story.as_("guide").take("travel.send_home", leaves_on=in_days(91))
    story.refused("money.settle", status=403)  # the network's own part is handed to nobody
    story.as_("surgeon").take("records.hand_over_home", text="For your doctor at home.")
    story.as_("patient").take("aftercare.report", pain=2, wound="fine")


def the_steward_hears_a_complaint(story):
    story.as_("patient").goto("/new/complaints.raise")
    story.fills(category="service", text="The interpreter came an hour late.")
    story.presses()
    story.is_done("complaints.raise")
    complaint = Complaint.objects.get()
    story.as_("steward").refused("aftercare.close", status=404)
    with story.elsewhere(complaint):
        story.as_("guide").refused("complaints.answer", status=404, text="It was the traffic.")
        story.as_("patient").refused("complaints.answer", status=403, hand_off="steward", text="I am right.")
        story.as_("steward").take("complaints.answer", text="The guide apologises and pays the hour back.")
        story.as_("patient").take("complaints.close", settled="yes")


def the_journey_is_closed(story):
    story.as_("desk").refused("aftercare.finish", status=403, hand_off="facilitator")
    story.as_("guide").take("aftercare.finish", patient_says="recovered")
    story.as_("patient").refused("aftercare.close", status=403, hand_off="facilitator")
    story.as_("guide").take("aftercare.close")
    assert (story.subject.stage, turns_on(story.subject)) == ("closed", set())
    story.refused("travel.plan", status=403)
    story.as_("patient").at_subject()
    assert "This has ended" in story.text()
