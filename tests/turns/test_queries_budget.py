"""How many queries things take: facts on any machine, so that nobody slows a step or a list unseen."""

import sys
from contextlib import contextmanager

import pytest
from django.db import connection

from clearpath.turns import step
from tests.walk import PATH, YESTERDAY, begin, compare

pytestmark = pytest.mark.django_db

MOST = 12  # of the mechanism in one step, besides what the step's own function reads and writes
WHEN_OTHER_LANES_END = MOST + 2  # their lanes, and their seats


def test_no_step_of_the_straight_path_takes_more_queries_than_it_may():
    walk = begin(lanes=2)

    with each_step_counted() as counted:
        for name, take in PATH.items():
            if name == "offers.accept":
                compare(walk.at(YESTERDAY))
            take(walk)
            walk.journey.refresh_from_db()

    assert counted.pop("offers.accept") <= WHEN_OTHER_LANES_END
    assert set(PATH) - {"offers.accept"} <= set(counted)
    assert {name: count for name, count in counted.items() if count > MOST} == {}


@contextmanager
def each_step_counted():
    """For each step taken within: the most queries that the mechanism took around its function."""
    counted: dict[str, int] = {}
    kept = step._take, step._take_first

    def counting(taken):
        def take(function, taking, *rest):
            with queries_but_those_of(function) as queries:
                result = taken(function, taking, *rest)
            counted[taking.name] = max(counted.get(taking.name, 0), len(queries))
            return result

        return take

    step._take, step._take_first = map(counting, kept)
    try:
        yield counted
    finally:
        step._take, step._take_first = kept


@contextmanager
def queries_but_those_of(function):
    counted: list[str] = []

    def count(execute, sql, params, many, context):
        if not _runs(function):
            counted.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield counted


def _runs(function) -> bool:
    frame = sys._getframe()
    while frame is not None and frame.f_code is not function.__code__:
        frame = frame.f_back
    return frame is not None
