"""Keys sort by the time they were made, also within one millisecond and when the clock goes back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import time_machine

from clearpath.core.identifiers import new_id, new_ids


def test_keys_made_one_after_another_sort_so():
    made = [new_id() for _ in range(20_000)] + new_ids(20_000) + [new_id()]

    assert made == sorted(set(made))
    assert {(each.version, each.variant) for each in made} == {(7, "specified in RFC 4122")}


def test_keys_sort_so_while_the_clock_stands_or_goes_back():
    before = new_id()
    with time_machine.travel(datetime(2020, 1, 1, tzinfo=UTC), tick=False):
        made = [new_id() for _ in range(1_000)]

    made = [before, *made, new_id()]
    assert made == sorted(set(made))


def test_threads_never_get_the_same_key():
    with ThreadPoolExecutor(8) as pool:
        made = [key for keys in pool.map(lambda _: [new_id() for _ in range(2_000)], range(8)) for key in keys]

    assert len(set(made)) == len(made)


def test_no_keys_are_no_keys():
    assert new_ids(0) == []
