"""The doctor at home acknowledges what arrived and asks back; a second doctor has no tie to the first."""

import pytest
from django.urls import reverse

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.journeys import queries as journeys
from clearpath.parties.hats import actor_of, hats_of
from clearpath.parties.models import Person, Tie
from clearpath.records import queries, steps
from clearpath.records.models import Note
from clearpath.records.written import side_by_side
from clearpath.trust import log
from clearpath.turns import queries as turns
from clearpath.turns.models import Notice, Seat
from clearpath.turns.step import STEPS
from tests.factories import NOON, actor_at, make_organisation, make_person
from tests.walk import consent_to, walk_to

pytestmark = pytest.mark.django_db


def home_doctor_on(walk):
    person = make_person("Dr. Home")
    Seat.objects.create(
        subject_id=walk.journey.pk, role="home_doctor", position="home_doctor", person=person, offered_at=NOON,
        held_since=NOON,
    )  # fmt: skip
    return Actor(role="home_doctor", now=NOON, person_id=person.pk)


def test_a_doctor_at_home_acknowledges_once_and_three_are_told():
    walk = walk_to("aftercare.report")
    doctor = home_doctor_on(walk)
    with pytest.raises(Refused, match="not_received"):
        steps.acknowledge(walk.journey, by=doctor)
    consent_to(walk, doctor.person_id, "clinical")

    note = steps.acknowledge(walk.journey, text="I take the stitches out.", by=doctor)

    assert (note.kind, note.text) == ("acknowledged", "I take the stitches out.")
    told = Notice.objects.filter(step="records.acknowledge").values_list("seat__role", flat=True)
    assert sorted(told) == ["doctor", "facilitator", "patient"]
    written = queries.own_file_for(walk.patient, walk.journey)
    assert [(each.role, each.by) for each in written if each.kind == "acknowledged"] == [("home_doctor", "Dr. Home")]
    with pytest.raises(Refused, match="acknowledged_already"):
        steps.acknowledge(walk.journey, by=doctor)
    steps.hand_over_home(walk.journey, text="A correction.", by=walk.doctor)
    steps.acknowledge(walk.journey, by=doctor)


def test_a_doctor_at_home_asks_back_in_words():
    walk = walk_to("aftercare.report")
    doctor = home_doctor_on(walk)
    with pytest.raises(Refused, match="not_received"):
        steps.ask_back(walk.journey, text="Which cement?", by=doctor)
    consent_to(walk, doctor.person_id, "clinical")

    with pytest.raises(Refused, match="text_needed"):
        steps.ask_back(walk.journey, text=" ", by=doctor)
    assert not Note.objects.filter(kind="asked_back").exists()
    steps.ask_back(walk.journey, text="Which cement?", by=doctor)

    assert log.entries_of(walk.journey.pk).last().step == "records.ask_back"
    assert Notice.objects.filter(step="records.ask_back", seat__role="doctor").count() == 1


@pytest.mark.parametrize("role", ["patient", "facilitator", "doctor", "provider"])
@pytest.mark.parametrize("step", ["records.acknowledge", "records.ask_back"])
def test_only_the_doctor_at_home_acknowledges_and_asks_back(step, role):
    walk = walk_to("aftercare.report")

    with pytest.raises(NotYourPart) as refusal:
        STEPS[step](walk.journey, text="Yes", by=getattr(walk, role))

    assert refusal.value.rightful == "home_doctor"


def test_before_the_hand_over_there_is_nothing_to_acknowledge():
    walk = walk_to("records.hand_over_home")
    doctor = home_doctor_on(walk)

    with pytest.raises(NotYourPart) as refusal:
        steps.acknowledge(walk.journey, by=doctor)

    assert refusal.value.missing == ("handed_over",)


def offer(walk, key, by=None):
    return STEPS["turns.offer_seat"](
        walk.journey, position="second_doctor", role="second_doctor", organisation_id=key, by=by or walk.patient
    )


def test_the_seat_of_a_second_doctor_is_offered_only_to_who_has_no_tie():
    walk = walk_to("offers.present")
    free, tied = make_organisation("doctor", name="Free"), make_organisation("doctor", name="Tied")
    Tie.objects.create(first=tied, second_id=walk.provider.organisation_id, kind="family", found_at=NOON)

    offered = [words for value, words in turns.seats_to_offer(walk.patient, walk.journey) if "second_doctor" in value]
    assert [words.split(": ")[1] for words in offered] == ["Free"]
    with pytest.raises(Refused, match="second_doctor_is_tied"):
        offer(walk, tied.pk)
    seat = offer(walk, free.pk)

    person = Person.objects.get(pk=actor_at(free, "doctor").person_id)
    second = actor_of(person, next(hat for hat in hats_of(person) if hat.role == "second_doctor"), now=NOON)
    STEPS["turns.accept_seat"](walk.journey, seat, by=second)
    assert (free.pk, "Free", "clinical") in journeys.consents_to_ask(walk.journey)
    consent_to(walk, free.pk, "clinical")
    note = steps.give_second_opinion(walk.journey, verdict="differs", text="Exercises first.", by=second)
    [entry] = [each for each in queries.own_file_for(walk.patient, walk.journey) if each.kind == "second_opinion"]
    assert note.lane is None
    beside = side_by_side(queries.own_file_for(walk.patient, walk.journey))
    assert [each.kind for each in beside] == ["opinion", "second_opinion"]
    assert [str(part.text) for part in entry.parts] == ["Exercises first.", "Sees it differently"]


def test_who_works_for_the_first_doctor_is_no_second_doctor():
    walk = walk_to("offers.present")
    colleague = walk.doctor.person_id

    with pytest.raises(Refused, match="second_doctor_is_tied"):
        STEPS["turns.offer_seat"](
            walk.journey, position="second_doctor", role="second_doctor", organisation_id=None, person_id=colleague,
            by=walk.patient,
        )  # fmt: skip


def test_a_patient_finds_the_way_to_a_second_doctor_while_it_is_time(client):
    walk = walk_to("offers.present")
    client.force_login(Person.objects.get(pk=walk.patient.person_id))
    way = reverse("turns:take", args=["journey", walk.journey.pk, "turns.offer_seat"])
    asks = "Ask a second doctor, who has no tie to the first"

    assert asks in client.get("/").content.decode()
    assert "second_doctor:second_doctor" not in client.get(way).content.decode()
    make_organisation("doctor", name="Free")
    assert "second_doctor:second_doctor" in client.get(way).content.decode()
    later = walk_to("records.treat")
    client.force_login(Person.objects.get(pk=later.patient.person_id))
    assert asks not in client.get("/").content.decode()
