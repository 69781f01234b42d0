"""Worked examples that others published, each cited, with the numbers that they give."""

from fractions import Fraction

import pytest

from clearpath.marketing.attribution import Paths, divide
from clearpath.marketing.attribution.markov import chain, removal_effects


def paths_of(*rows):
    """From `a>b` with how many took it and how many converted; each conversion brings 1,000."""
    return Paths.of([(path.split(">"), total, converted, 1_000 * converted) for path, total, converted in rows])


def effects_of(paths):
    return dict(zip(paths.channels, removal_effects(paths).round(12).tolist(), strict=True))


# J. Kinley, "Data-Driven Marketing Attribution", github.com/jrkinley/game-theory-attribution, 2018: 100 conversions by
# the set of channels that led to them; worth and marginal contributions in all six orders; the last table.
KINLEY = {"F": 18, "G": 4, "L": 8, "F>G": 10, "F>L": 26, "G>L": 7, "F>G>L": 27}


def test_shapley_is_what_kinley_worked_out_order_by_order():
    paths = paths_of(*((path, count, count) for path, count in KINLEY.items()))

    assert dict(zip(paths.channels, divide(paths, "shapley"), strict=True)) == {"F": 45_000, "G": 21_500, "L": 33_500}


def test_shapley_is_the_simplified_formula_of_zhao_mahboobi_and_bagheri():
    """Zhao, Mahboobi and Bagheri (2018), arXiv:1804.05327: the sum over sets S with the channel of R(S) / |S|."""
    paths = paths_of(*((path, count, count) for path, count in KINLEY.items()))

    by_formula = [
        sum(Fraction(1_000 * count, len(path.split(">"))) for path, count in KINLEY.items() if channel in path)
        for channel in paths.channels
    ]

    assert divide(paths, "shapley") == by_formula


# S. Bryl', "Marketing Multi-Channel Attribution model with R (part 1: Markov chains concept)", analyzecore.com,
# 2016-08-03: three journeys, the chance to convert is a third, without C1 a sixth, without C2 or C3 none.
BRYL = (("C1>C2>C3", 1, 1), ("C1", 1, 0), ("C2>C3", 1, 0))


def test_markov_is_what_bryl_worked_out():
    paths = paths_of(*BRYL)

    assert effects_of(paths) == {"C1": 0.5, "C2": 1, "C3": 1}
    assert divide(paths, "markov") == [200, 400, 400]


def test_markov_has_the_transitions_that_puzyrov_published():
    """S. Puzyrov, "Markov Chain Attribution: Simple Explanation Of Removal Effect", serhiipuzyrov.com, July 2019."""
    paths = paths_of(("google ads", 3, 2), ("mailing", 1, 1), ("google ads>mailing", 1, 1))

    begin, onward, convert = chain(paths)

    assert begin.tolist() == [0.8, 0.2]
    assert onward.tolist() == [[0, 0.25], [0, 0]]
    assert convert.tolist() == [0.5, 1]
    # without Google Ads 0.2 of 0.8 are left, without mailing 0.4
    assert effects_of(paths) == {"google ads": 0.75, "mailing": 0.5}
    assert divide(paths, "markov") == [2_400, 1_600]


def test_markov_is_near_to_what_pychattr_simulates():
    """README of pychattr 0.2.1, the example of a Markov model: 10,000 simulated walks, repeats in one stay."""
    paths = paths_of(("A>B>A>B>B>A", 1, 1), ("A>B>B>A>A", 1, 1), ("A>A", 1, 1))

    assert divide(paths, "markov") == [2_000, 1_000]
    assert divide(paths, "markov") == pytest.approx([1_991.106, 1_008.894], abs=10)


def test_markov_falls_back_on_nothing_where_a_walk_can_come_round():
    """Anderl et al. (2016): a removed channel leads to the end. Here against the definition, walked step by step."""
    paths = paths_of(("a>b>a>c", 5, 2), ("b>c>b", 4, 1), ("c", 3, 3), ("b>a", 7, 0))
    begin, onward, convert = chain(paths)

    for channel, effect in enumerate(removal_effects(paths)):
        kept, walking = 0.0, begin.copy()
        for _ in range(200):
            walking[channel] = 0
            kept += walking @ convert
            walking = walking @ onward
        whole, walking = 0.0, begin.copy()
        for _ in range(200):
            whole += walking @ convert
            walking = walking @ onward
        assert effect == pytest.approx(1 - kept / whole, abs=1e-12)
