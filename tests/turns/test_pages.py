import pytest
from django.urls import reverse

from clearpath.journeys import steps as journeys
from clearpath.parties.models import Person
from clearpath.trust import log
from clearpath.turns import charters
from clearpath.turns.phrases import STAGES
from clearpath.turns.step import STEPS
from tests.factories import actor_at, make_journey, make_organisation, patient_of, seated

pytestmark = pytest.mark.django_db


def sign_in(client, actor):
    client.force_login(
        Person.objects.get(pk=actor.person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )


def page_of(journey):
    return reverse("turns:subject", args=["journey", journey.pk])


def step_of(journey, name):
    return reverse("turns:take", args=["journey", journey.pk, name])


def test_a_patient_with_one_journey_is_at_home_on_it(client):
    journey = make_journey()
    sign_in(client, patient_of(journey))

    page = client.get("/")

    assert page.status_code == 200
    assert "Amina Yusuf" in page.content.decode()


def test_the_desk_shows_what_waits_for_me(client):
    journey = make_journey()
    sign_in(client, seated(journey, "facilitator"))

    page = client.get("/")

    assert step_of(journey, "journeys.answer_inquiry") in page.content.decode()


def test_a_step_is_taken_by_its_form(client):
    journey = make_journey()
    sign_in(client, seated(journey, "facilitator"))

    assert client.get(step_of(journey, "journeys.answer_inquiry")).status_code == 200
    answer = client.post(step_of(journey, "journeys.answer_inquiry"), {"how": "telephone", "key": "k1"})

    assert (answer.status_code, answer["Location"]) == (302, page_of(journey))
    journey.refresh_from_db()
    assert journey.facts == ["answered"]


def test_a_form_with_a_mistake_is_shown_again_and_nothing_is_done(client):
    journey = make_journey()
    sign_in(client, seated(journey, "facilitator"))

    answer = client.post(step_of(journey, "journeys.answer_inquiry"), {"how": "by pigeon"})

    assert answer.status_code == 422
    journey.refresh_from_db()
    assert journey.facts == []


def test_a_step_of_somebody_else_is_a_card_with_the_hand_off_button(client):
    journey = make_journey()
    sign_in(client, patient_of(journey))

    answer = client.post(step_of(journey, "journeys.answer_inquiry"), {"how": "telephone"})

    assert answer.status_code == 403
    assert reverse("turns:hand_off", args=["journey", journey.pk]) in answer.content.decode()
    assert list(log.entries_of(journey.pk))[-1].decision == "refused"


def test_handing_off_tells_the_one_whose_part_it_is(client):
    journey = make_journey()
    sign_in(client, patient_of(journey))

    client.post(reverse("turns:hand_off", args=["journey", journey.pk]), {"step": "journeys.answer_inquiry"})

    sign_in(client, seated(journey, "facilitator"))
    assert "Handed to you" in client.get("/").content.decode()


def test_a_stranger_finds_nothing_and_the_attempt_is_logged(client):
    journey = make_journey()
    stranger = make_organisation("agency")
    from tests.factories import actor_at

    sign_in(client, actor_at(stranger, "agency"))

    assert client.get(page_of(journey)).status_code == 404
    assert client.get(step_of(journey, "records.treat")).status_code == 404
    assert client.post(step_of(journey, "records.treat")).status_code == 404
    assert [entry.decision for entry in log.entries_of(journey.pk)] == ["done", "refused"]


def test_every_page_of_a_journey_renders_for_patient_and_facilitator(client):
    journey = make_journey()
    journeys.answer_inquiry(journey, by=seated(journey, "facilitator"))
    for actor in (patient_of(journey), seated(journey, "facilitator")):
        sign_in(client, actor)
        for url in (page_of(journey), "/notices", "/journeys", "/hat"):
            assert client.get(url).status_code == 200, url


def test_a_patient_lets_the_facilitator_add_records_and_takes_it_back(client):
    journey = make_journey()
    sign_in(client, patient_of(journey))

    client.post(step_of(journey, "turns.appoint"), {"what": "records.add:facilitator"})
    appointed = journey.appointments.get()
    client.post(step_of(journey, "turns.revoke"), {"appointment": str(appointed.pk)})

    appointed.refresh_from_db()
    assert (appointed.step, appointed.role, appointed.revoked_at is not None) == ("records.add", "facilitator", True)


def test_who_handed_a_task_over_can_withdraw_it(client):
    journey = make_journey()
    sign_in(client, patient_of(journey))
    client.post(reverse("turns:hand_off", args=["journey", journey.pk]), {"step": "journeys.answer_inquiry"})
    handed = journey.hand_offs.get()
    assert "Withdraw" in client.get(page_of(journey)).content.decode()

    client.post(reverse("turns:answer_hand_off", args=["journey", journey.pk, handed.pk]), {"answer": "withdrawn"})

    handed.refresh_from_db()
    assert handed.state == "withdrawn"


def test_a_file_of_others_is_not_found_and_the_try_is_logged(client):
    journey = make_journey()
    document = STEPS["turns.attach"](
        journey,
        title="Passport",
        data_class="identity",
        media_type="application/pdf",
        content=b"%PDF",
        by=patient_of(journey),
    )
    stranger = actor_at(make_organisation("agency"), "agency")
    sign_in(client, stranger)

    answer = client.get(reverse("turns:document", args=["journey", journey.pk, document.pk]))

    assert answer.status_code == 404
    entry = list(log.entries_of(journey.pk))[-1]
    assert (entry.decision, entry.person_id, entry.about_id) == ("refused", stranger.person_id, document.pk)


def test_who_works_for_an_organisation_is_not_asked_to_found_another(client):
    journey = make_journey()
    sign_in(client, seated(journey, "facilitator"))

    page = client.get("/").content.decode()

    assert reverse("turns:start", args=["agreements.draft"]) in page
    assert reverse("turns:start", args=["parties.apply"]) not in page


def test_what_happened_is_told_as_done_and_repetition_once(client):
    journey = make_journey()
    for number in range(3):
        STEPS["turns.attach"](
            journey,
            title=f"Page {number}",
            data_class="identity",
            media_type="application/pdf",
            content=b"%PDF",
            by=patient_of(journey),
        )
    sign_in(client, patient_of(journey))

    page = client.get("/").content.decode()

    assert page.count("Attached a document") == 1
    assert "3 times" in page


def test_every_stage_of_the_shipped_charter_has_words():
    kinds = charters.charter(charters.in_force()).subjects.values()
    stages = {f"{kind.name}:{stage}" for kind in kinds for stage in kind.stages}

    assert stages - set(STAGES) == set()
