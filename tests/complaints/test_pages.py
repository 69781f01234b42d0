from uuid import uuid4

import pytest
from django.urls import reverse

from clearpath.complaints import steps
from clearpath.complaints.models import Complaint
from clearpath.parties.models import Person
from tests.complaints.factories import make_complaint
from tests.factories import make_journey, patient_of, seated, steward

pytestmark = pytest.mark.django_db


def sign_in(client, actor):
    client.force_login(
        Person.objects.get(pk=actor.person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )


def page_of(complaint):
    return reverse("turns:subject", args=["complaint", complaint.pk])


def take(client, complaint, step, **fields):
    url = reverse("turns:take", args=["complaint", complaint.pk, step])
    assert client.get(url).status_code == 200, step
    return client.post(url, fields | {"key": uuid4().hex})


def test_a_complaint_goes_back_and_forth_by_its_forms(client):
    keeper, journey = steward(), make_journey()
    other = make_journey()
    sign_in(client, patient_of(journey))
    start = reverse("turns:start", args=["complaints.raise"])
    form = client.get(start).content.decode()
    assert journey.reference in form
    assert other.reference not in form

    client.post(start, {"category": "service", "journey_id": journey.pk, "text": "Nobody called.", "key": uuid4().hex})
    complaint = Complaint.objects.get()
    assert complaint.about_journey_id == journey.pk
    sign_in(client, keeper)
    take(client, complaint, "complaints.answer", text="We are sorry.")
    sign_in(client, patient_of(journey))
    page = client.get(page_of(complaint)).content.decode()
    assert "Nobody called." in page
    assert "We are sorry." in page
    take(client, complaint, "complaints.go_on", text="They still do not call.")
    take(client, complaint, "complaints.close", settled="no")

    complaint.refresh_from_db()
    assert (complaint.stage, complaint.settled) == ("closed", False)
    assert "It is not settled" in client.get(page_of(complaint)).content.decode()


def test_the_page_of_a_complaint_is_not_found_by_who_is_complained_about(client):
    complaint, _patient, keeper = make_complaint()
    steps.answer(complaint, text="We ask them.", by=keeper)
    sign_in(client, seated(complaint.about_journey, "facilitator"))

    assert client.get(page_of(complaint)).status_code == 404


def test_the_steward_hears_a_complaint_without_seeing_the_journey(client):
    complaint, _patient, keeper = make_complaint()
    sign_in(client, keeper)

    page = client.get(page_of(complaint)).content.decode()

    assert "Nobody called me back." in page
    assert "Amina" not in page
    assert complaint.about_journey.reference not in page
