from datetime import date

import pytest

from clearpath.agreements import queries, steps
from clearpath.agreements.models import Agreement, Fee, Terms
from clearpath.core.outcomes import NotFound
from clearpath.turns.sight import HIDDEN, shown, visible
from tests.agreements.factories import (
    KOREAN_FEE,
    SERVICE_FEE,
    first,
    make_agreement,
    second,
    signed,
    the_law_becomes,
    with_terms,
)
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


def test_each_fee_is_answered_with_its_rule_its_source_and_the_day_it_was_read():
    agreement = signed(with_terms(make_agreement(), KOREAN_FEE, SERVICE_FEE))

    korean, service = queries.fee_answers([agreement.first_id, agreement.second_id])

    assert (korean.verdict, korean.may_be_paid, korean.rule.key) == ("lawful", True, "kr_attraction_commission")
    assert (korean.rule.read_on, bool(korean.rule.sources)) == (date(2026, 11, 23), True)
    assert (service.verdict, service.may_be_paid, service.rule) == ("ruled_lawful", True, None)
    assert service.ruled_because == "A service at its usual price."


def test_fee_answers_keep_to_the_countries_that_are_asked_for():
    agreement = signed(with_terms(make_agreement(), KOREAN_FEE, SERVICE_FEE))
    parties = [agreement.first_id, agreement.second_id]

    assert [row.jurisdiction for row in queries.fee_answers(parties, countries={"TR"})] == ["TR"]
    assert queries.fee_answers(parties, countries=set()) == []


def test_a_rule_that_changed_counts_at_once_and_ends_a_ruling_made_without_it(monkeypatch):
    agreement = signed(with_terms(make_agreement(), KOREAN_FEE, SERVICE_FEE))
    parties = [agreement.first_id, agreement.second_id]
    assert queries.why_not_offer_on(parties) is None

    the_law_becomes(monkeypatch, "unknown", fee_type="service")

    assert [row.verdict for row in queries.fees_in_force(parties)] == ["lawful", "unknown"]
    objection = queries.why_not_offer_on(parties)
    assert objection.code == "fee_of_unknown_law"
    assert "Act of today" in str(objection.message)
    assert queries.why_not_offer_on(parties, countries={"KR"}) is None


@pytest.mark.parametrize(
    ("verdict", "more", "code"),
    [
        ("forbidden", {}, "fee_forbidden"),
        ("capped", {"cap_bps": {"clinic": 1_000}, "of": "cost"}, "fee_over_cap"),
        ("unknown", {}, "fee_of_unknown_law"),
    ],
)
def test_no_offer_is_built_on_a_fee_that_may_not_be_paid_and_who_asks_is_told_why(monkeypatch, verdict, more, code):
    agreement = signed(with_terms(make_agreement(), KOREAN_FEE))
    the_law_becomes(monkeypatch, verdict, fee_type="brokerage", country="KR", **more)

    objection = queries.why_not_offer_on([agreement.first_id, agreement.second_id])

    assert objection.code == code
    assert "Act of today" in str(objection.message)


def test_fees_touching_an_organisation_are_those_with_anybody():
    provider = make_organisation("provider")
    for _ in range(2):
        signed(with_terms(make_agreement(provider=provider), KOREAN_FEE))
    signed(with_terms(make_agreement(), KOREAN_FEE))

    assert [row.payer_id for row in queries.fees_touching([provider.pk])] == [provider.pk] * 2


@pytest.mark.parametrize(
    ("amount_minor", "price_minor", "code"),
    [(30_000, 100_000, None), (30_001, 100_000, "fee_over_cap"), (1, 0, "fee_over_cap")],
)
def test_an_amount_is_paid_up_to_the_share_of_the_price_that_the_cap_allows(amount_minor, price_minor, code):
    fee = KOREAN_FEE | {"rate_bps": None, "amount_minor": amount_minor, "currency": "EUR"}
    agreement = signed(with_terms(make_agreement(), fee))
    fees = queries.fees_in_force([agreement.first_id, agreement.second_id])

    objection = queries.why_not_pay(fees, price_minor=price_minor, currency="EUR")

    assert (objection and objection.code) == code
    assert queries.why_not_pay(fees, price_minor=price_minor, currency="KRW") is None
