"""Offers in one basket and one currency: what is left out, who says what it costs, the whole to the door."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearpath.offers.comparing import Offered, compare
from clearpath.offers.comparing.basket import NoRateError
from clearpath.offers.comparing.offered import Outcomes, Price
from clearpath.offers.comparing.usual import Estimate
from clearpath.offers.comparing.wording import sections
from clearpath.offers.lines import Kind, Line, Plan, Promise
from clearpath.offers.ranking.score import interval
from clearpath.offers.rates import rate

ON = date(2026, 10, 30)  # a day of which the bank's rates are in the file that is installed
STAY = Plan(starts_on=date(2027, 1, 11), ends_on=date(2027, 1, 25))  # 14 nights


def offered(*lines, **more):
    given = {"name": "Kestane", "currency": "EUR", "stay_nights": 4, "valid_until": date(2026, 12, 31)} | more
    return Offered(lines=lines or (Line("Operation", 800_000, "treatment"),), **given)


def cells_of(offers, kind, **more):
    return [each.cells[kind] for each in compare(offers, currency="EUR", on=ON, **more).offers]


def test_a_line_that_an_offer_leaves_out_costs_what_the_hospital_says_else_the_middle_of_the_others():
    offers = [
        offered(Line("Driver", 10_000, "transfer")),
        offered(Line("Driver", 30_000, "transfer", "optional")),
        offered(Line("Driver", 12_000, "transfer", "excluded")),
        offered(),
    ]

    cells = cells_of(offers, "transfer")

    assert [(cell.how, cell.amount_minor, cell.extra) for cell in cells] == [
        ("included", 10_000, None),
        ("optional", 0, Estimate(30_000, "offer")),
        ("excluded", 0, Estimate(12_000, "offer")),
        ("missing", 0, Estimate(12_000, "others", 3)),
    ]


def test_what_nobody_says_is_unknown_and_not_in_the_total():
    [one] = compare([offered()], currency="EUR", on=ON).offers

    assert one.cells["interpreter"].is_unknown
    assert one.door_minor == one.price_minor == 800_000
    assert one.unknown == ("interpreter", "transfer", "lodging", "complication_cover", "follow_up", "travel")


def test_the_whole_to_the_door_is_price_and_what_is_left_out_and_travel():
    offer = offered(
        Line("Operation", 800_000, "treatment"), Line("Hotel", 90_000, "lodging", "excluded"),
        plan=STAY, travel=Price(40_000, "EUR", "the patient"),
    )  # fmt: skip

    [one] = compare([offer], currency="EUR", on=ON).offers

    assert (one.price_minor, one.extras_minor, one.travel_minor, one.door_minor) == (800_000, 90_000, 40_000, 930_000)


def test_lodging_is_compared_by_night_where_the_nights_are_known():
    ten = offered(Line("Hotel", 50_000, "lodging"), plan=STAY)  # 10 nights outside
    longer = offered(plan=replace(STAY, ends_on=date(2027, 2, 4)))  # 20 nights outside
    none_outside = offered(plan=replace(STAY, ends_on=date(2027, 1, 15)))

    _ten, long, short = cells_of([ten, longer, none_outside], "lodging")

    assert long.extra == Estimate(100_000, "others", 1)
    assert short.extra == Estimate(0, "offer")


def test_the_way_and_the_nights_come_from_the_table_where_nobody_says_better():
    said = offered(country="TR", plan=STAY, travel=Price(12_300, "EUR", "the patient"))

    by_table, by_patient = compare([offered(country="TR", plan=STAY), said], currency="EUR", on=ON, home="GB").offers

    assert (by_table.travel_minor, by_table.cells["lodging"].extra.origin) == (40_000, "table")
    assert by_table.offer.distance_km == 2840
    assert by_patient.travel_minor == 12_300


def test_what_is_said_in_another_way_than_by_a_line_is_in_the_price():
    plan = Plan(complications_paid_by="provider", aftercare=(Promise(14, "By video"),))

    [one] = compare([offered(Line("Knee", 5), plan=plan)], currency="EUR", on=ON).offers

    assert {kind for kind, cell in one.cells.items() if cell.how == "included"} == {
        "treatment", "stay", "complication_cover", "follow_up", "other",
    }  # fmt: skip


def test_an_excluded_line_beside_an_included_one_of_its_kind_comes_on_top():
    [cell] = cells_of(
        [offered(Line("One knee", 5_000, "implant"), Line("Other", 700, "implant", "excluded"))], "implant"
    )

    assert (cell.how, cell.amount_minor, cell.extra) == ("included", 5_000, Estimate(700, "offer"))


def test_a_price_is_converted_at_the_dated_rate_that_is_shown():
    comparison = compare([offered(currency="USD"), offered(currency="JPY")], currency="EUR", on=ON)

    dollars, yen = comparison.offers
    assert [each.on for each in comparison.rates] == [ON, ON]
    assert dollars.price_minor == round(800_000 * dollars.rate.value)
    assert yen.price_minor == round(800_000 * 100 * yen.rate.value)  # the yen has no minor unit


def test_a_day_without_a_rate_takes_the_newest_before_it():
    sunday = date(2026, 10, 25)

    assert rate("USD", "EUR", sunday).on == date(2026, 10, 23)
    assert rate("USD", "EUR", date(2036, 1, 1)).on >= ON


def test_a_currency_held_to_the_dollar_goes_by_it_and_says_so():
    dirham, dollar = rate("AED", "EUR", ON), rate("USD", "EUR", ON)

    assert (dirham.pegged, dirham.on) == (("AED",), ON)
    assert abs(dirham.value - dollar.value / Decimal("3.6725")) < Decimal("1e-12")


def test_before_there_was_a_euro_there_is_no_rate():
    assert rate("EUR", "USD", date.min) is None


def test_a_currency_without_a_rate_is_no_guess():
    with pytest.raises(NoRateError) as wrong:
        compare([offered(currency="XXQ")], currency="EUR", on=ON)

    assert wrong.value.currency == "XXQ"


def test_one_happy_patient_proves_little():
    assert [round(each, 2) for each in interval(1, 1)] == [0.21, 1.0]
    assert [round(each, 2) for each in interval(90, 100)] == [0.83, 0.94]
    assert interval(0, 0) == (0.0, 1.0)


def test_rows_that_differ_are_marked_and_the_same_are_not():
    told = sections(compare([offered(), offered(Line("Operation", 700_000, "treatment"))], currency="EUR", on=ON))

    rows = {row.label: row.differs for section in told for row in section.rows}
    assert (rows["Treatment"], rows["Transfer"], rows["Valid until"]) == (True, False, False)


def test_the_order_is_the_one_that_was_given():
    offers = [offered(Line("Operation", price, "treatment"), name=str(price)) for price in (900, 100, 500)]

    assert [each.offer.name for each in compare(offers, currency="EUR", on=ON).offers] == ["900", "100", "500"]


def test_what_became_of_patients_is_told_with_its_interval_and_the_lost():
    told = sections(compare([offered(outcomes=Outcomes(treated=10, well=8, lost=1))], currency="EUR", on=ON))

    [row] = [row for section in told for row in section.rows if row.label == "How patients did"]
    assert row.cells[0].lines == (
        "8 of 10 recovered as planned", "so for others: between 49 and 94 of 100", "1 were lost to follow-up",
    )  # fmt: skip


LINES = st.lists(
    st.builds(
        Line, st.just("x"), st.integers(0, 10**7), st.sampled_from(Kind.values),
        st.sampled_from(["included", "optional", "excluded"]),
    ),
    max_size=8,
)  # fmt: skip


@given(st.lists(LINES, min_size=1, max_size=5))
def test_in_any_basket_sums_hold_and_nothing_is_lost(every):
    offers = [offered(*lines) if lines else offered() for lines in every]

    comparison = compare(offers, currency="EUR", on=ON)

    for each, offer in zip(comparison.offers, offers, strict=True):
        assert tuple(each.cells) == comparison.basket
        assert each.price_minor == offer.total_minor == sum(cell.amount_minor for cell in each.cells.values())
        assert each.door_minor == each.price_minor + each.extras_minor
        assert [line for kind in comparison.basket for line in each.cells[kind].lines] == sorted(
            offer.lines, key=lambda line: Kind.values.index(line.kind)
        )


def test_an_offer_has_expired_after_its_last_day_and_not_on_it():
    offers = [offered(valid_until=ON), offered(valid_until=date(2026, 10, 29))]

    assert [each.is_expired for each in compare(offers, currency="EUR", on=ON).offers] == [False, True]
