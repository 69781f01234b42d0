"""The steps of money: sign, hold, invoice, refund, settle."""

from typing import cast
from uuid import UUID

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import refuse_if
from clearpath.money import policies, queries
from clearpath.money.models import Contract, Deposit, Invoice, Refund, SettledFee, Settlement
from clearpath.offers import queries as offers
from clearpath.offers.contract import queries as contracts
from clearpath.turns.step import remember, step
from clearpath.turns.subject import Subject


@step("money.sign_contract")
def sign_contract(journey: Subject, *, wording: str, language: str, by: Actor) -> Contract:
    """Sign for the accepted offer, in these very words.

    Refused: no_accepted_offer, already_signed, wording_needed.
    """
    offer = offers.accepted_offer(journey)
    is_signed = offer is not None and Contract.objects.filter(offer_id=offer.pk).exists()
    refuse_if(policies.why_not_sign(wording, language, is_accepted=offer is not None, is_signed=is_signed))
    assert offer is not None  # noqa: S101 - the policy refuses it
    document = contracts.digest_on(offer.pk)
    remember(offer=offer.pk, total_minor=offer.total_minor, currency=offer.currency, wording=wording, language=language)
    remember(document=document)
    return Contract.objects.create(
        journey_id=journey.pk,
        offer_id=offer.pk,
        provider_id=offer.provider_id,
        total_minor=offer.total_minor,
        currency=offer.currency,
        wording=wording,
        document_sha256=document,
        language=language,
        signed_at=by.now,
        signed_by_id=cast(UUID, by.person_id),
    )


@step("money.confirm_deposit")
def confirm_deposit(journey: Subject, *, amount_minor: int, reference: str = "", by: Actor) -> Deposit:
    """Say that money arrived and is held, in minor units of the contract's currency.

    Refused: no_contract, amount_not_positive, deposit_above_price.
    """
    contract = queries.contract_in_force(journey)
    held, total = queries.held_minor(journey), contract.total_minor if contract else None
    refuse_if(policies.why_not_confirm_deposit(amount_minor, held_minor=held, total_minor=total))
    assert contract is not None  # noqa: S101 - the policy refuses it
    remember(amount_minor=amount_minor, currency=contract.currency, reference=reference)
    return Deposit.objects.create(
        journey_id=journey.pk,
        contract=contract,
        provider_id=cast(UUID, by.organisation_id),
        amount_minor=amount_minor,
        currency=contract.currency,
        reference=reference,
        held_at=by.now,
    )


@step("money.invoice")
def invoice(journey: Subject, *, total_minor: int, number: str = "", by: Actor) -> Invoice:
    """Ask for the price of the treatment, up to what was signed; deposits held are set off against it.

    Refused: no_contract, amount_not_positive, invoice_above_contract.
    """
    contract = queries.contract_in_force(journey)
    signed, so_far = contract.total_minor if contract else None, queries.invoiced_minor(journey)
    refuse_if(policies.why_not_invoice(total_minor, invoiced_minor=so_far, signed_minor=signed))
    assert contract is not None  # noqa: S101 - the policy refuses it
    held = queries.held_minor(journey)
    Deposit.objects.filter(journey_id=journey.pk, released_at=None).update(released_at=by.now)
    remember(total_minor=total_minor, deposit_minor=held, currency=contract.currency, number=number)
    return Invoice.objects.create(
        journey_id=journey.pk,
        contract=contract,
        provider_id=cast(UUID, by.organisation_id),
        number=number,
        total_minor=total_minor,
        deposit_minor=held,
        currency=contract.currency,
        issued_at=by.now,
    )


@step("money.refund")
def refund(journey: Subject, *, amount_minor: int, reason: str = "", by: Actor) -> Refund:
    """Give a deposit back; what is kept of it needs a reason.

    Refused: nothing_held, refund_above_deposit, reason_needed.
    """
    held = queries.held_minor(journey)
    refuse_if(policies.why_not_refund(amount_minor, reason, held_minor=held))
    deposits = Deposit.objects.filter(journey_id=journey.pk, released_at=None)
    currency = deposits.values_list("currency", flat=True)[0]
    deposits.update(released_at=by.now)
    remember(held_minor=held, amount_minor=amount_minor, currency=currency, reason=reason)
    return Refund.objects.create(
        journey_id=journey.pk,
        provider_id=cast(UUID, by.organisation_id),
        held_minor=held,
        amount_minor=amount_minor,
        currency=currency,
        reason=reason,
        refunded_at=by.now,
    )


@step("money.settle")
def settle(journey: Subject, *, by: Actor) -> Settlement:
    """Compute who owes whom which fee for what was invoiced, from the agreements in force.

    Refused: fee_forbidden, fee_over_cap, fee_of_unknown_law.
    """
    refuse_if(queries.why_not_settle(journey, at=by.now))
    settlement = Settlement.objects.create(journey_id=journey.pk, settled_at=by.now)
    invoices = list(Invoice.objects.filter(journey_id=journey.pk, settlement=None))
    price = sum(each.total_minor for each in invoices)
    currency = next((each.currency for each in invoices), "")
    Invoice.objects.filter(journey_id=journey.pk, settlement=None).update(settlement=settlement)
    # A fixed fee is owed once a journey, also when a readmission brings another invoice.
    settled = SettledFee.objects.filter(settlement__journey_id=journey.pk)
    once = set(settled.values_list("agreement_id", "payer_id", "fee_type"))
    fees = [
        SettledFee(
            settlement=settlement,
            agreement_id=fee.agreement_id,
            payer_id=fee.payer_id,
            payee_id=fee.payee_id,
            fee_type=fee.fee_type,
            amount_minor=policies.fee_minor(fee.rate_bps, fee.amount_minor, fee.cap_minor, price_minor=price),
            currency=currency if fee.rate_bps is not None else fee.currency,
        )
        for fee in queries.fees_due(journey, at=by.now)
        if fee.rate_bps is not None or (fee.agreement_id, fee.payer_id, fee.fee_type) not in once
    ]
    SettledFee.objects.bulk_create(fees)
    remember(fees=[[fee.payer_id, fee.payee_id, fee.fee_type, fee.amount_minor, fee.currency] for fee in fees])
    return settlement
