"""The page on which a treatment is found, and the published rule."""

import pytest
from django.urls import reverse

from clearpath.offers.ranking.wording import CRITERIA
from clearpath.parties.models import Person
from tests.factories import actor_at, make_journey, make_organisation, patient_of
from tests.offers.listed import TODAY, listed, outcomes

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def patient(client):
    """A patient from Kuwait, signed in."""
    actor = patient_of(make_journey())
    client.force_login(Person.objects.get(pk=actor.person_id), backend=BACKEND)
    return actor


def page(client, name="find", **asked):
    answer = client.get(reverse(f"offers:{name}"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_find_is_for_whoever_is_signed_in(client):
    assert client.get(reverse("offers:find")).status_code == 302

    doctor = actor_at(make_organisation("doctor"), "doctor")
    client.force_login(Person.objects.get(pk=doctor.person_id), backend=BACKEND)

    assert reverse("offers:find") in page(client).split("<nav")[1]


def test_find_begins_with_the_parts_of_the_body(client, patient):
    listed()

    text = page(client)

    assert "By part of the body" in text
    assert "?part=knee" in text
    assert "<article" not in text


def test_find_shows_each_result_with_its_price_to_the_door_and_its_reasons(client, patient):
    provider = make_organisation("provider", name="Bosphorus")
    outcomes(provider, well=9, lost=1)
    listed(provider)

    text = page(client, words="diz protezi")

    card = " ".join(text.split("<article")[1].split("</article>")[0].split())
    assert "Knee replacement" in card
    assert "Bosphorus" in card
    assert "From your door and back" in card  # home is where the journey says
    assert "6,760.00" in card  # 6,000 for the treatment, 8 nights of 45, the way for 400
    assert "8 nights near the hospital" in card
    assert "9 of 10 recent patients recovered as planned (of 100, likely 60 to 98)." in card
    assert "1 was not heard of again" in card
    assert "No checked accreditation on file" in card


def test_find_says_what_it_looked_for_when_the_words_were_near(client, patient):
    listed()

    assert "We looked for: <strong>Knee replacement</strong>" in page(client, words="knee replacment")
    assert "We looked for" not in page(client, words="knee replacement")


def test_find_says_what_to_leave_out_when_nothing_fits(client, patient):
    listed()

    text = page(client, words="knee replacement", budget="100", country="TR", accredited="on")
    assert "Nothing fits all of this." in text
    assert "several things at once" in text

    text = page(client, words="knee replacement", budget="100")
    assert "Look at every price" in text
    way = text.split("Look at every price")[0].rsplit('href="', 1)[1].split('"')[0]
    assert "<article" in client.get(way.replace("&amp;", "&")).content.decode()


def test_find_offers_parts_of_the_body_when_the_words_are_unknown(client, patient):
    text = page(client, words="xyzzy")

    assert "We do not know these words yet." in text
    assert "?part=teeth" in text


@pytest.mark.parametrize(
    "asked",
    [
        {"budget": "-3"}, {"budget": "abc"}, {"budget": "1e99"}, {"part": "wing"}, {"country": "XX"}, {"home": "<b>"},
        {"first_day": "yesterday"}, {"first_day": "2026-07-02", "last_day": "2026-07-01"}, {"words": "x" * 5_000},
        {"language": "\x00"}, {"words": "\x00"},
    ],
)  # fmt: skip
def test_find_answers_what_cannot_be_meant_with_a_sentence_and_no_results(client, patient, asked):
    listed()

    text = page(client, **asked)

    assert "is-invalid" in text
    assert "<article" not in text


def test_find_shows_more_and_goes_back_to_the_beginning(client, patient):
    provider = make_organisation("provider")
    for _number in range(13):
        listed(provider)

    text = page(client, words="knee replacement")
    way = text.split("Show more")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    more = client.get(way).content.decode()

    assert (text.count("<article"), more.count("<article")) == (12, 1)
    assert "To the beginning" in more


def test_find_says_which_filters_are_in_use(client, patient):
    listed()

    assert "(in use: City, Part of the body)" in page(client, part="knee", city="Istanbul")
    assert "in use:" not in page(client, words="knee")


@pytest.mark.parametrize("language", ["tr", "ar"])
def test_find_names_procedures_and_places_in_the_readers_language(client, patient, language):
    listed()
    client.cookies["django_language"] = language

    card = page(client, words="knee replacement").split("<article")[1]

    assert {"tr": "Diz protezi", "ar": "استبدال مفصل الركبة"}[language] in card
    assert {"tr": "Türkiye", "ar": "تركيا"}[language] in card


def test_find_keeps_within_the_dates(client, patient):
    listed()

    assert "Look without the dates" in page(client, words="knee", first_day=TODAY.isoformat())


def test_ranking_shows_the_whole_rule(client, patient):
    text = page(client, "ranking")

    assert all(str(name) in text and str(words).split(".")[0] in text for name, words in CRITERIA.values())
    assert text.count("of 100 points") == len(CRITERIA)
    assert "Version 1" in text
