from datetime import date

import pytest

from clearpath.agreements import policies
from clearpath.agreements.models import Terms
from clearpath.agreements.terms import Clauses, FeeTerms

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
        ({"region": "FLOR"}, "no_such_region"),
        ({"care_paid_by": "friend"}, "no_such_care_payer"),
        ({"base": "turnover"}, "no_such_base"),
        ({"per": "click", "fee_type": "marketing"}, "no_such_occasion"),
        ({"per": "lead"}, "only_for_marketing"),
        ({"per": "lead", "fee_type": "marketing", "amount_minor": None, "rate_bps": 5}, "share_of_no_treatment"),
        ({"bundled": ("car",)}, "no_such_service"),
    ],
)
def test_a_fee_that_cannot_be_understood_is_named_by_its_number(change, code):
    fees = [FeeTerms(**GOOD), FeeTerms(**(GOOD | change))]

    objection = policies.why_not_propose_terms(Clauses("We work together."), fees)

    assert objection is not None
    assert objection.code == code
    assert objection.message.startswith("Fee 2: ")


def test_good_terms_meet_no_objection():
    assert policies.why_not_propose_terms(Clauses("We work together."), [FeeTerms(**GOOD)]) is None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"text": "  "}, "terms_needed"),
        ({"starts_on": date(2026, 2, 1), "ends_on": date(2026, 2, 1)}, "terms_end_before_they_begin"),
        ({"parts": {"weather": "Sun."}}, "no_such_part"),
        ({"exclusivity": "third"}, "no_such_exclusivity"),
        ({"data_purposes": ["fun"]}, "no_such_purpose"),
        ({"data_purposes": ["none", "care"]}, "purposes_contradict"),
        ({"language": "tr", "translations": {"tr": "Birlikte."}}, "language_twice"),
    ],
)
def test_clauses_that_cannot_be_understood_are_not_proposed(said, code):
    objection = policies.why_not_propose_terms(Clauses(**({"text": "We work together."} | said)), [])

    assert objection is not None
    assert objection.code == code


WHOLE = {
    "parts": {"complaints": "a", "aftercare": "b", "ending": "c", "open_journeys": "d"},
    "exclusivity": "none",
    "data_purposes": ["none"],
    "governing_law": "CH",
}


@pytest.mark.parametrize(
    ("change", "roles", "missing"),
    [
        ({}, {"provider", "facilitator"}, []),
        ({"governing_law": ""}, {"provider", "facilitator"}, ["Governing law"]),
        ({"exclusivity": ""}, {"provider", "facilitator"}, ["Whether they may work with others"]),
        ({"data_purposes": []}, {"provider", "facilitator"}, ["Which data are exchanged, and what for"]),
        ({"parts": {"complaints": "a", "ending": "c", "open_journeys": "d"}}, {"provider", "agency"}, [
            "Who cares after treatment"]),
        ({"parts": {"complaints": "a", "ending": "c", "open_journeys": "d"}}, {"facilitator", "agency"}, []),
        ({"parts": {}}, {"facilitator", "agency"}, [
            "Where complaints go", "How it ends", "What happens to open journeys when it ends"]),
    ],
)  # fmt: skip
def test_every_required_part_that_is_missing_is_named(change, roles, missing):
    found = policies.missing_parts(Terms(text="We work together.", **(WHOLE | change)), roles)

    assert [str(each) for each in found] == missing
    objection = policies.why_not_complete(found)
    assert (objection.code if objection else "") == ("parts_missing" if missing else "")
    assert all(name in str(objection.message) for name in missing)
