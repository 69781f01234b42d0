"""What the steps of money change, whom they refuse, what they leave in the log, and who sees it."""

import pytest

from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.journeys import steps as journeys
from clearpath.money import queries, steps
from clearpath.money.models import Contract, Deposit, Invoice, SettledFee, Settlement
from clearpath.offers import steps as offers
from clearpath.parties.models import Organisation
from clearpath.records import steps as records
from clearpath.trust import log
from tests.agreements.factories import SERVICE_FEE, make_agreement, signed, the_law_becomes, with_terms
from tests.factories import NOON
from tests.walk import IN_A_MONTH, discharge, walk_to

pytestmark = pytest.mark.django_db


def agree(walk, *fees):
    """An agreement under which the provider pays the facilitator."""
    provider = Organisation.objects.get(pk=walk.provider.organisation_id)
    facilitator = Organisation.objects.get(pk=walk.facilitator.organisation_id)
    return signed(with_terms(make_agreement(provider=provider, facilitator=facilitator), *fees))


def names(rows):
    return [str(row.name) for row in rows]


def test_sign_contract_keeps_the_words_and_the_price_of_the_accepted_offer():
    walk = walk_to("money.sign_contract")

    contract = steps.sign_contract(walk.journey, wording="İmzalıyorum.", language="tr", by=walk.patient)

    assert (contract.total_minor, contract.currency, contract.offer) == (950_000, "EUR", walk.offer)
    entry = log.entries_about(contract).get()
    content = {
        "offer": walk.offer.pk, "total_minor": 950_000, "currency": "EUR", "wording": "İmzalıyorum.", "language": "tr",
        "document": walk.offer.choice.contract_sha256,
    }  # fmt: skip
    assert entry.digest == log.digest_of(content, salt=entry.salt)
    with pytest.raises(Refused, match="already_signed"):
        steps.sign_contract(walk.journey, wording="Again", language="en", by=walk.patient)
    with pytest.raises(NotYourPart):
        steps.sign_contract(walk.journey, wording="For you", language="en", by=walk.facilitator)


def test_a_changed_price_needs_a_new_signature():
    walk = walk_to("money.confirm_deposit")
    changed = offers.revise(
        walk.journey, items=[("Operation", 700_000)], stay_nights=4, valid_until=IN_A_MONTH, why="x", by=walk.provider
    )
    walk.look()
    offers.acknowledge_interests(walk.journey, by=walk.patient)
    offers.accept_revision(walk.journey, changed, by=walk.patient)

    with pytest.raises(NotYourPart):
        steps.confirm_deposit(walk.journey, amount_minor=1, by=walk.provider)
    steps.sign_contract(walk.journey, wording="I sign.", language="en", by=walk.patient)

    assert queries.contract_in_force(walk.journey).total_minor == 700_000
    assert Contract.objects.count() == 2


def test_confirm_deposit_is_for_the_hospital_and_never_above_the_price():
    walk = walk_to("money.confirm_deposit")

    with pytest.raises(NotYourPart):
        steps.confirm_deposit(walk.journey, amount_minor=190_000, by=walk.patient)
    with pytest.raises(Refused, match="deposit_above_price"):
        steps.confirm_deposit(walk.journey, amount_minor=950_001, by=walk.provider)
    steps.confirm_deposit(walk.journey, amount_minor=190_000, reference="SEPA 7", by=walk.provider)

    assert (queries.held_minor(walk.journey), "deposit_held" in walk.facts()) == (190_000, True)


def test_invoice_sets_the_deposit_off_and_never_exceeds_what_was_signed():
    walk = walk_to("money.invoice")

    with pytest.raises(Refused, match="invoice_above_contract"):
        steps.invoice(walk.journey, total_minor=950_001, by=walk.provider)
    assert queries.held_minor(walk.journey) == 190_000
    invoice = steps.invoice(walk.journey, total_minor=900_000, number="R-1", by=walk.provider)

    assert (invoice.deposit_minor, invoice.due_minor) == (190_000, 710_000)
    assert (queries.held_minor(walk.journey), "deposit_held" in walk.facts()) == (0, False)
    assert Deposit.objects.get().released_at == NOON
    with pytest.raises(Refused, match="invoice_above_contract"):
        steps.invoice(walk.journey, total_minor=50_001, by=walk.provider)


def test_refund_of_less_than_is_held_needs_a_reason():
    walk = walk_to("travel.issue_invitation")
    journeys.withdraw(walk.journey, by=walk.patient)

    with pytest.raises(Refused, match="reason_needed"):
        steps.refund(walk.journey, amount_minor=100_000, by=walk.provider)
    refund = steps.refund(walk.journey, amount_minor=100_000, reason="Less than 7 days before", by=walk.provider)

    assert (refund.held_minor, refund.amount_minor, refund.currency) == (190_000, 100_000, "EUR")
    assert "deposit_held" not in walk.facts()
    with pytest.raises(NotYourPart):
        steps.refund(walk.journey, amount_minor=0, by=walk.provider)


def test_settle_computes_fees_from_agreements_once_the_records_are_home():
    walk = walk_to("records.hand_over_home")
    agree(walk, SERVICE_FEE, {**SERVICE_FEE, "fee_type": "brokerage", "amount_minor": None, "rate_bps": 1_000})
    walk.look()
    assert not Settlement.objects.exists()

    records.hand_over_home(walk.journey, by=walk.doctor)
    assert "money.settle" in walk.look()

    found = SettledFee.objects.order_by("amount_minor").values_list("fee_type", "amount_minor", "currency")
    assert list(found) == [("service", 30_000, "EUR"), ("brokerage", 95_000, "EUR")]
    assert "settled" in walk.facts()
    assert Invoice.objects.get().settlement == Settlement.objects.get()
    assert "money.settle" not in walk.look()


def test_settle_waits_while_a_fee_is_not_known_to_be_lawful(monkeypatch):
    walk = walk_to("money.settle")
    agree(walk, SERVICE_FEE)
    the_law_becomes(monkeypatch, "forbidden", fee_type="service")

    assert "money.settle" not in walk.look()
    with pytest.raises(Refused, match="fee_forbidden"):
        steps.settle(walk.journey, by=walk.network)

    assert not Settlement.objects.exists()


def test_settle_waits_while_an_amount_is_more_of_this_price_than_the_cap(monkeypatch):
    cap = {"of": "total medical cost", "cap_bps": {"clinic": 2_000}}
    the_law_becomes(monkeypatch, "capped", fee_type="service", **cap)
    walk = walk_to("money.settle")
    agree(walk, SERVICE_FEE | {"amount_minor": 200_000})

    with pytest.raises(Refused, match="fee_over_cap"):
        steps.settle(walk.journey, by=walk.network)


def test_a_fixed_fee_is_owed_once_also_when_a_readmission_brings_another_invoice():
    walk = walk_to("money.invoice")
    agree(walk, SERVICE_FEE)
    steps.invoice(walk.journey, total_minor=900_000, by=walk.provider)
    records.hand_over_home(walk.journey, by=walk.doctor)
    walk.look()
    records.readmit(walk.journey, reason="Infection", by=walk.doctor)
    steps.invoice(walk.journey, total_minor=50_000, by=walk.provider)
    discharge(walk)
    records.hand_over_home(walk.journey, by=walk.doctor)

    walk.look()

    assert Settlement.objects.count() == 2
    assert SettledFee.objects.values_list("amount_minor", flat=True).get() == 30_000


def test_money_is_seen_by_who_pays_and_who_is_paid_and_never_by_the_doctor():
    walk = walk_to("records.hand_over_home")
    agree(walk, SERVICE_FEE)
    records.hand_over_home(walk.journey, by=walk.doctor)
    walk.look()

    everything = ["Contract signed", "Deposit, used or given back", "Invoice"]
    for actor in (walk.patient, walk.facilitator, walk.provider):
        assert sorted(names(queries.money_rows_for(actor, walk.journey))) == sorted(everything)
        assert [fee.amount_minor for fee in queries.fees_settled_for(actor, walk.journey)] == [30_000]
    assert queries.money_rows_for(walk.doctor, walk.journey) == []
    assert queries.fees_settled_for(walk.doctor, walk.journey) == []
