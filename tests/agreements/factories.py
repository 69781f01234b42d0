"""Agreements in the stage that a test needs, made by taking the real steps."""

from datetime import date
from typing import Any

from clearpath.agreements import lawful, steps
from clearpath.agreements.fee_table import Rule
from clearpath.agreements.models import Agreement
from clearpath.charter.actor import Actor
from clearpath.parties.models import Organisation
from tests.factories import NOON, actor_at, make_organisation, steward
from tests.kept import kept

NETWORK = Actor(role="network", now=NOON)
SERVICE_FEE = {"fee_type": "service", "payer": "first", "jurisdiction": "TR", "currency": "EUR", "amount_minor": 30_000}
KOREAN_FEE = {
    "fee_type": "brokerage",
    "payer": "first",
    "jurisdiction": "KR",
    "currency": "KRW",
    "rate_bps": 1_500,
    "institution": "clinic",
}
COMPLETE = {
    "parts": {
        "complaints": "Within 14 days.",
        "aftercare": "The hospital.",
        "ending": "With 30 days' notice.",
        "open_journeys": "They go on as agreed.",
    },
    "exclusivity": "none",
    "data_purposes": ["coordination"],
    "governing_law": "CH",
}


def the_law_becomes(monkeypatch, verdict: str, *, fee_type: str, country: str = "TR", **more: Any) -> Rule:
    """From now on the table of rules begins with this one, read today."""
    new = Rule(
        key=f"{country.lower()}_new_rule",
        jurisdiction=country,
        payer=("provider",),
        payee=("facilitator",),
        fee_types=(fee_type,),
        verdict=verdict,
        says="A new rule.",
        consequence="A fine.",
        rule="Act of today",
        read_on=date(2026, 6, 1),
        sources=("https://example.org/new",),
        **more,
    )
    table = (new, *lawful.rules())
    monkeypatch.setattr("clearpath.agreements.lawful.rules", lambda: table)
    monkeypatch.setattr(
        "clearpath.agreements.fee_table.rule", lambda key: next((each for each in table if each.key == key), None)
    )
    return new


@kept
def make_agreement(*, provider: Organisation | None = None, facilitator: Organisation | None = None) -> Agreement:
    """A draft between a provider (first) and a facilitator (second), without terms."""
    provider = provider or make_organisation("provider")
    facilitator = facilitator or make_organisation("facilitator")
    return steps.draft(
        title="Working together", second_id=facilitator.pk, second_role="facilitator", by=actor_at(provider, "provider")
    )


def with_terms(agreement: Agreement, *fees: dict[str, Any], text: str = "We work together.", **more: Any) -> Agreement:
    """The same agreement with terms proposed by the first party that say everything that must be said."""
    steps.propose_terms(agreement, text=text, fees=fees, by=first(agreement), **(COMPLETE | more))
    agreement.refresh_from_db()
    return agreement


def signed(agreement: Agreement) -> Agreement:
    """The same agreement, found lawful by a rule or ruled on by the steward, and signed by both."""
    if any(not fee.is_lawful for fee in agreement.versions.last().fees.all()):
        steps.rule_on_fee(agreement, reason="A service at its usual price.", by=steward())
    else:
        steps.check_fees(agreement, by=NETWORK)
    steps.sign_first(agreement, by=first(agreement))
    steps.sign_second(agreement, by=second(agreement))
    agreement.refresh_from_db()
    return agreement


def first(agreement: Agreement) -> Actor:
    return actor_at(agreement.first_id, agreement.first_role)


def second(agreement: Agreement) -> Actor:
    return actor_at(agreement.second_id, agreement.second_role)
