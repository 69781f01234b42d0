"""Who earns what from whom is told before the choice, whole, and again when something new is found."""

import pytest

from clearpath.core.outcomes import NotYourPart
from clearpath.offers import interests, queries, steps
from clearpath.offers.models import Disclosure, Interest
from clearpath.parties.models import Organisation, Tie
from clearpath.parties.steps import declare_ownership
from clearpath.parties.ties import refresh_ties
from tests.agreements.factories import SERVICE_FEE, make_agreement, signed, with_terms
from tests.factories import NOON, actor_at, make_organisation
from tests.walk import make_offer, opine, walk_to

pytestmark = pytest.mark.django_db


def tie(walk, **details):
    given = {"kind": "ownership", "share_bps": 1_000, "found_at": NOON} | details
    return Tie.objects.create(
        first_id=walk.provider.organisation_id, second_id=walk.facilitator.organisation_id, **given
    )


def name_of(actor):
    return Organisation.objects.get(pk=actor.organisation_id).name


def told(walk, actor=None):
    found = queries.told_for(actor or walk.patient, walk.journey)
    return found.lines if found else None


def test_disclose_tells_that_nothing_is_known():
    walk = walk_to("offers.disclose_interests")

    assert walk.look() == ["offers.disclose_interests"]

    assert Disclosure.objects.get().offers.get() == walk.offer
    assert (told(walk), Interest.objects.count()) == ((), 0)
    assert "interests_disclosed" in walk.facts()


def test_disclose_tells_the_patient_all_and_a_party_its_own():
    walk = walk_to("offers.disclose_interests")
    tie(walk)

    walk.look()

    provider, facilitator = name_of(walk.provider), name_of(walk.facilitator)
    assert told(walk) == (
        f"{provider} (hospital) owns 10\u00a0% of {facilitator} (guide). "
        f"{facilitator} may earn when you choose {provider}.",
    )
    assert told(walk, walk.facilitator) == told(walk, walk.provider) == told(walk)
    assert told(walk, walk.doctor) is None
    [row] = queries.offer_rows_for(walk.patient, walk.journey)
    assert row.interests == told(walk)


def test_disclose_leaves_out_ties_to_who_is_not_on_the_journey():
    walk = walk_to("offers.disclose_interests")
    stranger = make_organisation("provider")
    Tie.objects.create(
        first=stranger, second_id=walk.provider.organisation_id, kind="ownership", share_bps=9_000, found_at=NOON
    )
    tie(walk, ended_at=NOON)

    walk.look()

    assert told(walk) == ()


def test_disclose_names_a_party_with_two_roles():
    brand = make_organisation("provider", "facilitator", name="Own Brand")
    walk = walk_to("offers.disclose_interests", provider=brand, facilitator=brand)

    walk.look()

    assert set(told(walk)) == {
        "Own Brand takes part here as: Facilitator. It, or a company tied to it, also works as: Hospital or clinic. "
        "It may earn from both.",
        "Own Brand takes part here as: Hospital or clinic. It, or a company tied to it, also works as: Facilitator. "
        "It may earn from both.",
    }


def test_disclose_tells_fees_from_agreements_in_force_for_the_country_of_treatment():
    walk = walk_to("offers.disclose_interests")
    provider = Organisation.objects.get(pk=walk.provider.organisation_id)
    facilitator = Organisation.objects.get(pk=walk.facilitator.organisation_id)
    agreed = make_agreement(provider=provider, facilitator=facilitator)
    signed(with_terms(agreed, SERVICE_FEE, SERVICE_FEE | {"jurisdiction": "DE", "amount_minor": 99_900}))

    walk.look()

    assert told(walk) == (f"{provider} (hospital) pays {facilitator} (guide) EUR\u00a0300.00, for a service.",)


def test_a_new_tie_reopens_what_was_told_and_a_changed_one_too():
    walk = walk_to("money.sign_contract")
    found = tie(walk)

    assert walk.look() == ["offers.reopen_interests", "offers.disclose_interests"]

    assert Disclosure.objects.filter(reopened_at=NOON).count() == 1
    assert len(told(walk)) == 1
    with pytest.raises(NotYourPart):
        steps.acknowledge_interests(walk.journey, by=walk.provider)
    steps.acknowledge_interests(walk.journey, by=walk.patient)
    Tie.objects.filter(pk=found.pk).update(share_bps=2_000)
    assert walk.look() == ["offers.reopen_interests", "offers.disclose_interests"]
    assert "owns 20\u00a0% of" in told(walk)[0]
    assert "interests_acknowledged" not in walk.facts()


def test_a_connected_party_is_told_as_one_that_holds_both_roles():
    walk = walk_to("offers.disclose_interests")
    tie(walk, share_bps=2_500)

    walk.look()

    assert len(told(walk)) == 3  # the tie, and what each of the two is through the other


def test_a_tie_that_ends_reopens_nothing():
    walk = walk_to("offers.disclose_interests")
    found = tie(walk)
    walk.look()
    Tie.objects.filter(pk=found.pk).update(ended_at=NOON)

    assert walk.look() == []


def test_a_second_offer_is_told_of_anew():
    walk = walk_to("records.give_opinion", lanes=2)
    provider, doctor = walk.others[0]
    opine(walk)
    opine(walk, doctor)
    make_offer(walk)
    assert walk.look() == ["offers.disclose_interests"]

    make_offer(walk, provider)

    assert "interests_disclosed" not in walk.facts()
    assert walk.look() == ["offers.disclose_interests"]
    assert Disclosure.objects.latest("pk").offers.count() == 2


def test_who_earns_without_a_seat_is_told_too():
    walk = walk_to("offers.disclose_interests")
    agency = make_organisation("agency")
    Tie.objects.create(first=agency, second_id=walk.provider.organisation_id, kind="payment", found_at=NOON)
    earner = interests.also_earns(lambda _journey: {agency.pk})

    try:
        walk.look()
    finally:
        interests._earners.remove(earner)

    assert len(told(walk)) == 1
    assert told(walk, actor_at(agency, "agency")) is not None


def test_a_gift_that_was_declared_is_told_with_what_it_can_mean():
    walk = walk_to("offers.disclose_interests")
    guide = Organisation.objects.get(pk=walk.facilitator.organisation_id)
    declare_ownership(guide, what="gift", other_id=walk.provider.organisation_id, by=walk.facilitator)
    refresh_ties(NOON)

    walk.look()

    [line] = told(walk)
    assert "told us of gifts between them." in line
    assert f"{name_of(walk.facilitator)} may earn when you choose {name_of(walk.provider)}." in line
