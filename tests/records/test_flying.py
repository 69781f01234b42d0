"""How long nobody flies after an operation: the table, and that a doctor may only lengthen it."""

from datetime import date, timedelta

import pytest

from clearpath.core.outcomes import Refused
from clearpath.records import flying, policies, queries, steps
from clearpath.records.models import Opinion
from tests.walk import TODAY, TREATED_ON, walk_to

OPINION = {
    "suitability": "suitable", "plan": "p", "risks": "r", "alternatives": "a", "stay_days": 120, "surgeon": "s",
    "anaesthetist": "n",
}  # fmt: skip


def code_of(objection):
    return objection.code if objection else None


def test_every_event_of_the_table_has_words_and_every_number_a_source():
    assert set(flying.table()) == set(flying.EVENTS)
    for rules in flying.table().values():
        assert rules
        for rule in rules:
            assert 0 < rule.days <= 365
            assert rule.authority
            assert rule.source.startswith("http")
            assert rule.read_on <= date(2026, 11, 25)


@pytest.mark.parametrize(
    ("event", "days", "authority"),
    [
        ("cataract", 1, "UK Civil Aviation Authority"),
        ("bypass", 42, "Norse Atlantic Airways"),
        ("joint_replacement", 90, "Orthopaedic surgeon J. McLean"),
        ("craniotomy", 42, "Apollo Hospitals"),
    ],
)
def test_the_longest_of_all_authorities_counts(event, days, authority):
    rule = flying.strictest(event)

    assert (rule.days, rule.authority) == (days, authority)


def test_an_event_that_nobody_speaks_of_is_unknown():
    assert flying.strictest("teeth") is None
    assert flying.strictest("") is None
    assert flying.longest(["", "teeth"], []) is None


@pytest.mark.parametrize(
    ("procedure", "event"),
    [("Knee replacement", "joint_replacement"), ("HERNIA repair", "abdomen_simple"), ("Six implants", ""), ("", "")],
)
def test_a_form_proposes_the_event_by_the_name_of_the_procedure(procedure, event):
    assert flying.proposed_event(procedure) == event


def test_the_longest_holds_whether_the_table_or_a_doctor_says_it():
    assert flying.longest(["cataract", "keyhole"], [1]).days == 2
    assert flying.longest(["cataract"], [9]) == flying.Wait(9)


@pytest.mark.parametrize(
    ("event", "days", "why", "stay", "code"),
    [
        ("cataract", None, "", 1, None),
        ("cataract", 5, "", 9, None),
        ("joint_replacement", 89, "She is young", 120, "flight_too_early"),
        ("joint_replacement", 90, "", 90, None),
        ("joint_replacement", None, "", 89, "stay_shorter_than_flight"),
        ("teeth", 3, "Swelling", 9, "no_such_event"),
        ("", None, "", 9, "flight_days_needed"),
        ("", 3, " ", 9, "flight_days_needed"),
        ("", None, "Swelling", 9, "flight_days_needed"),
        ("", 3, "Swelling", 9, None),
        ("", 366, "For ever", 365, "flight_days_out_of_range"),
        ("", 0, "At once", 9, "flight_days_out_of_range"),
    ],
)
def test_why_not_fly_after(event, days, why, stay, code):
    assert code_of(policies.why_not_fly_after(event, days, why, stay)) == code


def test_the_refusal_names_the_rule_and_where_it_stands():
    says = str(policies.why_not_fly_after("joint_replacement", 10, "", 120).message)

    assert "90 days" in says
    assert "Orthopaedic surgeon J. McLean, http://www.jmclean.com.au/flying/" in says


@pytest.mark.parametrize(
    ("first", "wait", "code"),
    [
        (TODAY, None, "flight_days_needed"),
        (TODAY, flying.Wait(3), "fit_too_early"),
        (TODAY, flying.Wait(2), None),
    ],
)
def test_why_not_declare_fit_before_the_wait_is_over(first, wait, code):
    found = policies.why_not_declare_fit(first, first, discharged_on=TODAY, treated_on=TREATED_ON, wait=wait)

    assert code_of(found) == code


@pytest.mark.django_db
def test_give_opinion_takes_the_days_of_the_table_and_keeps_what_the_doctor_lengthened():
    walk = walk_to("records.give_opinion")

    steps.give_opinion(walk.journey, event="joint_replacement", by=walk.doctor, **OPINION)
    steps.give_opinion(walk.journey, event="joint_replacement", flight_days=110, by=walk.doctor, **OPINION)
    with pytest.raises(Refused, match="flight_too_early"):
        steps.give_opinion(walk.journey, event="joint_replacement", flight_days=10, by=walk.doctor, **OPINION)

    assert list(Opinion.objects.order_by("pk").values_list("flight_days", flat=True)) == [90, 110]


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["surgeon", "anaesthetist"])
def test_give_opinion_names_the_surgeon_and_the_anaesthetist(missing):
    walk = walk_to("records.give_opinion")

    with pytest.raises(Refused, match="team_needed"):
        steps.give_opinion(walk.journey, event="keyhole", by=walk.doctor, **OPINION | {missing: " "})

    assert not Opinion.objects.exists()


@pytest.mark.django_db
def test_declare_fit_to_fly_waits_as_long_as_the_table_says_and_tells_who_says_so():
    walk = walk_to("records.declare_fit_to_fly")
    Opinion.objects.update(event="joint_replacement")
    days = {"fit_from": TREATED_ON + timedelta(days=89), "fit_until": TREATED_ON + timedelta(days=120)}

    with pytest.raises(Refused, match="fit_too_early") as refusal:
        steps.declare_fit_to_fly(walk.journey, by=walk.doctor, **days)

    assert "Orthopaedic surgeon J. McLean" in str(refusal.value.objection.message)
    assert queries.flight_window(walk.journey.pk) is None
    steps.declare_fit_to_fly(walk.journey, by=walk.doctor, **days | {"fit_from": TREATED_ON + timedelta(days=90)})


@pytest.mark.django_db
def test_declare_fit_to_fly_of_an_old_opinion_without_days_asks_the_doctor():
    walk = walk_to("records.declare_fit_to_fly")
    Opinion.objects.update(event="", flight_days=None)

    with pytest.raises(Refused, match="flight_days_needed"):
        steps.declare_fit_to_fly(walk.journey, fit_from=TODAY, fit_until=TODAY, by=walk.doctor)
    fit = steps.declare_fit_to_fly(
        walk.journey, fit_from=TODAY, fit_until=TODAY, flight_days=2, why_flight_days="Small cut.", by=walk.doctor
    )

    assert "Small cut." in fit.text
