"""The rule of the order: what raises, what lowers, and that little proves little. No database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearpath.offers.ranking import rule as rules
from clearpath.offers.ranking.rule import rule
from clearpath.offers.ranking.score import Known, as_json, from_json, interval, judged, shrunk
from clearpath.offers.ranking.wording import CRITERIA, REASONS, outcome_sentence, reason

TODAY = date(2026, 6, 1)
YEARS = {"licence": TODAY + timedelta(days=900), "accreditation": TODAY + timedelta(days=900)}
PLAIN = Known(ends={"licence": TODAY + timedelta(days=900)}, entry=0.7)


def score(known: Known) -> int:
    return judged(known, rule(), {}, on=TODAY).score


def reasons(known: Known, *, higher: bool) -> list[str]:
    found = judged(known, rule(), {}, on=TODAY).reasons
    return [reason(each, known, on=TODAY) for each in found if (each.change > 0) == higher]


def test_one_happy_patient_raises_nobody():
    assert score(replace(PLAIN, treated=1, well=1)) == score(PLAIN)
    assert score(replace(PLAIN, reviews=2, stars=5)) == score(PLAIN)
    assert score(replace(PLAIN, answers=1, answer_hours=1)) == score(PLAIN)


def test_many_well_patients_raise_and_more_of_them_raise_more():
    few, many = replace(PLAIN, treated=5, well=5), replace(PLAIN, treated=200, well=200)

    assert score(PLAIN) < score(few) < score(many)


def test_who_is_lost_to_follow_up_counts_against():
    known, lost = replace(PLAIN, treated=20, well=18), replace(PLAIN, treated=30, well=18, lost=10, waiting=2)

    assert score(lost) < score(known)
    assert "10 not heard of again" in reasons(lost, higher=False)[0]


def test_who_is_not_due_yet_does_not_count():
    assert score(replace(PLAIN, treated=30, well=18, waiting=10)) == score(replace(PLAIN, treated=20, well=18))


def test_reasons_say_what_raises_and_what_lowers():
    known = Known(treated=3, well=3, answers=9, answer_hours=5, ends={"licence": TODAY + timedelta(days=20)}, entry=0.7)

    assert reasons(known, higher=True) == ["answers in 5 hours", "3 of 3 recent patients recovered as planned"]
    assert reasons(known, higher=False) == ["licence ends in 20 days"]


def test_outcomes_are_told_with_their_interval():
    assert outcome_sentence(Known(treated=10, well=9, lost=1)) == (
        "9 of 10 recent patients recovered as planned (of 100, likely 60 to 98)."
        " 1 was not heard of again and counts as not recovered."
    )
    assert outcome_sentence(Known(treated=2, waiting=2)) == "No outcome is known yet."


# Brown, Cai, DasGupta, Interval estimation for a binomial proportion, Statistical Science 16 (2001), give the formula;
# the figures are scipy's, binomtest(k, n).proportion_ci(method="wilson").
@pytest.mark.parametrize(
    ("well", "count", "low", "high"),
    [(9, 10, 0.595850, 0.982124), (0, 4, 0.0, 0.489891), (4, 4, 0.510109, 1.0), (81, 263, 0.255289, 0.366210)],
)
def test_the_interval_is_wilsons(well, count, low, high):
    assert interval(well, count) == pytest.approx((low, high), abs=1e-5)


@given(st.integers(1, 500), st.data())
def test_the_share_lies_in_its_interval(count, data):
    well = data.draw(st.integers(0, count))
    low, high = interval(well, count)

    assert -1e-12 <= low - 1e-12 <= well / count <= high + 1e-12 <= 1 + 1e-12


@pytest.mark.parametrize(("well", "count"), [(2, 1), (-1, 3)])
def test_an_interval_of_more_well_than_there_are_is_refused(well, count):
    with pytest.raises(ValueError, match="no more well"):
        interval(well, count)


facts = st.builds(
    Known,
    treated=st.integers(20, 60),
    waiting=st.integers(0, 5),
    well=st.integers(0, 15),
    reviews=st.integers(0, 50),
    stars=st.floats(1, 5),
    answers=st.integers(0, 50),
    answer_hours=st.floats(0, 500),
    ends=st.dictionaries(st.sampled_from(["licence", "accreditation"]), st.dates(TODAY, date(2030, 1, 1))),
    entry=st.floats(0, 1),
)


@given(facts)
def test_better_facts_never_lower(known):
    assert score(replace(known, well=known.well + 1)) >= score(known)
    assert score(replace(known, ends=YEARS)) >= score(known)
    assert score(replace(known, entry=1)) >= score(known)
    assert score(replace(known, lost=known.lost + 1, treated=known.treated + 1)) <= score(known)


@given(facts)
def test_a_score_lies_between_nothing_and_all(known):
    assert 0 <= score(known) <= 10_000


@given(facts)
def test_facts_kept_beside_a_score_make_the_same_score_again(known):
    assert from_json(as_json(known)) == known


@given(st.integers(0, 200), st.floats(0, 1), st.floats(0, 1))
def test_a_drawn_figure_lies_between_its_own_and_the_usual(count, figure, usual):
    drawn = shrunk(count, figure, rule().criteria["outcomes"], usual)

    assert min(figure, usual) - 1e-9 <= drawn <= max(figure, usual) + 1e-9


def test_every_criterion_of_the_rule_is_explained():
    assert set(rule().criteria) == set(CRITERIA) == set(REASONS)


def test_a_rule_whose_weights_do_not_add_up_is_refused():
    text = rules.FILE.read_text(encoding="utf-8").replace("{weight: 40", "{weight: 45")

    with pytest.raises(ValueError, match="add up to 100"):
        rules.read(text)
