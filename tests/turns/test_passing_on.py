"""A message on the wrong topic is handed to whose part it is, and a doctor's day holds medicine."""

import pytest
from django.urls import reverse

from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.parties.models import Person
from clearpath.turns import queries
from clearpath.turns.models import Message
from clearpath.turns.step import STEPS
from tests.walk import walk_to

pytestmark = pytest.mark.django_db
HOTEL = "Is there a hotel near the hospital?"


def write(walk, by, topic="medical", **given):
    return STEPS["turns.write"](walk.journey, topic=topic, by=by, **given)


def read_by(walk, actor):
    return [message.text for message in queries.messages_on(actor, walk.journey)]


def test_what_is_no_medicine_by_its_topic_never_reaches_the_doctor():
    walk = walk_to("offers.make")

    for topic in ("travel", "anything"):
        assert write(walk, walk.patient, topic, text=HOTEL).to_seat.role == "facilitator"
    assert write(walk, walk.patient, "price", text="How much?").to_seat.role == "provider"

    assert read_by(walk, walk.doctor) == []


def test_a_doctor_hands_a_message_to_the_facilitator_and_the_answer_goes_to_the_patient():
    walk = walk_to("offers.make")
    asked = write(walk, walk.patient, text=HOTEL)

    handed = write(walk, walk.doctor, "anything", passes_on=asked)

    assert (handed.to_seat.role, handed.text, handed.passes_on) == ("facilitator", HOTEL, asked)
    assert read_by(walk, walk.facilitator) == [HOTEL]
    answer = write(walk, walk.facilitator, "anything", text="Yes, opposite.", reply_to=handed)
    assert answer.to_seat.role == "patient"
    assert read_by(walk, walk.doctor) == [HOTEL]


def test_a_patient_sends_a_message_elsewhere_and_the_doctor_sees_it_no_more():
    walk = walk_to("offers.make")
    asked = write(walk, walk.patient, text=HOTEL)

    write(walk, walk.patient, "anything", passes_on=asked)

    assert read_by(walk, walk.doctor) == []
    assert read_by(walk, walk.facilitator) == [HOTEL]
    assert read_by(walk, walk.patient) == [HOTEL, HOTEL]


def test_a_message_is_handed_on_once_by_whom_it_concerns_to_somebody_else():
    walk = walk_to("offers.make")
    asked = write(walk, walk.patient, text=HOTEL)

    with pytest.raises(Refused, match="not_your_message"):
        write(walk, walk.provider, "anything", passes_on=asked)
    with pytest.raises(Refused, match="your_own_part"):
        write(walk, walk.doctor, "medical", passes_on=asked)
    write(walk, walk.doctor, "anything", passes_on=asked)
    with pytest.raises(Refused, match="passed_on_already"):
        write(walk, walk.doctor, "anything", passes_on=asked)
    with pytest.raises(NotYourPart):
        write(walk, walk_to("offers.make").doctor, "anything", passes_on=asked)

    assert Message.objects.filter(passes_on=asked).count() == 1


def test_one_button_hands_it_over(client):
    walk = walk_to("offers.make")
    asked = write(walk, walk.patient, text=HOTEL)
    client.force_login(Person.objects.get(pk=walk.doctor.person_id))
    page = reverse("turns:subject", args=["journey", walk.journey.pk])
    button = f'name="passes_on" value="{asked.pk}"'
    assert button in client.get(page).content.decode()

    answered = client.post(
        reverse("turns:write", args=["journey", walk.journey.pk]), {"topic": "anything", "passes_on": str(asked.pk)}
    )

    assert answered.status_code == 302
    assert Message.objects.get(passes_on=asked).to_seat.role == "facilitator"
    again = client.get(page).content.decode()
    assert button not in again
    assert "Handed to the facilitator." in again
