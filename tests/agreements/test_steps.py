import pytest

from clearpath.agreements import steps
from clearpath.agreements.models import Fee
from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.trust import log
from clearpath.turns.models import Notice, Seat, Task
from clearpath.turns.network import look_at
from tests.agreements.factories import (
    KOREAN_FEE,
    NETWORK,
    SERVICE_FEE,
    first,
    make_agreement,
    second,
    signed,
    with_terms,
)
from tests.factories import NOON, actor_at, make_organisation, steward

pytestmark = pytest.mark.django_db


def fees_of(agreement):
    return list(Fee.objects.filter(terms__agreement=agreement).order_by("terms__number", "number"))


def test_draft_seats_both_sides_and_tells_the_other():
    agreement = make_agreement()

    seats = Seat.objects.filter(subject=agreement).order_by("position").values_list("position", "role", "organisation")
    assert list(seats) == [("first", "provider", agreement.first_id), ("second", "facilitator", agreement.second_id)]
    assert Notice.objects.filter(seat__position="second", step="agreements.draft").count() == 1
    assert (agreement.stage, agreement.facts) == ("draft", [])


def test_draft_with_oneself_is_refused():
    provider = make_organisation("provider")

    with pytest.raises(Refused, match="agreement_with_yourself"):
        steps.draft(title="Alone", second_id=provider.pk, second_role="provider", by=actor_at(provider, "provider"))


def test_draft_with_a_role_that_has_no_place_is_refused():
    provider, doctor = make_organisation("provider"), make_organisation("doctor")

    with pytest.raises(Refused, match="no_such_seat"):
        steps.draft(title="Doctors", second_id=doctor.pk, second_role="doctor", by=actor_at(provider, "provider"))


def test_draft_with_an_organisation_that_is_not_verified_is_refused():
    provider, other = make_organisation("provider"), make_organisation("facilitator", verified=False)

    with pytest.raises(Refused, match="not_verified"):
        steps.draft(title="Too early", second_id=other.pk, second_role="facilitator", by=actor_at(provider, "provider"))


def test_propose_terms_keeps_every_version_and_what_each_fee_is():
    agreement = with_terms(make_agreement(), SERVICE_FEE)

    steps.propose_terms(agreement, text="Second thoughts.", fees=[KOREAN_FEE], by=second(agreement))

    agreement.refresh_from_db()
    assert agreement.facts == ["terms_open"]
    assert [terms.number for terms in agreement.versions.order_by("number")] == [1, 2]
    service, korean = fees_of(agreement)
    assert (service.payer_id, service.payee_id, service.amount_minor) == (
        agreement.first_id,
        agreement.second_id,
        30_000,
    )
    assert (service.verdict, service.rule) == ("unknown", "")
    assert (korean.verdict, korean.rule) == ("lawful", "kr_attraction_commission")


def test_propose_terms_with_a_fee_of_unknown_law_seats_the_steward_once_and_makes_it_their_turn():
    keeper = steward()
    agreement = with_terms(with_terms(make_agreement(), SERVICE_FEE), SERVICE_FEE)

    seats = Seat.objects.filter(subject=agreement, role="steward")
    assert [seat.organisation_id for seat in seats] == [keeper.organisation_id]
    tasks = Task.objects.filter(subject=agreement, done_at=None, position="steward")
    assert [task.step for task in tasks] == ["agreements.rule_on_fee"]
    told = Notice.objects.filter(seat=seats[0], step="agreements.propose_terms")
    assert told.count() == 2  # of the terms by which they were seated, and of those after them


def test_propose_terms_whose_fees_are_lawful_leaves_the_steward_out():
    agreement = with_terms(make_agreement(), KOREAN_FEE)

    assert not Seat.objects.filter(subject=agreement, role="steward").exists()


def test_propose_terms_drops_what_was_found_lawful_and_signed():
    agreement = with_terms(make_agreement(), KOREAN_FEE)
    steps.check_fees(agreement, by=NETWORK)
    steps.sign_first(agreement, by=first(agreement))

    steps.propose_terms(agreement, text="Another price.", fees=[SERVICE_FEE], by=second(agreement))

    agreement.refresh_from_db()
    assert agreement.facts == ["terms_open"]
    with pytest.raises(NotYourPart, match="missing_facts"):
        steps.sign_second(agreement, by=second(agreement))


def test_propose_terms_is_not_for_the_steward_who_sits_there_to_rule():
    agreement = with_terms(make_agreement(), SERVICE_FEE)

    with pytest.raises(Refused, match="not_a_party"):
        steps.propose_terms(agreement, text="My own terms.", by=steward())


def test_propose_terms_by_a_stranger_is_refused():
    agreement = make_agreement()
    stranger = make_organisation("provider")

    with pytest.raises(NotYourPart, match="not_seated"):
        steps.propose_terms(agreement, text="Mine.", by=actor_at(stranger, "provider"))


def test_the_network_finds_terms_lawful_by_a_known_rule_and_looks_at_new_terms_again():
    agreement = with_terms(make_agreement(), KOREAN_FEE)

    assert look_at(agreement.pk, at=NOON) == ["agreements.check_fees"]
    assert look_at(agreement.pk, at=NOON) == []
    with_terms(agreement, KOREAN_FEE, text="The same price, other words.")
    assert look_at(agreement.pk, at=NOON) == ["agreements.check_fees"]

    agreement.refresh_from_db()
    assert agreement.facts == ["lawful", "terms_open"]


@pytest.mark.parametrize(
    ("fee", "code"),
    [
        (SERVICE_FEE, "fee_of_unknown_law"),
        (KOREAN_FEE | {"rate_bps": 3_001}, "fee_over_cap"),
        (KOREAN_FEE | {"jurisdiction": "DE"}, "fee_forbidden"),
    ],
)
def test_check_fees_is_refused_for_what_no_rule_allows(fee, code):
    agreement = with_terms(make_agreement(), fee)

    assert look_at(agreement.pk, at=NOON) == []
    with pytest.raises(Refused, match=code):
        steps.check_fees(agreement, by=NETWORK)


GERMAN_SERVICE = SERVICE_FEE | {"jurisdiction": "DE"}
GERMAN_BROKERAGE = KOREAN_FEE | {"jurisdiction": "DE"}


@pytest.mark.parametrize(
    ("fees", "rules"),
    [
        ([GERMAN_SERVICE], [""]),
        ([GERMAN_SERVICE, SERVICE_FEE], ["", ""]),
        ([GERMAN_SERVICE, KOREAN_FEE], ["", "kr_attraction_commission"]),
        ([GERMAN_SERVICE, GERMAN_BROKERAGE], ["de_service_beside_brokerage", "de_hospital_paid_brokerage"]),
        ([GERMAN_BROKERAGE | {"bundled": ("visa",)}], ["de_bundled_brokerage"]),
        ([GERMAN_SERVICE, GERMAN_BROKERAGE | {"payer": "second"}], ["", ""]),
    ],
)
def test_the_fees_of_one_contract_are_seen_together(fees, rules):
    agreement = with_terms(make_agreement(), *fees)

    assert [fee.rule for fee in fees_of(agreement)] == rules


@pytest.mark.parametrize(("exclusivity", "rule"), [
    ("none", "tr_intermediary_authorisation"), ("first", "tr_intermediary_authorisation"),
    ("second", "tr_impartial_intermediary"), ("both", "tr_impartial_intermediary"),
])  # fmt: skip
def test_an_agreement_that_binds_the_turkish_intermediary_to_one_hospital_is_looked_at(exclusivity, rule):
    fee = KOREAN_FEE | {"jurisdiction": "TR"}

    agreement = with_terms(make_agreement(), fee, exclusivity=exclusivity)

    assert [fee.rule for fee in fees_of(agreement)] == [rule]


@pytest.mark.parametrize(("base", "verdict"), [("treatment", "lawful"), ("bill", "unknown"), ("other", "unknown")])
def test_a_share_of_something_else_than_the_treatment_is_of_no_known_share_of_it(base, verdict):
    agreement = with_terms(make_agreement(), KOREAN_FEE | {"base": base})

    assert [fee.verdict for fee in fees_of(agreement)] == [verdict]


def test_rule_on_fee_keeps_who_ruled_why_and_beside_it_that_no_rule_is_known():
    keeper = steward()
    agreement = with_terms(make_agreement(), SERVICE_FEE, KOREAN_FEE)

    steps.rule_on_fee(agreement, reason="Interpreting at its usual price.", source="Tariff of 2026", by=keeper)

    agreement.refresh_from_db()
    service, korean = fees_of(agreement)
    assert agreement.facts == ["lawful", "terms_open"]
    assert (service.verdict, service.is_lawful, service.ruled_by_id) == ("unknown", True, keeper.person_id)
    assert (service.ruled_lawful_because, service.ruled_source) == (
        "Interpreting at its usual price.",
        "Tariff of 2026",
    )
    assert (korean.verdict, korean.ruled_at) == ("lawful", None)


def test_rule_on_fee_is_recorded_with_its_reason():
    agreement = with_terms(make_agreement(), SERVICE_FEE)

    steps.rule_on_fee(agreement, reason="Usual price.", by=steward())

    entry = list(log.entries_of(agreement.pk))[-1]
    assert (entry.step, entry.role) == ("agreements.rule_on_fee", "steward")
    assert entry.digest == log.digest_of({"terms": 1, "reason": "Usual price.", "source": ""}, salt=entry.salt)


@pytest.mark.parametrize(
    ("fee", "reason", "code"),
    [
        (KOREAN_FEE | {"jurisdiction": "DE"}, "Everybody does it.", "fee_forbidden"),
        (KOREAN_FEE | {"rate_bps": 3_001}, "Only a little.", "fee_over_cap"),
        (SERVICE_FEE, "  ", "reason_needed"),
    ],
)
def test_rule_on_fee_never_allows_what_is_forbidden_and_never_without_a_reason(fee, reason, code):
    agreement = with_terms(make_agreement(), fee)

    with pytest.raises(Refused, match=code):
        steps.rule_on_fee(agreement, reason=reason, by=steward())

    agreement.refresh_from_db()
    assert "lawful" not in agreement.facts


def test_rule_on_fee_is_for_the_steward_alone():
    agreement = with_terms(make_agreement(), SERVICE_FEE)

    with pytest.raises(NotYourPart) as refusal:
        steps.rule_on_fee(agreement, reason="We find it fair.", by=first(agreement))

    assert (refusal.value.code, refusal.value.rightful) == ("not_your_part", "steward")


def test_both_signatures_put_the_agreement_in_force():
    agreement = signed(with_terms(make_agreement(), KOREAN_FEE))

    assert (agreement.stage, agreement.signed_at) == ("signed", NOON)
    signatures = agreement.versions.get().signatures.order_by("position")
    assert [(each.position, each.organisation_id) for each in signatures] == [
        ("first", agreement.first_id),
        ("second", agreement.second_id),
    ]


def test_sign_before_anybody_found_the_fees_lawful_is_refused():
    agreement = with_terms(make_agreement(), SERVICE_FEE)

    with pytest.raises(NotYourPart) as refusal:
        steps.sign_first(agreement, by=first(agreement))

    assert (refusal.value.code, refusal.value.missing) == ("missing_facts", ("lawful",))


def test_sign_for_the_other_side_is_refused():
    agreement = with_terms(make_agreement(), KOREAN_FEE)
    steps.check_fees(agreement, by=NETWORK)

    with pytest.raises(NotYourPart, match="not_seated"):
        steps.sign_first(agreement, by=second(agreement))


def test_sign_asks_the_table_of_rules_again(monkeypatch):
    agreement = with_terms(make_agreement(), KOREAN_FEE)
    steps.check_fees(agreement, by=NETWORK)
    monkeypatch.setattr("clearpath.agreements.lawful.rules", lambda: ())

    with pytest.raises(Refused, match="fee_of_unknown_law"):
        steps.sign_first(agreement, by=first(agreement))

    agreement.refresh_from_db()
    assert "first_signed" not in agreement.facts


@pytest.mark.parametrize("side", [first, second])
def test_end_is_for_either_party_even_when_signed(side):
    agreement = signed(with_terms(make_agreement(), KOREAN_FEE))

    steps.end(agreement, reason="We part as friends.", by=side(agreement))

    agreement.refresh_from_db()
    assert (agreement.stage, agreement.ended_because, agreement.closed_at) == ("ended", "We part as friends.", NOON)


def test_end_is_not_for_the_steward():
    agreement = with_terms(make_agreement(), SERVICE_FEE)

    with pytest.raises(Refused, match="not_a_party"):
        steps.end(agreement, reason="I would rather not.", by=steward())


def test_end_without_a_reason_is_refused():
    agreement = make_agreement()

    with pytest.raises(Refused, match="reason_needed"):
        steps.end(agreement, reason=" ", by=first(agreement))
