"""Every row of the table of fee rules, and every unknown."""

from datetime import date
from urllib.parse import urlparse

import pytest

from clearpath.agreements import lawful
from clearpath.agreements.models import Fee
from clearpath.charter.document import default_charter

BROKERAGE = {"payer_role": "provider", "payee_role": "facilitator", "fee_type": "brokerage"}


@pytest.mark.parametrize("payee", ["facilitator", "agency", "organizer"])
def test_a_commission_paid_by_a_german_hospital_is_forbidden(payee):
    found = lawful.check(jurisdiction="DE", rate_bps=2_000, **(BROKERAGE | {"payee_role": payee}))

    assert (found.verdict, found.rule) == ("forbidden", "de_hospital_paid_brokerage")
    assert found.by.since == date(2024, 11, 22)
    assert "void" in found.by.consequence


@pytest.mark.parametrize(
    ("institution", "rate_bps", "verdict", "cap_bps"),
    [
        ("clinic", 3_000, "lawful", 3_000),
        ("clinic", 3_001, "over_cap", 3_000),
        ("hospital", 2_000, "lawful", 2_000),
        ("hospital", 2_001, "over_cap", 2_000),
        ("tertiary", 1_500, "lawful", 1_500),
        ("tertiary", 1_501, "over_cap", 1_500),
        ("", 1_500, "lawful", 1_500),  # lawful whatever the institution is
        ("", 1_501, "unknown", 1_500),  # depends on the institution
        ("", 3_001, "over_cap", 1_500),  # too much for any
        ("clinic", None, "unknown", 3_000),  # an amount: its share is not known
    ],
)
def test_korea_caps_the_commission_by_kind_of_institution(institution, rate_bps, verdict, cap_bps):
    found = lawful.check(jurisdiction="KR", rate_bps=rate_bps, institution=institution, **BROKERAGE)

    assert (found.verdict, found.cap_bps, found.rule) == (verdict, cap_bps, "kr_attraction_commission")


@pytest.mark.parametrize(
    ("country", "rule"), [("US", "us_payment_for_referral"), ("TR", "tr_intermediary_authorisation")]
)
def test_a_rule_that_depends_on_what_the_network_does_not_know_says_so_and_stays_unknown(country, rule):
    found = lawful.check(jurisdiction=country, rate_bps=1_000, **BROKERAGE)

    assert (found.verdict, found.rule) == ("unknown", rule)


@pytest.mark.parametrize(
    "fee",
    [
        {"jurisdiction": "TH", **BROKERAGE},
        {"jurisdiction": "XX", **BROKERAGE},
        {"jurisdiction": "", **BROKERAGE},
        {"jurisdiction": "DE", **(BROKERAGE | {"fee_type": "service"})},
        {"jurisdiction": "DE", **(BROKERAGE | {"payer_role": "facilitator", "payee_role": "provider"})},
        {"jurisdiction": "KR", **(BROKERAGE | {"payee_role": "agency"})},
        {"jurisdiction": "KR", **(BROKERAGE | {"fee_type": "marketing"})},
    ],
)
def test_what_no_rule_speaks_of_is_unknown_and_never_lawful(fee):
    found = lawful.check(rate_bps=100, **fee)

    assert found == lawful.Finding("unknown")


def test_every_rule_has_its_source_its_date_and_words_that_the_network_knows():
    roles = set(default_charter().roles)
    keys = [rule.key for rule in lawful.rules()]
    assert len(set(keys)) == len(keys) > 0
    for rule in lawful.rules():
        assert rule.says
        assert rule.consequence
        assert rule.rule
        assert rule.read_on <= date.today()  # noqa: DTZ011
        assert {urlparse(source).scheme for source in rule.sources} <= {"http", "https"}
        assert rule.sources
        assert rule.verdict in {"forbidden", "capped", "unknown"}
        assert set(rule.payer) | set(rule.payee) <= roles
        assert rule.fee_type in Fee.Type.values
        assert set(rule.cap_bps) <= set(Fee.Institution.values)
        assert (rule.verdict == "capped") == bool(rule.cap_bps)
