from datetime import date

import pytest

from clearpath.agreements import queries, steps
from clearpath.agreements.models import Agreement, Fee, Terms
from clearpath.core.outcomes import NotFound
from clearpath.turns.sight import HIDDEN, shown, visible
from tests.agreements.factories import KOREAN_FEE, SERVICE_FEE, first, make_agreement, second, signed, with_terms
from tests.factories import actor_at, make_journey, make_organisation, patient_actor, seated, steward

pytestmark = pytest.mark.django_db


def test_an_agreement_is_seen_by_its_parties_and_by_nobody_else():
    agreement = with_terms(make_agreement(), SERVICE_FEE)
    stranger = actor_at(make_organisation("provider"), "provider")
    doctor = actor_at(make_organisation("doctor"), "doctor")

    for actor in (first(agreement), second(agreement), steward()):
        assert queries.agreement_for(actor, agreement.pk) == agreement
        assert visible(Terms, to=actor).get().text == "We work together."
        assert shown(visible(Fee, to=actor).get(), to=actor).amount_minor == 30_000
    for actor in (stranger, doctor, patient_actor()):
        assert list(visible(Terms, to=actor)) == list(visible(Fee, to=actor)) == []
        with pytest.raises(NotFound):
            queries.agreement_for(actor, agreement.pk)


def test_the_steward_sees_no_agreement_that_needs_no_ruling():
    agreement = with_terms(make_agreement(), KOREAN_FEE)

    assert not visible(Agreement, to=steward()).filter(pk=agreement.pk).exists()


def test_what_another_party_earns_is_blank():
    agreement = with_terms(make_agreement(), SERVICE_FEE)
    stranger = actor_at(make_organisation("provider"), "provider")

    assert shown(Fee.objects.get(terms__agreement=agreement), to=stranger).amount_minor is HIDDEN


def test_fees_in_force_are_those_of_signed_agreements_between_these_organisations():
    provider, facilitator = make_organisation("provider"), make_organisation("facilitator")
    agreement = signed(with_terms(make_agreement(provider=provider, facilitator=facilitator), SERVICE_FEE, KOREAN_FEE))
    with_terms(make_agreement(provider=provider, facilitator=facilitator), SERVICE_FEE)
    other = signed(with_terms(make_agreement(provider=provider), KOREAN_FEE))

    rows = queries.fees_in_force({provider.pk, facilitator.pk})

    assert [(row.fee_type, row.amount_minor, row.rate_bps, row.currency, row.verdict) for row in rows] == [
        ("service", 30_000, None, "EUR", "ruled_lawful"),
        ("brokerage", None, 1_500, "KRW", "lawful"),
    ]
    assert {(row.payer, row.payee) for row in rows} == {(provider.name, facilitator.name)}
    assert {row.agreement_id for row in rows} == {agreement.pk}
    assert other.pk not in {row.agreement_id for row in rows}
    assert queries.fees_in_force({provider.pk}) == []


@pytest.mark.parametrize(
    ("on", "count"),
    [(date(2026, 5, 31), 0), (date(2026, 6, 1), 1), (date(2026, 12, 30), 1), (date(2026, 12, 31), 0)],
)
def test_fees_in_force_keep_to_the_days_of_the_terms(on, count):
    agreement = with_terms(make_agreement(), KOREAN_FEE, starts_on=date(2026, 6, 1), ends_on=date(2026, 12, 31))
    signed(agreement)

    assert len(queries.fees_in_force([agreement.first_id, agreement.second_id], on=on)) == count


def test_fees_in_force_end_with_the_agreement():
    agreement = signed(with_terms(make_agreement(), KOREAN_FEE))
    steps.end(agreement, reason="Enough.", by=first(agreement))

    assert queries.fees_in_force([agreement.first_id, agreement.second_id]) == []


@pytest.mark.parametrize("fee_count", [1, 3])
def test_fees_in_force_take_two_queries_for_any_number_of_fees(fee_count, django_assert_num_queries):
    agreement = signed(with_terms(make_agreement(), *[KOREAN_FEE] * fee_count))

    with django_assert_num_queries(2):
        rows = queries.fees_in_force([agreement.first_id, agreement.second_id])

    assert len(rows) == fee_count


def test_a_seat_on_a_journey_gives_no_sight_of_agreements():
    journey = make_journey()
    with_terms(make_agreement(), SERVICE_FEE)

    assert list(queries.agreements_for(seated(journey, "facilitator"))) == []
