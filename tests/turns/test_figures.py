from hypothesis import given
from hypothesis import strategies as st

from clearpath.turns.figures import total_or_none, withheld

COUNTS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 40), max_size=9)


def test_a_small_group_is_withheld_together_with_the_next_smallest():
    assert withheld({"a": 3, "b": 12, "c": 40}, smallest_group=10) == {"a": None, "b": None, "c": 40}


def test_large_groups_and_zeros_are_shown():
    assert withheld({"a": 10, "b": 0}, smallest_group=10) == {"a": 10, "b": 0}


def test_small_groups_that_hide_each_other_hide_nobody_else():
    assert withheld({"a": 6, "b": 7, "c": 40}, smallest_group=10) == {"a": None, "b": None, "c": 40}


def test_where_too_few_are_left_to_hide_behind_everything_is_withheld():
    assert withheld({"a": 3, "b": 0}, smallest_group=10) == {"a": None, "b": None}


@given(COUNTS)
def test_no_group_below_the_smallest_is_shown(counts):
    shown = withheld(counts, smallest_group=10)

    assert all(value is None or value == 0 or value >= 10 for value in shown.values())
    assert all(value in {None, counts[group]} for group, value in shown.items())


@given(COUNTS)
def test_what_is_withheld_cannot_be_found_by_subtracting_from_the_total(counts):
    shown = withheld(counts, smallest_group=10)
    total = total_or_none(counts, smallest_group=10)

    hidden = [group for group, value in shown.items() if value is None]
    if hidden and total is not None and any(value is not None for value in shown.values()):
        rest = total - sum(value for value in shown.values() if value is not None)
        assert len(hidden) > 1
        assert rest >= 10
