"""The patient knows each tie before a hospital is asked, and afterwards whom the guide asked and why."""

import pytest
from django.urls import reverse

from clearpath.journeys.models import Sending
from clearpath.journeys.steps import Asked, send_for_review
from clearpath.offers import asked
from clearpath.parties.models import Organisation, Person, Tie
from tests.factories import NOON
from tests.walk import consent_to, send, walk_to

pytestmark = pytest.mark.django_db


def tied(walk, share=6_000):
    return Tie.objects.create(
        first_id=walk.provider.organisation_id, second_id=walk.facilitator.organisation_id, kind="ownership",
        share_bps=share, found_at=NOON,
    )  # fmt: skip


def names(walk):
    from clearpath.parties.queries import names_of

    found = names_of([walk.provider.organisation_id, walk.facilitator.organisation_id])
    return found[walk.provider.organisation_id], found[walk.facilitator.organisation_id]


def test_the_patient_reads_what_the_guide_has_to_do_with_hospitals_before_anybody_is_asked(client):
    walk = walk_to("journeys.send_for_review")
    assert asked.ties_of_guide_for(walk.patient, walk.journey) == ()
    tied(walk)
    hospital, guide = names(walk)

    lines = asked.ties_of_guide_for(walk.patient, walk.journey)

    assert lines == (
        f"{guide} (guide) belongs to {hospital} (hospital), which owns 60\u00a0% of it. "
        f"{guide} may earn when you choose {hospital}.",
    )
    client.force_login(Person.objects.get(pk=walk.patient.person_id))
    page = client.get(reverse("turns:take", args=["journey", walk.journey.pk, "journeys.give_consent"]))
    assert "may earn when you choose" in page.content.decode()


def test_a_tie_too_small_to_be_told_is_not():
    walk = walk_to("journeys.send_for_review")
    tied(walk, share=0)

    assert asked.ties_of_guide_for(walk.patient, walk.journey) == ()


def test_whom_the_guide_asked_and_why_is_kept_and_shown_to_the_patient_with_each_tie():
    walk = walk_to("journeys.send_for_review", lanes=2)
    tied(walk)
    pairs = [(walk.provider, walk.doctor), *walk.others]
    for _provider, doctor in pairs:
        consent_to(walk, doctor.organisation_id, "clinical")
    to = [Asked(provider.organisation_id, doctor.organisation_id) for provider, doctor in pairs]

    send_for_review(
        walk.journey, to=to, why="Both do many knees.", why_fewer="Only two speak Arabic.", by=walk.facilitator
    )

    [row] = asked.asked_rows_for(walk.patient, walk.journey)
    assert (row.why, row.why_fewer, row.sent_at) == ("Both do many knees.", "Only two speak Arabic.", NOON)
    first, second = row.hospitals
    assert (len(first.ties), second.ties, first.provider) == (1, (), names(walk)[0])
    assert asked.asked_rows_for(walk.facilitator, walk.journey) == [row]
    for somebody in (walk.provider, walk.doctor, walk.others[0][0]):
        assert asked.asked_rows_for(somebody, walk.journey) == []


def test_who_had_no_consent_is_not_on_the_list():
    walk = walk_to("journeys.send_for_review", lanes=2)
    (_other, left_out), *_ = walk.others
    consent_to(walk, walk.doctor.organisation_id, "clinical")
    to = [Asked(p.organisation_id, d.organisation_id) for p, d in [(walk.provider, walk.doctor), *walk.others]]

    send_for_review(walk.journey, to=to, by=walk.facilitator)

    assert [doctor for _provider, doctor in Sending.objects.get().asked] == [str(walk.doctor.organisation_id)]
    assert str(left_out.organisation_id) not in str(Sending.objects.get().asked)


@pytest.mark.parametrize(("why_fewer", "status"), [("", 422), ("Only one has a bed.", 302)])
def test_fewer_than_three_need_a_reason(client, why_fewer, status):
    walk = walk_to("journeys.send_for_review")
    consent_to(walk, walk.doctor.organisation_id, "clinical")
    client.force_login(Person.objects.get(pk=walk.facilitator.person_id))
    sent = {
        "to": [f"{walk.provider.organisation_id}:{walk.doctor.organisation_id}"],
        "why": "Near the airport.",
        "key": "k",
    }

    address = reverse("turns:take", args=["journey", walk.journey.pk, "journeys.send_for_review"])
    answer = client.post(address, sent | {"why_fewer": why_fewer})

    assert (answer.status_code, Sending.objects.count()) == (status, int(status == 302))


def test_who_has_no_consent_counts_for_nothing_and_is_named(client):
    walk = walk_to("journeys.send_for_review", lanes=3)
    consent_to(walk, walk.doctor.organisation_id, "clinical")
    client.force_login(Person.objects.get(pk=walk.facilitator.person_id))
    pairs = [(walk.provider, walk.doctor), *walk.others]
    sent = {
        "to": [f"{provider.organisation_id}:{doctor.organisation_id}" for provider, doctor in pairs],
        "why": "Near the airport.",
        "key": "k",
    }

    answer = client.post(reverse("turns:take", args=["journey", walk.journey.pk, "journeys.send_for_review"]), sent)

    assert (answer.status_code, Sending.objects.count()) == (422, 0)
    for provider, _doctor in walk.others:
        assert Organisation.objects.get(pk=provider.organisation_id).name in answer.content.decode()


@pytest.mark.parametrize("lanes", [1, 3])
def test_the_list_takes_as_many_queries_for_any_number_of_ties(lanes, django_assert_max_num_queries):
    walk = walk_to("journeys.send_for_review", lanes=lanes)
    send(walk)

    with django_assert_max_num_queries(5 + 2 * lanes + 2):  # ties are asked for party by party
        asked.asked_rows_for(walk.patient, walk.journey)
