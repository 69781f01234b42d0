"""What the way costs, and prices in euro. The figures of the table are assumptions; their use is not."""

import pytest

from clearpath.offers.finding import costs
from clearpath.offers.rates import in_euro, newest_day, rate


def test_the_table_is_whole():
    table = costs.costs()

    assert [most for most, _minor in table.bands] == sorted(most for most, _minor in table.bands)
    assert [minor for _most, minor in table.bands] == sorted(minor for _most, minor in table.bands)
    assert all(code.isupper() and len(code) == 2 and len(each.words) == 3 for code, each in table.countries.items())
    assert all(costs.travel_minor(one, other) for one in table.countries for other in table.countries)


def test_the_way_is_the_same_in_both_directions_and_longer_is_not_cheaper():
    assert costs.travel_minor("KW", "TR") == costs.travel_minor("TR", "KW")
    assert costs.travel_minor("TR", "TR") < costs.travel_minor("BG", "TR") < costs.travel_minor("US", "TR")
    assert costs.travel_minor("KW", "XX") is costs.travel_minor("XX", "KW") is None


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [((41.0, 29.0), (41.0, 29.0), 0), ((0, 0), (0, 180), 20015), ((51.5, -0.1), (48.9, 2.4), 340)],
)
def test_distances_are_those_on_a_globe(one, other, km):
    assert costs.distance_km(one, other) == pytest.approx(km, abs=5)


def test_prices_become_euro_by_dated_rates():
    assert in_euro(12_345, "EUR") == 12_345
    assert in_euro(100_000, "USD") == round(100_000 / float(rate("EUR", "USD", newest_day()).value))
    assert in_euro(1_000, "JPY") == round(100_000 / float(rate("EUR", "JPY", newest_day()).value))
    assert in_euro(367_250, "AED") == pytest.approx(in_euro(100_000, "USD"), abs=1)
    assert in_euro(1_000, "XAF") is None


@pytest.mark.parametrize(("stay", "recovery", "nights"), [(3, 10, 8), (5, 2, 1), (0, 0, 1)])
def test_nights_nearby_are_one_before_and_those_after_the_hospital(stay, recovery, nights):
    assert costs.nights_nearby(stay, recovery) == nights
