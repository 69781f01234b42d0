"""The steps of an agreement: draft, terms in versions, fees checked and ruled on, two signatures, an end."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast
from uuid import UUID

from clearpath.agreements import lawful, policies, queries
from clearpath.agreements.models import Agreement, Fee, Reopening, Signature, Terms
from clearpath.agreements.terms import Clauses, FeeTerms
from clearpath.charter.actor import Actor
from clearpath.core.outcomes import refuse_if
from clearpath.parties.stewards import call_stewards
from clearpath.turns import charters
from clearpath.turns.models import Seat
from clearpath.turns.step import begin, remember, step


@step("agreements.draft")
def draft(*, title: str, second_id: UUID, second_role: str, by: Actor) -> Agreement:
    """Begin an agreement with another organisation; both sides sit on it at once.

    Refused: agreement_with_yourself, no_such_seat, and what the network objects to about the other side.
    """
    roles = charters.charter(charters.in_force()).subjects["agreement"].positions["second"]
    refuse_if(policies.why_not_draft(by.organisation_id, second_id, second_role, roles))
    remember(title=title, second=str(second_id), second_role=second_role)
    return begin(
        Agreement,
        kind="agreement",
        seats=[
            Seat(position="first", role=by.role, organisation_id=by.organisation_id),
            Seat(position="second", role=second_role, organisation_id=second_id),
        ],
        title=title,
        first_id=by.organisation_id,
        first_role=by.role,
        second_id=second_id,
        second_role=second_role,
    )


@step("agreements.propose_terms")
def propose_terms(
    agreement: Agreement, *, text: str, fees: Sequence[FeeTerms | Mapping[str, Any]] = (), by: Actor, **said: Any
) -> Terms:
    """Propose a new version of the terms; what was found lawful or signed before no longer counts.

    What the terms say besides `text` and `fees` comes by the names of `Clauses`; a part that is missing keeps the
    terms from being signed, not from being proposed. A fee of which no rule is known, or which a rule forbids,
    brings the steward to the table.
    Refused: not_a_party, terms_needed, terms_end_before_they_begin, and what is wrong with a part or a fee.
    """
    clauses, proposed = Clauses(text, **said), [FeeTerms.of(fee) for fee in fees]
    refuse_if(policies.why_not_a_party(by.organisation_id, {agreement.first_id, agreement.second_id}))
    refuse_if(policies.why_not_propose_terms(clauses, proposed))
    remember(**(asdict(clauses) | {"fees": [asdict(fee) for fee in proposed]}))
    terms = Terms.objects.create(
        agreement=agreement,
        number=agreement.versions.count() + 1,
        proposed_by_id=cast(UUID, by.organisation_id),
        proposed_at=by.now,
        **clauses.as_fields(),
    )
    fees_of_it = [_fee(agreement, terms, number, fee) for number, fee in enumerate(proposed, start=1)]
    rows = lawful.found(fees_of_it, at=by.now)
    Fee.objects.bulk_create(rows)
    if policies.why_not_lawful(rows) is not None:
        call_stewards(agreement, at=by.now)
    return terms


def _fee(agreement: Agreement, terms: Terms, number: int, proposed: FeeTerms) -> Fee:
    sides = [(agreement.first_id, agreement.first_role), (agreement.second_id, agreement.second_role)]
    payer, payee = sides if proposed.payer == "first" else reversed(sides)
    return Fee(
        terms=terms,
        number=number,
        payer_id=payer[0],
        payer_role=payer[1],
        payee_id=payee[0],
        payee_role=payee[1],
        **{name: value for name, value in asdict(proposed).items() if name not in {"payer", "bundled"}},
        bundled=sorted(set(proposed.bundled)),
    )


@step("agreements.check_fees")
def check_fees(agreement: Agreement, *, by: Actor) -> Terms:
    """The network found a known rule for every fee; the rule and the moment are kept with each.

    Refused: fee_forbidden, fee_over_cap, fee_of_unknown_law.
    """
    terms = queries.open_terms(agreement)
    fees = _found_again(terms, by)
    refuse_if(policies.why_not_lawful(fees))
    remember(terms=terms.number, rules=[fee.rule for fee in fees])
    return terms


def _found_again(terms: Terms, by: Actor) -> list[Fee]:
    """Ask the table of rules again, and keep what it says now."""
    fees = lawful.found(queries.fees_of(terms), at=by.now)
    Fee.objects.bulk_update(fees, ["verdict", "rule", "checked_at"])
    return fees


@step("agreements.rule_on_fee")
def rule_on_fee(agreement: Agreement, *, reason: str, source: str = "", by: Actor) -> Terms:
    """The steward finds every fee of the open terms lawful for which no rule is known, and says why.

    One ruling for all of them, because with it the terms as a whole count as lawful.
    Refused: reason_needed, fee_forbidden, fee_over_cap, nothing_to_rule_on.
    """
    terms = queries.open_terms(agreement)
    fees = _found_again(terms, by)
    refuse_if(policies.why_not_rule_on_fee(fees, reason))
    for fee in fees:
        if not fee.is_lawful:
            fee.ruled_lawful_because, fee.ruled_source = reason.strip(), source[:300]
            fee.ruled_by_id, fee.ruled_at, fee.ruled_under = by.person_id, by.now, fee.rule
    Fee.objects.bulk_update(fees, ["ruled_lawful_because", "ruled_source", "ruled_by", "ruled_at", "ruled_under"])
    remember(terms=terms.number, reason=reason, source=source)
    return terms


@step("agreements.sign_first")
def sign_first(agreement: Agreement, *, by: Actor) -> Signature:
    """Sign the open terms as the first party.

    Refused: parts_missing, fee_forbidden, fee_over_cap, fee_of_unknown_law.
    """
    return _sign(agreement, "first", by)


@step("agreements.sign_second")
def sign_second(agreement: Agreement, *, by: Actor) -> Signature:
    """Sign as the second party; the agreement is in force. Refused as `sign_first`."""
    signature = _sign(agreement, "second", by)
    agreement.signed_at = by.now
    agreement.save(update_fields=["signed_at"])
    return signature


def _sign(agreement: Agreement, position: str, by: Actor) -> Signature:
    """Asks the table of rules once more: a rule may have changed since the fees were found lawful."""
    terms = queries.open_terms(agreement)
    refuse_if(policies.why_not_complete(queries.missing_parts(agreement)))
    refuse_if(policies.why_not_lawful(_found_again(terms, by)))
    remember(terms=terms.number, position=position)
    return Signature.objects.create(
        terms=terms,
        position=position,
        organisation_id=cast(UUID, by.organisation_id),
        person_id=cast(UUID, by.person_id),
        signed_at=by.now,
    )


@step("agreements.reopen")
def reopen(agreement: Agreement, *, by: Actor) -> Terms:
    """A rule changed and a signed fee may no longer be paid: both sides and the steward are told, money waits.

    What was signed stays as it is. It waits until the table finds it lawful again, the steward rules on it, or a
    side ends it. Refused: every_fee_is_lawful.
    """
    terms = queries.open_terms(agreement)
    before = {fee.pk: (fee.answer, fee.rule) for fee in queries.fees_of(terms)}
    fees = _found_again(terms, by)
    refuse_if(policies.why_not_reopen(fees))
    worse = [
        Reopening(
            fee=fee,
            was=before[fee.pk][0],
            was_rule=before[fee.pk][1],
            became=fee.answer,
            became_rule=fee.rule,
            reopened_at=by.now,
        )
        for fee in fees
        if not fee.is_lawful
    ]
    Reopening.objects.bulk_create(worse)
    call_stewards(agreement, at=by.now)
    remember(terms=terms.number, worse=[[each.fee.number, each.was, each.became, each.became_rule] for each in worse])
    return terms


@step("agreements.end")
def end(agreement: Agreement, *, reason: str, by: Actor) -> Agreement:
    """Leave the agreement, signed or not; what is owed until now stays owed. Refused: not_a_party, reason_needed."""
    refuse_if(policies.why_not_a_party(by.organisation_id, {agreement.first_id, agreement.second_id}))
    refuse_if(policies.why_not_without_reason(reason))
    agreement.ended_because = reason.strip()
    agreement.save(update_fields=["ended_because"])
    remember(reason=reason)
    return agreement
