"""The plan of most value, against every plan that there is for small forums, and against a checker for larger ones."""

import json
import time

import pytest

from clearpath.forums.command_line.solve import certificate, document
from clearpath.forums.planning.answer import Status
from clearpath.forums.planning.checker import bound_by, faults_of
from clearpath.forums.planning.format import read
from clearpath.forums.planning.value import most_value
from tests.forums.planning.forums import best_of_all, small_forum


def planned(said, *, seconds=600.0, seed=0):
    """The answer, and how it is written."""
    problem = read(json.dumps(said), "forum")
    answer = most_value(problem, deadline=time.monotonic() + seconds, seed=seed, tell=str)
    written = json.loads(json.dumps(document(problem, answer, "value", 0)))
    return problem, answer, written


@pytest.mark.parametrize("block", range(5))
def test_no_plan_of_all_is_worth_more(block):
    for seed in range(block * 30, block * 30 + 30):
        said = small_forum(seed)
        best = best_of_all(said)

        problem, answer, written = planned(said)

        expected = (Status.OPTIMAL, best, best) if best is not None else (Status.IMPOSSIBLE, None, None)
        assert (answer.status, answer.score, answer.bound) == expected, seed
        assert faults_of(said, written) == [], seed
        if best is not None:
            assert bound_by(said, certificate(problem, answer.prices)) >= best
        else:
            assert answer.conflict
