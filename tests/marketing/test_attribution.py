"""What must hold for every model on any paths."""

from fractions import Fraction
from itertools import combinations
from math import factorial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearpath.marketing.attribution import MODELS, Paths, divide, interval, is_small
from tests.examples import examples

CHANNELS = "abcdefgh"


@st.composite
def rows(draw, most=12):
    """Paths over up to eight channels, some taken by nobody, some without a conversion."""
    found = []
    for path in draw(st.lists(st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=9), min_size=1, max_size=most)):
        total = draw(st.integers(0, 50))
        converted = draw(st.integers(0, total))
        value = draw(st.integers(0, 10**12)) if converted else 0
        found.append((path, total, converted, value))
    return found


def shapley_by_definition(listed):
    """Every coalition of every channel, weighed as Shapley (1953) does; exact."""
    channels = sorted({channel for path, *_ in listed for channel in path})
    count = len(channels)

    def worth(coalition):
        return sum(value for path, _total, _converted, value in listed if set(path) <= coalition)

    found = []
    for channel in channels:
        others = [each for each in channels if each != channel]
        found.append(
            sum(
                Fraction(factorial(size) * factorial(count - size - 1), factorial(count))
                * (worth({*chosen, channel}) - worth(set(chosen)))
                for size in range(count)
                for chosen in combinations(others, size)
            )
        )
    return found


@pytest.mark.slow
@settings(max_examples=examples(50))
@given(rows())
def test_shapley_is_the_exact_value_on_any_paths_of_up_to_eight_channels(listed):
    exact = shapley_by_definition(listed)

    found = divide(Paths.of(listed), "shapley")

    assert sum(found) == sum(exact)
    assert all(abs(credit - value) < 1 for credit, value in zip(found, exact, strict=True))


@pytest.mark.slow
@given(rows(), st.floats(0.01, 100))
def test_credits_add_up_to_the_whole_and_none_is_negative(listed, half_life):
    paths = Paths.of(listed)

    for model in MODELS:
        found = divide(paths, model, half_life=half_life)
        assert sum(found) == sum(value for *_, value in listed)
        assert min(found) >= 0


def all_credits(paths):
    return {model: divide(paths, model) for model in MODELS}


@pytest.mark.slow
@given(rows(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(listed, chance):
    shuffled = chance.sample(listed, len(listed))

    assert all_credits(Paths.of(shuffled)) == all_credits(Paths.of(listed))


@pytest.mark.slow
@given(rows())
def test_a_path_in_one_row_or_in_several_is_the_same(listed):
    in_several = Paths.of([*listed, *listed[:3]])

    assert all_credits(in_several) == all_credits(in_several.merged)


def by_definition(path, value, model, half_life):
    """What each touch of one path is due, not rounded."""
    length = len(path)
    ends = {
        1: [Fraction(1)],
        2: [Fraction(1, 2)] * 2,
    }.get(length, [Fraction(2, 5), *[Fraction(1, 5) / max(1, length - 2)] * (length - 2), Fraction(2, 5)])
    decay = [2 ** (-place / half_life) for place in reversed(range(length))]
    shares = {
        "first": [1] + [0] * (length - 1),
        "last": [0] * (length - 1) + [1],
        "linear": [Fraction(1, length)] * length,
        "time_decay": [each / sum(decay) for each in decay],
        "position": ends,
    }[model]
    return [share * value for share in shares]


@pytest.mark.slow
@settings(max_examples=examples(50))
@given(rows(), st.sampled_from(["first", "last", "linear", "time_decay", "position"]), st.sampled_from([0.5, 1, 7.5]))
def test_a_rule_gives_each_touch_its_part_of_what_its_path_brought(listed, model, half_life):
    paths = Paths.of(listed)
    due = dict.fromkeys(paths.channels, 0)
    for path, _total, _converted, value in listed:
        for channel, part in zip(path, by_definition(path, value, model, half_life), strict=True):
            due[channel] += part

    found = divide(paths, model, half_life=half_life)

    assert all(abs(credit - each) < 1.01 for credit, each in zip(found, due.values(), strict=True))


def test_position_gives_two_touches_half_each_and_one_touch_all():
    assert divide(Paths.of([(["a", "b"], 1, 1, 100)]), "position") == [50, 50]
    assert divide(Paths.of([(["a"], 1, 1, 100)]), "position") == [100]
    assert divide(Paths.of([(["a", "b", "c", "d"], 1, 1, 100)]), "position") == [40, 10, 10, 40]


def test_time_decay_counts_half_one_half_life_earlier():
    paths = Paths.of([(["a", "b", "c"], 1, 1, 700)])

    assert divide(paths, "time_decay") == [100, 200, 400]
    assert divide(paths, "time_decay", half_life=1e6) == [233, 233, 234]
    assert divide(paths, "time_decay", half_life=0.01) == [0, 0, 700]


def test_markov_counts_those_who_did_not_convert():
    converting = [(["a"], 1, 1, 100), (["b"], 1, 1, 100)]

    assert divide(Paths.of([*converting, (["a", "b"], 0, 0, 0)]), "markov") == [100, 100]
    # half of all walks convert now; without `a` a twelfth does, without `b` a quarter: effects of 5/6 and 1/2
    assert divide(Paths.of([*converting, (["a", "b"], 2, 0, 0)]), "markov") == [125, 75]


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_many_channels_and_long_paths_are_no_obstacle(model):
    """Shapley by its definition would ask 2**1000 coalitions."""
    names = [f"channel {number}" for number in range(1_000)]
    paths = Paths.of([(names, 3, 2, 1_001), (names * 5, 1, 1, 7), (names[:1], 5, 5, 10**15)])

    assert sum(divide(paths, model)) == 10**15 + 1_008


@pytest.mark.parametrize("model", MODELS)
def test_paths_that_brought_nothing_have_nothing_to_divide(model):
    assert divide(Paths.of([(["a", "b"], 5, 0, 0)]), model) == [0, 0]
    assert divide(Paths.of([]), model) == []


def test_sums_beyond_floating_point_stay_exact():
    paths = Paths.of([(["a", "b", "c"], 1, 1, 2**52), (["a", "b", "c"], 1, 1, 2**52 - 1)])

    assert sum(divide(paths, "linear")) == 2**53 - 1


# ---- The interval ---------------------------------------------------------------------------------------------------


def few(times=1):
    return Paths.of(
        [(["a", "b"], 40 * times, 8 * times, 80_000 * times), (["b"], 30 * times, 12 * times, 90_000 * times)]
    )


@pytest.mark.slow
def test_an_interval_holds_the_credit_and_is_the_same_each_time():
    paths = few()

    found = interval(paths, MODELS)

    for model, spans in found.items():
        assert all(low <= credit <= high for credit, (low, high) in zip(divide(paths, model), spans, strict=True))
    assert found == interval(paths, MODELS)


@pytest.mark.slow
def test_an_interval_depends_neither_on_the_order_of_rows_nor_on_how_a_path_is_split():
    split = Paths.of([(["b"], 10, 4, 30_000), (["a", "b"], 40, 8, 80_000), (["b"], 20, 8, 60_000)])

    assert interval(split, ["linear", "markov"]) == interval(few(), ["linear", "markov"])


@pytest.mark.slow
def test_an_interval_narrows_with_more_people():
    [(low, high), _] = interval(few(), ["linear"])["linear"]
    [(low_of_many, high_of_many), _] = interval(few(16), ["linear"])["linear"]

    assert (high - low) / 40_000 > 2 * (high_of_many - low_of_many) / (16 * 40_000)


def test_an_interval_is_for_few_conversions():
    assert is_small(few())
    assert not is_small(few(50))
    assert not is_small(Paths.of([(["a"], 5, 0, 0)]))


@pytest.mark.slow
def test_an_interval_is_wide_enough_where_the_answer_is_known():
    """20 of 100 convert, half of them through `a` alone: a credit of 10 conversions, plus and minus about 6."""
    paths = Paths.of([(["a"], 50, 10, 10), (["b"], 50, 10, 10)])

    [(low, high), _] = interval(paths, ["first"])["first"]

    # the binomial of 100 with a chance of a tenth has its outer 2.5 % below 5 and above 16
    assert (low, high) == (pytest.approx(5, abs=1), pytest.approx(16, abs=1))


@pytest.mark.slow
def test_a_path_of_very_many_touches_holds_nobody_up():
    """Once each share was summed anew for every touch: hours."""
    paths = Paths.of([(["a", "b", "c"] * 30_000, 3, 2, 1_000), (["a"], 1, 1, 5)])

    spans = interval(paths, ["linear", "time_decay", "shapley"])

    assert divide(paths, "linear") == [339, 333, 333]
    assert len(spans["linear"]) == 3
