import pytest

from clearpath.agreements import policies
from clearpath.agreements.terms import FeeTerms

GOOD = {"fee_type": "service", "payer": "first", "jurisdiction": "TR", "currency": "EUR", "amount_minor": 100}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"fee_type": "gift"}, "no_such_fee_type"),
        ({"payer": "patient"}, "no_such_payer"),
        ({"amount_minor": None}, "rate_or_amount"),
        ({"rate_bps": 100}, "rate_or_amount"),
        ({"amount_minor": None, "rate_bps": 0}, "rate_out_of_range"),
        ({"amount_minor": None, "rate_bps": 10_001}, "rate_out_of_range"),
        ({"amount_minor": -1}, "amount_below_zero"),
        ({"cap_minor": -1}, "amount_below_zero"),
        ({"currency": "eur"}, "no_such_currency"),
        ({"currency": "EURO"}, "no_such_currency"),
        ({"jurisdiction": "TUR"}, "no_such_country"),
        ({"institution": "spa"}, "no_such_institution"),
    ],
)
def test_a_fee_that_cannot_be_understood_is_named_by_its_number(change, code):
    fees = [FeeTerms(**GOOD), FeeTerms(**(GOOD | change))]

    objection = policies.why_not_propose_terms("We work together.", fees, None, None)

    assert objection is not None
    assert objection.code == code
    assert objection.message.startswith("Fee 2: ")


def test_good_terms_meet_no_objection():
    assert policies.why_not_propose_terms("We work together.", [FeeTerms(**GOOD)], None, None) is None
