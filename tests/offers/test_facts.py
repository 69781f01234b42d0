"""What is known of how providers work."""

from datetime import timedelta

import pytest

from clearpath.offers.directory.facts import RECENT, Results, facts_of
from clearpath.offers.models import Outcome, Practitioner, Review, Service, Site
from tests.factories import NOON, make_journey, make_organisation
from tests.walk import make_offer, walk_to

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def outcome(provider, state, *, procedure="knee_replacement", treated_on=TODAY):
    return Outcome.objects.create(
        journey=make_journey(),
        provider=provider,
        procedure=procedure,
        state=state,
        treated_on=treated_on,
        noted_at=NOON,
    )


def test_everybody_treated_is_in_the_denominator_the_lost_too():
    provider = make_organisation("provider")
    for state in ("well", "well", "complication", "lost", "waiting"):
        outcome(provider, state)
    outcome(provider, "died", procedure="")

    facts = facts_of([provider.pk], at=NOON)[provider.pk]

    assert facts.outcomes["knee_replacement"] == Results(treated=5, waiting=1, well=2, complication=1, lost=1)
    assert facts.results.treated == 6
    assert facts.results.known == 4


def test_treatments_of_long_ago_do_not_count():
    provider = make_organisation("provider")
    outcome(provider, "well", treated_on=TODAY - RECENT - timedelta(days=1))

    assert facts_of([provider.pk], at=NOON)[provider.pk].results.treated == 0


def test_reviews_evidence_languages_and_what_is_missing():
    provider = make_organisation("provider")
    for stars in (5, 2):
        Review.objects.create(
            journey=make_journey(), provider=provider, stars=stars, text="So.", language="en", written_at=NOON
        )
    site = Site.objects.create(provider=provider, reference="S", name="Main", country="TR", city="Istanbul")
    Service.objects.create(
        provider=provider, site=site, reference="K", procedure="knee_replacement", title="Knee", stay_nights=3,
        recovery_days=7, languages=["tr"], price_from_minor=1, price_to_minor=2, currency="EUR",
        priced_on=TODAY - timedelta(days=400),
    )  # fmt: skip
    Practitioner.objects.create(provider=provider, reference="D", name="Dr", languages=["ar"], retired_at=NOON)

    facts = facts_of([provider.pk], at=NOON)[provider.pk]

    assert (facts.reviews, facts.stars) == (2, 3.5)
    assert facts.evidence_ends_on.isoformat() == "2028-01-01"
    assert facts.languages == {"tr"}
    assert facts.missing == ("doctor", "priced_lately", "includes", "package", "capacity")
    assert facts.completeness == pytest.approx(2 / 7)


def test_a_request_without_an_answer_counts_the_hours_that_it_waited():
    walk = walk_to("records.give_opinion", lanes=2)
    silent = walk.others[0][0].organisation_id
    facts = facts_of([walk.provider.organisation_id, silent], at=NOON + timedelta(hours=30))

    assert facts[silent].answers == 1
    assert facts[silent].answer_hours == 30


def test_an_offer_ends_the_wait():
    walk = walk_to("offers.make")
    make_offer(walk)

    assert (
        facts_of([walk.provider.organisation_id], at=NOON + timedelta(hours=30))[
            walk.provider.organisation_id
        ].answer_hours
        == 0
    )


def test_the_same_queries_for_any_number_of_providers(django_assert_max_num_queries):
    providers = [make_organisation("provider").pk for _ in range(3)]

    with django_assert_max_num_queries(16):
        assert set(facts_of(providers, at=NOON)) == set(providers)
