"""What the journey's page shows of offers, and their forms as people fill them in."""

import pytest
from django.urls import reverse

from clearpath.offers import queries
from clearpath.offers.models import Offer
from clearpath.parties.models import Person
from tests.walk import make_offer, opine, walk_to

pytestmark = pytest.mark.django_db


def sign_in(client, actor):
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def take(walk, name):
    return reverse("turns:take", args=["journey", walk.journey.pk, name])


def typed(*lines, **more):
    """What a browser sends of an offer's form; lines are (label, amount, kind, standing)."""
    cells = {
        f"items-{row}-{name}": cell
        for row, line in enumerate(lines)
        for name, cell in zip(("label", "amount", "kind", "standing"), line, strict=True)
    }
    return {
        "currency_code": "eur", "stay_nights": "5", "starts_on": "2036-07-14", "surgeon": "Dr. Can Demir",
        "anaesthetist": "Dr. Defne Aslan", "complications_paid_by": "provider", "valid_until": "2036-06-30", "key": "k1",
    } | cells | more  # fmt: skip


def test_a_provider_writes_an_offer_line_by_line(client):
    walk = walk_to("offers.make")
    sign_in(client, walk.provider)
    bed, flat = ("Bed", "1500,50", "stay", "included"), ("Flat", "", "lodging", "excluded")

    wrong = client.post(take(walk, "offers.make"), typed(("Operation", "8.000", "treatment", "included"), bed, flat))
    answer = client.post(take(walk, "offers.make"), typed(("Operation", "8000", "treatment", "included"), bed, flat))

    page = wrong.content.decode()
    assert (wrong.status_code, "Line 1 (Operation)" in page, 'value="1500,50"' in page) == (422, True, True)
    assert answer.status_code == 302
    offer = Offer.objects.get()
    assert (offer.total_minor, offer.currency, offer.surgeon) == (950_050, "EUR", "Dr. Can Demir")
    assert offer.valid_until.isoformat() == "2036-07-01T00:00:00+00:00"
    assert list(offer.items.order_by("number").values_list("kind", "standing", "amount_minor")) == [
        ("treatment", "included", 800_000), ("stay", "included", 150_050), ("lodging", "excluded", 0),
    ]  # fmt: skip


def test_the_patient_sees_every_offer_and_a_hospital_only_its_own(client):
    walk = walk_to("records.give_opinion", lanes=2)
    provider, doctor = walk.others[0]
    opine(walk)
    opine(walk, doctor)
    make_offer(walk, amount=811_100)
    make_offer(walk, provider, amount=622_200)
    page = reverse("turns:subject", args=["journey", walk.journey.pk])

    def prices_for(actor):
        found = sign_in(client, actor).get(page).content.decode()
        return ["EUR&nbsp;9,611.00" in found, "EUR&nbsp;7,722.00" in found]

    assert prices_for(walk.patient) == prices_for(walk.facilitator) == [True, True]
    assert (prices_for(walk.provider), prices_for(provider)) == ([True, False], [False, True])
    assert prices_for(walk.doctor) == [False, False]


def test_the_patient_reads_that_nothing_is_known_before_confirming(client):
    walk = walk_to("offers.acknowledge_interests")

    page = sign_in(client, walk.patient).get(take(walk, "offers.acknowledge_interests")).content.decode()

    assert "No ownership, family tie, payment or fee between the parties" in page


@pytest.mark.parametrize("count", [1, 3])
def test_offers_take_the_same_queries_for_any_number(count, django_assert_num_queries):
    walk = walk_to("records.give_opinion", lanes=count)
    for provider, doctor in [(walk.provider, walk.doctor), *walk.others]:
        opine(walk, doctor)
        make_offer(walk, provider)
    walk.look()

    with django_assert_num_queries(8):
        rows = queries.offer_rows_for(walk.patient, walk.journey)

    assert len(rows) == count
