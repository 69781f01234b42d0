"""What was explained, and that the consent keeps the very words that the patient read."""

import pytest
from django.urls import reverse

from clearpath.core.outcomes import Refused
from clearpath.parties.models import Person
from clearpath.records import policies, steps
from clearpath.records.explaining import EXPLANATION
from clearpath.records.models import InformedConsent, Note
from tests.walk import EXPLAINED, walk_to


@pytest.mark.parametrize(
    ("text", "language", "change", "code"),
    [
        ("A new knee", "en", {}, None),
        ("A new knee", "en", {"alternatives": " "}, "explanation_incomplete"),
        ("A new knee", "", {}, "language_needed"),
        ("", "en", {}, "text_needed"),
    ],
)
def test_why_not_explain(text, language, change, code):
    found = policies.why_not_explain(text, language, EXPLAINED | change)

    assert (found.code if found else None) == code


def test_what_is_not_explained_is_named():
    found = policies.why_not_explain("A new knee", "en", {})

    assert all(str(words) in str(found.message) for words in EXPLANATION.values())


@pytest.mark.django_db
def test_explain_treatment_is_whole_or_leaves_nothing():
    walk = walk_to("records.explain_treatment")

    with pytest.raises(Refused, match="explanation_incomplete"):
        steps.explain_treatment(walk.journey, text="A new knee", language="en", by=walk.doctor)

    assert not Note.objects.filter(kind="explanation").exists()
    assert "explained" not in walk.facts()


@pytest.mark.django_db
def test_the_consent_keeps_every_word_that_stood_above_the_button(client):
    walk = walk_to("records.give_informed_consent")
    client.force_login(Person.objects.get(pk=walk.patient.person_id))
    address = reverse("turns:take", args=["journey", walk.journey.pk, "records.give_informed_consent"])
    page = client.get(address).content.decode()

    assert client.post(address, {"agreed": "on", "key": "k"}).status_code == 302

    kept = InformedConsent.objects.get().wording
    for words in ("We replace the knee.", *EXPLAINED.values(), *map(str, EXPLANATION.values())):
        assert words in page
        assert words in kept
    assert "I agree to this treatment of my own free will." in " ".join(kept.split())
