"""What the table of fee rules answers: the law as we read it, by hand, and every row and every unknown."""

from dataclasses import replace
from datetime import date

import pytest

from clearpath.agreements import fee_table, lawful
from clearpath.agreements.lawful import Asked, find

BROKERAGE = {"payer_role": "provider", "payee_role": "facilitator", "fee_type": "brokerage"}
ROWS = [pytest.param(each, id=each.key) for each in fee_table.rules()]
ONE_VALUE = ("institution", "care_paid_by")  # conditions of which one thing is said


@pytest.mark.parametrize("payee", ["facilitator", "agency", "organizer"])
def test_a_commission_paid_by_a_german_hospital_is_forbidden(payee):
    found = lawful.check(jurisdiction="DE", rate_bps=2_000, **(BROKERAGE | {"payee_role": payee}))

    assert (found.verdict, found.rule) == ("forbidden", "de_hospital_paid_brokerage")
    assert found.by.since == date(2024, 11, 22)
    assert "void" in found.by.consequence


@pytest.mark.parametrize("bundled", ["interpreting", "visa"])
def test_a_german_commission_coupled_with_interpreting_or_visa_help_voids_the_whole_contract(bundled):
    found = lawful.check(jurisdiction="DE", bundled={bundled}, **BROKERAGE)

    assert (found.verdict, found.rule) == ("forbidden", "de_bundled_brokerage")
    assert "whole contract is void" in found.by.consequence


def test_a_german_doctor_may_not_be_paid_for_bringing_patients():
    found = lawful.check(jurisdiction="DE", **(BROKERAGE | {"payee_role": "doctor"}))

    assert (found.verdict, found.rule) == ("forbidden", "de_doctor_paid_brokerage")


@pytest.mark.parametrize(("bundled", "verdict"), [({"brokerage"}, "forbidden"), (set(), "unknown")])
def test_a_german_service_fee_falls_with_the_commission_beside_it(bundled, verdict):
    found = lawful.check(
        jurisdiction="DE", payer_role="facilitator", payee_role="provider", fee_type="service", bundled=bundled
    )

    assert found.verdict == verdict


@pytest.mark.parametrize(
    ("institution", "rate_bps", "verdict", "cap_bps", "depends_on"),
    [
        ("clinic", 3_000, "lawful", 3_000, ()),
        ("clinic", 3_001, "over_cap", 3_000, ()),
        ("hospital", 2_000, "lawful", 2_000, ()),
        ("hospital", 2_001, "over_cap", 2_000, ()),
        ("tertiary", 1_500, "lawful", 1_500, ()),
        ("tertiary", 1_501, "over_cap", 1_500, ()),
        ("", 1_500, "lawful", 1_500, ()),  # lawful whatever the institution is
        ("", 1_501, "unknown", 1_500, ("institution",)),
        ("", 3_001, "over_cap", 1_500, ()),  # too much for any
        ("clinic", None, "unknown", 3_000, ("rate",)),  # an amount: its share is not known
        ("", None, "unknown", 1_500, ("rate", "institution")),
        ("laboratory", 1_501, "unknown", 1_500, ("institution",)),  # a kind of which the rule says nothing
    ],
)
def test_korea_caps_the_commission_by_kind_of_institution(institution, rate_bps, verdict, cap_bps, depends_on):
    found = lawful.check(jurisdiction="KR", rate_bps=rate_bps, institution=institution, **BROKERAGE)

    assert (found.verdict, found.cap_bps, found.rule) == (verdict, cap_bps, "kr_attraction_commission")
    assert found.depends_on == depends_on


@pytest.mark.parametrize(
    ("country", "lacking", "verdict", "rule"),
    [
        ("KR", "registration", "forbidden", "kr_unregistered"),
        ("KR", "liability_cover", "unknown", "kr_liability_cover"),
        ("TR", "authorisation", "forbidden", "tr_unauthorised"),
        ("TR", "agency_certificate", "forbidden", "tr_conditions_of_authorisation"),
        ("TR", "protocols", "forbidden", "tr_conditions_of_authorisation"),
        ("TR", "call_service", "forbidden", "tr_conditions_of_authorisation"),
        ("TR", "language_staff", "forbidden", "tr_conditions_of_authorisation"),
        ("TR", "undertakings", "forbidden", "tr_conditions_of_authorisation"),
        ("TR", "complication_insurance", "unknown", "tr_complication_insurance"),
        ("TR", "impartiality", "unknown", "tr_impartial_intermediary"),
    ],
)
def test_who_lacks_what_korea_or_turkey_wants_is_not_paid(country, lacking, verdict, rule):
    found = lawful.check(jurisdiction=country, rate_bps=1_000, lacking={lacking}, **BROKERAGE)

    assert (found.verdict, found.rule) == (verdict, rule)


@pytest.mark.parametrize(
    ("fee", "verdict", "rule", "depends_on"),
    [
        ({}, "unknown", "us_payment_for_referral", ("institution", "care_paid_by", "region")),
        ({"care_paid_by": "federal_programme"}, "forbidden", "us_federal_kickback", ()),
        ({"care_paid_by": "federal_programme", "region": "FL"}, "forbidden", "us_federal_kickback", ()),
        ({"care_paid_by": "federal_programme", "fee_type": "service"}, "unknown", "us_federal_referral_service", ()),
        (
            {"care_paid_by": "federal_programme", "fee_type": "medical", "payee_role": "doctor"},
            "unknown",
            "us_stark",
            (),
        ),
        ({"care_paid_by": "insurer"}, "unknown", "us_payment_for_referral", ("institution", "region")),
        ({"care_paid_by": "insurer", "institution": "clinic"}, "unknown", "us_payment_for_referral", ()),
        ({"care_paid_by": "insurer", "institution": "laboratory"}, "forbidden", "us_ekra", ()),
        ({"care_paid_by": "patient"}, "unknown", "us_payment_for_referral", ()),
        ({"care_paid_by": "patient", "region": "FL"}, "unknown", "us_fl_patient_brokering", ()),
        ({"care_paid_by": "patient", "institution": "laboratory"}, "unknown", "us_payment_for_referral", ()),
    ],
)
def test_in_the_united_states_it_depends_on_who_pays_for_the_care_and_on_the_state(fee, verdict, rule, depends_on):
    found = lawful.check(jurisdiction="US", rate_bps=1_000, **(BROKERAGE | fee))

    assert (found.verdict, found.rule, found.depends_on) == (verdict, rule, depends_on)


NEVADA = {"jurisdiction": "US", "payer_role": "provider", "payee_role": "doctor", "fee_type": "medical"}


@pytest.mark.parametrize(
    ("fee", "verdict"),
    [
        ({"region": "NV", "care_paid_by": "patient"}, "allowed_with_disclosure"),
        ({"region": "NV", "care_paid_by": "patient", "lacking": {"proportion"}}, "forbidden"),
        ({"region": "NV"}, "unknown"),  # a federal programme may pay
        ({"care_paid_by": "patient"}, "unknown"),  # it may be another state
        ({"region": "CA", "care_paid_by": "patient"}, "unknown"),
    ],
)
def test_nevada_lets_doctors_divide_a_fee_if_the_patient_is_told(fee, verdict):
    assert lawful.check(**(NEVADA | fee)).verdict == verdict


@pytest.mark.parametrize(
    ("place", "rule"),
    [
        ({"jurisdiction": "TR"}, "tr_intermediary_authorisation"),
        ({"jurisdiction": "IN"}, "in_voluntary_certificate"),
        ({"jurisdiction": "AE", "region": "DU"}, "ae_dubai_listing"),
        ({"jurisdiction": "MY"}, "my_coordinating_council"),
    ],
)
def test_where_nothing_was_found_on_what_may_be_paid_the_answer_is_unknown_with_what_was_found(place, rule):
    found = lawful.check(rate_bps=1_000, **place, **BROKERAGE)

    assert (found.verdict, found.rule) == ("unknown", rule)


@pytest.mark.parametrize(
    "fee",
    [
        {"jurisdiction": "TH", **BROKERAGE},
        {"jurisdiction": "XX", **BROKERAGE},
        {"jurisdiction": "", **BROKERAGE},
        {"jurisdiction": "AE", "region": "AZ", **BROKERAGE},
        {"jurisdiction": "DE", **(BROKERAGE | {"fee_type": "service"})},
        {"jurisdiction": "DE", **(BROKERAGE | {"payer_role": "facilitator", "payee_role": "provider"})},
        {"jurisdiction": "DE", **(BROKERAGE | {"payer_role": "patient"})},
        {"jurisdiction": "KR", **(BROKERAGE | {"payee_role": "agency"})},
        {"jurisdiction": "KR", **(BROKERAGE | {"fee_type": "marketing"})},
    ],
)
def test_what_no_rule_speaks_of_is_unknown_and_never_lawful(fee):
    found = lawful.check(rate_bps=100, **fee)

    assert found == lawful.Finding("unknown")


# Every row, whatever the table holds


def fitting(row):
    """Questions that this row answers for sure: one for each payer, payee, type and word of each condition."""
    base = Asked(jurisdiction=row.jurisdiction, payer_role="", payee_role="", fee_type="", region=row.region)
    asked = [
        replace(base, payer_role=payer, payee_role=payee, fee_type=fee_type)
        for payer in row.payer
        for payee in row.payee
        for fee_type in row.fee_types
    ]
    for name, words in row.when.items():
        said = list(words) if name in ONE_VALUE else [frozenset({word}) for word in words]
        asked = [replace(each, **{name: one}) for each in asked for one in said]
    return asked


@pytest.mark.parametrize("row", ROWS)
def test_every_row_answers_what_it_speaks_of(row):
    for asked in fitting(row):
        found = find(asked, [row])

        assert found.by == row
        if row.verdict == "capped":
            assert (found.verdict, found.depends_on) == ("unknown", ("rate", "institution"))
        else:
            assert (found.verdict, found.depends_on) == (row.verdict, ())


@pytest.mark.parametrize("row", ROWS)
def test_every_row_decides_something_in_the_whole_table(row):
    rules = [find(asked, fee_table.rules()).rule for asked in fitting(row)]

    assert row.key in rules


@pytest.mark.parametrize("row", [row for row in ROWS if row.values[0].when])
def test_a_row_whose_condition_is_not_so_or_not_said_decides_nothing(row):
    for asked in fitting(row):
        for name in row.when:
            if name in ONE_VALUE:
                unsaid = find(replace(asked, **{name: ""}), [row])
                assert (unsaid.verdict, unsaid.by) == ("unknown", row)
                assert name in unsaid.depends_on
                assert find(replace(asked, **{name: "something else"}), [row]) == lawful.Finding("unknown")
            else:
                assert find(replace(asked, **{name: frozenset()}), [row]) == lawful.Finding("unknown")


@pytest.mark.parametrize("row", [row for row in ROWS if row.values[0].verdict == "capped"])
def test_every_cap_holds_to_the_hundredth_of_a_percent(row):
    for asked in fitting(row):
        for institution, cap in row.cap_bps.items():
            within = find(replace(asked, institution=institution, rate_bps=cap), [row])
            above = find(replace(asked, institution=institution, rate_bps=cap + 1), [row])
            assert (within.verdict, above.verdict) == ("lawful", "over_cap")


@pytest.mark.parametrize("row", ROWS)
def test_no_row_speaks_of_another_place_payer_payee_or_type(row):
    for asked in fitting(row)[:1]:
        for change in (
            {"jurisdiction": "ZZ"},
            {"payer_role": "steward"},
            {"payee_role": "home_doctor"},
            {"fee_type": "gift"},
            *([{"region": "ZZ"}] if row.region else []),
        ):
            assert find(replace(asked, **change), [row]) == lawful.Finding("unknown")


def test_an_earlier_rule_that_could_fit_keeps_a_later_one_from_allowing():
    [_out_of_proportion, allowed] = [each for each in fee_table.rules() if each.region == "NV"]
    maybe = replace(allowed, key="maybe", verdict="forbidden", when={"institution": ("clinic",)}, region="")
    asked = Asked("US", "provider", "doctor", "medical", region="NV", care_paid_by="patient")

    found = find(asked, [maybe, allowed])

    assert (found.verdict, found.rule, found.depends_on) == ("unknown", allowed.key, ("institution",))
    assert find(replace(asked, institution="hospital"), [maybe, allowed]).verdict == "allowed_with_disclosure"
    assert find(replace(asked, institution="clinic"), [maybe, allowed]).rule == "maybe"
