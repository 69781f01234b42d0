"""Who may review, once and whole, and how the hospital answers."""

import pytest
from django.urls import reverse

from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.offers import steps
from clearpath.offers.models import Review
from clearpath.parties.models import Person
from clearpath.trust import log
from tests.factories import actor_at, make_organisation
from tests.walk import walk_to

pytestmark = pytest.mark.django_db
TEXT = "The desk answered within a day.\nThe food was bad."


def review(walk, by=None, **change):
    given = {"stars": 4, "text": TEXT, "is_public": True} | change
    return steps.review(walk.journey, by=by or walk.patient, **given)


def test_review_is_kept_whole_about_the_hospital_that_treated():
    walk = walk_to("records.hand_over_home")

    found = review(walk)

    assert (found.provider_id, found.text, found.stars) == (walk.provider.organisation_id, TEXT, 4)
    assert log.entries_about(found).get().step == "offers.review"


def test_review_is_written_once():
    walk = walk_to("records.hand_over_home")
    review(walk)

    with pytest.raises(Refused):
        review(walk, text="Something else")
    assert Review.objects.get().text == TEXT


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"stars": 0}, "stars_out_of_range"),
        ({"stars": 6}, "stars_out_of_range"),
        ({"text": " "}, "text_needed"),
        ({"text": "x" * 5001}, "text_too_long"),
        ({"is_public": False}, "not_confirmed_public"),
    ],
)
def test_review_is_refused(change, code):
    walk = walk_to("records.hand_over_home")

    with pytest.raises(Refused, match=code):
        review(walk, **change)
    assert not Review.objects.exists()


def test_review_is_for_the_treated_patient_alone():
    walk = walk_to("records.hand_over_home")
    for other in (walk.facilitator, walk.provider, walk.doctor):
        with pytest.raises(NotYourPart):
            review(walk, other)
    untreated = walk_to("records.treat")
    with pytest.raises(Refused):
        review(untreated)
    assert not Review.objects.exists()


def test_answer_review_stands_beneath_once():
    walk = walk_to("records.hand_over_home")
    review(walk)

    steps.answer_review(walk.journey, text="We have a new cook.", by=walk.provider)

    found = Review.objects.get()
    assert (found.text, found.answer) == (TEXT, "We have a new cook.")
    with pytest.raises(Refused):
        steps.answer_review(walk.journey, text="And a new kitchen.", by=walk.provider)
    assert Review.objects.get().answer == "We have a new cook."


def test_answer_review_is_for_the_reviewed_hospital_alone():
    walk = walk_to("records.hand_over_home")
    with pytest.raises(Refused):
        steps.answer_review(walk.journey, text="Thanks.", by=walk.provider)  # nothing was written yet
    review(walk)
    for other in (walk.patient, walk.facilitator, actor_at(make_organisation("provider"), "provider")):
        with pytest.raises(Refused):
            steps.answer_review(walk.journey, text="Thanks.", by=other)
    with pytest.raises(Refused, match="text_needed"):
        steps.answer_review(walk.journey, text="", by=walk.provider)
    assert Review.objects.get().answered_at is None


def test_from_the_journey_to_the_page_of_the_hospital(client):
    walk = walk_to("records.hand_over_home")
    journey = reverse("turns:subject", args=["journey", walk.journey.pk])
    take = reverse("turns:take", args=["journey", walk.journey.pk, "offers.review"])
    client.force_login(Person.objects.get(pk=walk.patient.person_id))

    assert take in client.get(journey).content.decode()
    sent = {"stars": "4", "text": TEXT, "key": "k1"}
    assert client.post(take, sent).status_code == 422  # not said to be public
    client.post(take, sent | {"is_public": "on"})
    page = client.get(journey).content.decode()
    assert "The food was bad." in page
    assert take not in page

    client.force_login(Person.objects.get(pk=walk.provider.person_id))
    answer = reverse("turns:take", args=["journey", walk.journey.pk, "offers.answer_review"])
    assert answer in client.get(reverse("offers:what_we_do")).content.decode()
    assert answer in client.get(journey).content.decode()
    client.post(answer, {"text": "We have a new cook.", "key": "k2"})
    shown = client.get(reverse("offers:provider", args=[walk.provider.organisation_id])).content.decode()
    assert "The food was bad." in shown
    assert "We have a new cook." in shown
    assert "Amina" not in shown
