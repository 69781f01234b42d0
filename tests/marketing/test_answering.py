from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from clearpath.agreements import steps as agreements
from clearpath.marketing import answer_times, answering, people, results, steps
from clearpath.marketing.answer_times import speed_of
from clearpath.marketing.answering import Candidate, chosen, rules_in_use
from clearpath.marketing.batches import Released, released
from clearpath.marketing.models import AnsweringDesk, Lead
from clearpath.marketing.signs import Seen, signs_of
from clearpath.turns.sight import shown
from tests.factories import NOON, actor_at, later, make_organisation
from tests.marketing.factories import PERSON, agency_of, handed_over, make_campaign, make_lead
from tests.marketing.test_pages import page_of, sign_in

A, B, C = (UUID(int=number) for number in (1, 2, 3))


# Who answers


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"has_the_person": True}, {"speaks": True}),
        ({"asked": True}, {"speaks": True, "treats": True}),
        ({"speaks": True, "open": 9}, {"treats": True}),
        ({"treats": True, "overdue": 3}, {}),
        ({"open": 9}, {"overdue": 1}),
        ({"open": 1}, {"open": 2}),
        ({"last_given_at": NOON}, {"last_given_at": NOON + timedelta(hours=1)}),
        ({}, {}),
    ],
)
def test_rules_are_asked_in_their_order(better, worse):
    assert chosen([Candidate(B, **worse), Candidate(A, **better)], rules_in_use()) == A


def test_nobody_is_chosen_where_there_is_nobody():
    assert chosen([], rules_in_use()) is None


def test_a_network_may_put_the_rules_in_another_order_and_no_rule_is_about_money(settings, tmp_path):
    path = tmp_path / "answering.yaml"
    path.write_text("rules: [fewest_open]")
    settings.ANSWERING = str(path)

    assert rules_in_use() == ("fewest_open",)
    assert not any(word in name for name in answering.RULES for word in ("pay", "fee", "earn", "own"))
    path.with_name("other.yaml").write_text("rules: [who_pays_more]")
    settings.ANSWERING = str(path.with_name("other.yaml"))
    with pytest.raises(ImproperlyConfigured, match="who_pays_more"):
        rules_in_use()


@pytest.mark.django_db
def test_a_lead_goes_to_who_speaks_the_language_and_knows_the_treatment():
    for languages, treatments in (([], []), (["ar"], ["hip"]), (["ar", "en"], ["knee"]), (["tr"], ["knee"])):
        organisation = make_organisation("facilitator")
        AnsweringDesk.objects.create(organisation=organisation, languages=languages, treatments=treatments)
    lead = make_lead()

    steps.hand_over_lead(lead, by=agency_of(lead))

    desk = AnsweringDesk.objects.get(pk=lead.seats.get(role="facilitator").organisation_id)
    assert desk.treatments == ["knee"]
    assert "ar" in desk.languages


@pytest.mark.django_db
def test_somebody_known_goes_to_who_answers_them_already():
    busy, free = make_organisation("facilitator"), make_organisation("facilitator")
    handed_over(make_lead(), busy)
    again = make_lead(make_campaign())

    steps.hand_over_lead(again, by=agency_of(again))

    assert again.seats.get(role="facilitator").organisation_id == busy.pk != free.pk


@pytest.mark.django_db
def test_a_facilitators_own_campaign_is_answered_by_itself():
    make_organisation("facilitator")
    own = make_organisation("facilitator")
    lead = make_lead(make_campaign(client=own, client_role="facilitator"))

    steps.hand_over_lead(lead, by=agency_of(lead))

    assert lead.seats.get(role="facilitator").organisation_id == own.pk


@pytest.mark.django_db
def test_who_pays_changes_nothing(django_assert_num_queries):
    first, second = make_organisation("facilitator"), make_organisation("facilitator")
    campaign = make_campaign()
    agency = agency_of(campaign)
    agreements.draft(second_role="facilitator", second_id=max(first.pk, second.pk), title="More for me", by=agency)
    lead = make_lead(campaign)

    steps.hand_over_lead(lead, by=agency)

    assert lead.seats.get(role="facilitator").organisation_id == min(first.pk, second.pk)


# The same person


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("again", "is_known"),
    [
        ({"phone": "0096555501234", "email": ""}, True),
        ({"phone": "5550 1234", "email": ""}, True),
        ({"phone": "", "email": " Layla.CANARY@example.org"}, True),
        ({"phone": "+965 5550 1235", "email": "other@example.org"}, False),
        ({"phone": "canary", "email": "other@example.org"}, False),
    ],
)
def test_the_same_number_or_address_is_known(again, is_known):
    first = make_lead()

    second = make_lead(make_campaign(), **again)

    assert second.known_by_id == (first.pk if is_known else None)


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "is_known"), [(179, True), (180, False)])
def test_known_is_who_was_brought_within_180_days(days, is_known):
    first = make_lead()
    by = later(agency_of(first), NOON + timedelta(days=days))

    second = steps.record_lead(campaign_id=first.came_by_id, by=by, **PERSON)

    assert (second.known_by_id == first.pk) is is_known


@pytest.mark.django_db
def test_hashes_are_keyed_and_change_with_the_secret(settings):
    lead = make_lead()
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone_hash, email_hash FROM marketing_lead")
        [stored] = cursor.fetchall()
    before = (people.phone_hash(PERSON["phone"], "KW"), people.email_hash(PERSON["email"]))
    assert stored == before

    settings.VAULT_KEY = f"another-secret {settings.VAULT_KEY}"

    assert people.phone_hash(PERSON["phone"], "KW") != before[0]
    assert before[0] in people.phone_hashes(PERSON["phone"], "KW")
    assert make_lead(make_campaign()).known_by_id == lead.pk


@pytest.mark.django_db
def test_an_agency_is_told_that_it_brought_somebody_before_and_not_that_another_did(client):
    campaign, other = make_campaign(), make_campaign()
    make_lead(campaign)
    own = make_lead(campaign)
    elsewhere = make_lead(other)

    sign_in(client, agency_of(campaign))
    assert "This person was brought before" in client.get(page_of(own)).content.decode()
    sign_in(client, agency_of(other))
    assert "This person was brought before" not in client.get(page_of(elsewhere)).content.decode()
    page = client.get(page_of(other)).content.decode()
    assert "Known through another agency" in page
    assert "within 180 days" in page
    assert "not enough yet" in page


@pytest.mark.django_db
def test_who_answers_sees_the_signs_and_the_earlier_question_and_an_agency_does_not(client):
    facilitator = make_organisation("facilitator")
    first = handed_over(make_lead(), facilitator)
    second = handed_over(make_lead(first.came_by, phone="12"), facilitator)
    assert second.signs == ["impossible_phone"]

    sign_in(client, actor_at(facilitator, "facilitator"))
    page = client.get(page_of(second)).content.decode()
    assert "No such telephone number can exist" in page
    assert page_of(first) in page
    assert not shown(Lead.objects.get(pk=second.pk), to=agency_of(second)).signs
    sign_in(client, agency_of(second))
    assert "No such telephone number" not in client.get(page_of(second)).content.decode()


# Signs


@pytest.mark.parametrize(
    ("phone", "seen", "signs"),
    [
        ("+965 5550 1234", Seen(), []),
        ("", Seen(), []),
        ("+965 1", Seen(), ["impossible_phone"]),
        ("", Seen(took=timedelta(seconds=2.9)), ["speed"]),
        ("", Seen(took=timedelta(seconds=3)), []),
        ("", Seen(earlier=1), []),
        ("", Seen(earlier=2), ["repeats"]),
        ("", Seen(just_now=8), []),
        ("", Seen(just_now=9), ["burst"]),
        ("", Seen(honeypot=True), ["honeypot"]),
    ],
)
def test_signs_tell_what_stands_out(phone, seen, signs):
    assert signs_of(phone, "KW", seen) == signs


# In batches


@given(st.lists(st.booleans(), max_size=400), st.integers(2, 12))
def test_two_releases_differ_by_many_of_each_kind_or_not_at_all(answers, smallest):
    before = Released()
    for length in range(len(answers) + 1):
        now = released(answers[:length], smallest_group=smallest)
        assert now == before or min(now.yes - before.yes, now.no - before.no) >= smallest
        assert now == before or length % smallest == 0
        before = now


def test_one_person_more_cannot_be_read_from_the_moment_of_a_release():
    """The attack: watch the figure after each answer, and conclude from its change what the last answer was."""
    random = Random(5)
    lasts = set()
    for _time in range(400):
        answers = [random.random() < 0.5 for _number in range(200)]
        for length in range(1, 201):
            if released(answers[:length], smallest_group=10) != released(answers[: length - 1], smallest_group=10):
                lasts.add(answers[length - 1])
                break

    assert lasts == {True, False}


@pytest.mark.django_db
def test_few_answers_tell_an_agency_nothing_of_what_came_of_them():
    campaign, facilitator = make_campaign(), make_organisation("facilitator")
    lead = handed_over(make_lead(campaign), facilitator)
    steps.take_lead(lead, by=actor_at(facilitator, "facilitator"))

    results.note_results(now=NOON)
    assert results.released_of(campaign, "journey") == Released()


# Answer times


def test_speed_is_told_of_ten_and_more():
    took = [timedelta(minutes=10 * number) for number in range(1, 20)]

    speed = speed_of("Guide", took, smallest_group=10)

    assert (speed.answered, speed.median_minutes, speed.in_target_percent, speed.in_limit_percent) == (19, 100, 63, 100)
    assert speed_of("Guide", took[:9], smallest_group=10).median_minutes is None


@pytest.mark.django_db
def test_a_facilitator_says_what_it_answers_and_sees_its_times_and_the_quality_of_leads(client):
    facilitator = make_organisation("facilitator")
    by = actor_at(facilitator, "facilitator")
    steps.take_lead(handed_over(make_lead(), facilitator), by=later(by, NOON + timedelta(hours=1)))
    sign_in(client, by)
    url = reverse("marketing:answering")

    assert client.post(url, {"languages": "ar, tr-TR", "treatments": "Knee\nHip "}).status_code == 302

    desk = AnsweringDesk.objects.get()
    assert (desk.languages, desk.treatments) == (["ar", "tr"], ["knee", "hip"])
    page = client.get(url).content.decode()
    assert facilitator.name in page
    assert "too few to show" in page
    assert "Knees in spring" in page
    assert client.post(url, {"languages": "Arabic!", "treatments": ""}).status_code == 422


@pytest.mark.django_db
def test_an_agency_sees_the_times_of_those_who_answer_its_own_leads_only():
    facilitator = make_organisation("facilitator")
    lead = handed_over(make_lead(), facilitator)
    steps.reject_lead(lead, reason="No.", by=actor_at(facilitator, "facilitator"))

    assert [row.name for row in answer_times.speeds_for(agency_of(lead))] == [facilitator.name]
    assert answer_times.speeds_for(actor_at(make_organisation("agency"), "agency")) == []
    assert answer_times.quality_for(agency_of(lead)) == []
