"""The provider's desk: requests by clock, packages that fit, own offers, room in the weeks to come."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clearpath.offers.desk import requests_for, weeks_for
from clearpath.offers.forms import Make
from clearpath.offers.models import Capacity, Service, Site, TreatmentPackage
from clearpath.parties.models import Person
from clearpath.records import steps as records
from tests.factories import NOON, make_organisation
from tests.walk import consent_to, make_offer, opine, walk_to

pytestmark = pytest.mark.django_db
TERMS = {
    "lines": [
        {"kind": "treatment", "standing": "included", "label": "Operation", "amount_minor": 700_000, "tax_bps": 0},
        {"kind": "implant", "standing": "included", "label": "Knee", "amount_minor": 150_000, "maker": "Zimmer"},
    ],
    "stay_nights": 5, "deposit_minor": 100_000, "complications_paid_by": "provider",
    "refunds": [{"who": who, "days_before": 0, "share_bps": 10_000} for who in ("patient", "provider", "doctor")],
    "aftercare": [{"day": 14, "how": "By video"}], "includes": "Drugs", "excludes": "Flight",
}  # fmt: skip


def make_package(provider_id, *, procedure="knee_replacement", title="New knee", terms=TERMS):
    site, _made = Site.objects.get_or_create(
        provider_id=provider_id, reference="main", defaults={"name": "Main house", "country": "TR", "city": "Izmir"}
    )
    service = Service.objects.create(
        provider_id=provider_id, site=site, reference=title, procedure=procedure, title=title, stay_nights=5,
        recovery_days=10, price_from_minor=1, price_to_minor=2, currency="EUR", priced_on=NOON.date(),
    )  # fmt: skip
    return TreatmentPackage.objects.create(service=service, reference=title, title=title, currency="EUR", terms=terms)


def test_requests_say_what_they_wait_for_and_what_can_be_answered_comes_first():
    house = make_organisation("provider")
    waits = walk_to("records.give_opinion", provider=house)
    sent = walk_to("offers.make", provider=house)
    make_offer(sent)
    ours = walk_to("offers.make", provider=house)

    rows = requests_for(ours.provider)

    assert [str(row.waits_for) for row in rows] == ["Your offer", "The doctor's opinion", "The patient's answer"]
    assert [bool(row.make_url) for row in rows] == [True, False, True]
    assert rows[0].due_at is not None
    assert rows[2].offer.total_minor == 950_000
    assert str(waits.journey.pk) in rows[1].url


def test_advice_against_leaves_no_way_to_an_offer():
    walk = walk_to("offers.make")
    make_package(walk.provider.organisation_id)
    records.advise_against(walk.journey, reason="The heart is too weak", by=walk.doctor)

    [row] = requests_for(walk.provider)

    assert (str(row.waits_for), row.make_url, row.ways) == ("The doctor advised against it: no offer", "", ())


def test_packages_that_fit_are_offered_where_the_hospital_knows_what_is_asked():
    walk = walk_to("offers.make")
    house = walk.provider.organisation_id
    make_package(house)
    make_package(house, procedure="cataract", title="Eye")

    [unknown] = requests_for(walk.provider)
    consent_to(walk, house, "clinical")
    [known] = requests_for(walk.provider)

    assert [way.title for way in unknown.ways] == ["Eye", "New knee"]  # what is asked for is not for them to see
    assert [way.title for way in known.ways] == ["New knee"]


@pytest.mark.parametrize("count", [1, 3])
def test_requests_take_the_same_queries_for_any_number(count, django_assert_num_queries):
    house = make_organisation("provider")
    for _number in range(count):
        walk = walk_to("offers.make", provider=house)
        make_offer(walk)

    with django_assert_num_queries(7):
        rows = requests_for(walk.provider)

    assert len(rows) == count


def test_the_weeks_to_come_are_told_by_site():
    walk = walk_to("offers.make")
    site = make_package(walk.provider.organisation_id).service.site
    monday = NOON.date() - timedelta(days=NOON.weekday())
    for weeks, places in ((-1, 9), (0, 3), (2, 5)):
        Capacity.objects.create(site=site, week=monday + timedelta(weeks=weeks), places=places)

    assert [(week.monday, week.places) for week in weeks_for(walk.provider)] == [
        (monday, (("Main house", 3),)), (monday + timedelta(weeks=2), (("Main house", 5),)),
    ]  # fmt: skip


def test_the_desk_is_for_hospitals(client):
    walk = walk_to("offers.make")

    for actor, status in ((walk.provider, 200), (walk.facilitator, 404), (walk.patient, 404)):
        client.force_login(Person.objects.get(pk=actor.person_id))
        assert client.get(reverse("offers:desk")).status_code == status


def test_the_form_begins_from_a_package_and_from_the_doctors_opinion():
    walk = walk_to("records.give_opinion")
    package = make_package(walk.provider.organisation_id)
    consent_to(walk, walk.provider.organisation_id, "clinical")
    opine(walk)

    begun = Make(
        actor=walk.provider, subject=walk.journey, lane=walk.lane, initial={"package": str(package.pk)}
    ).initial

    assert [row["label"] for row in begun["items"]] == ["Operation", "Knee"]
    assert (begun["surgeon"], begun["anaesthetist"], begun["stay_nights"], begun["deposit"]) == (
        "Dr. Can Demir", "Dr. Defne Aslan", 5, "1000.00",
    )  # fmt: skip
    assert begun["site"] == str(package.service.site_id)


def test_the_package_of_another_hospital_fills_nothing():
    walk = walk_to("offers.make")
    other = make_package(make_organisation("provider").pk)

    begun = Make(actor=walk.provider, subject=walk.journey, lane=walk.lane, initial={"package": str(other.pk)}).initial

    assert "items" not in begun
    assert "package" not in begun


def test_a_new_price_begins_from_the_offer_that_waits():
    walk = walk_to("offers.make")
    make_offer(walk)

    begun = Make(actor=walk.provider, subject=walk.journey, lane=walk.lane).initial

    assert [(row["label"], row["amount"]) for row in begun["items"]] == [
        ("Operation", "8000.00"), ("Hospital stay", "1500.00"),
    ]  # fmt: skip
