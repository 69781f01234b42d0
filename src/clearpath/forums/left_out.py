"""Who has fewer meetings in a plan than they should, and why. Pure."""

from collections import defaultdict

from clearpath.forums.planning.answer import Answer
from clearpath.forums.planning.problem import NOWHERE, Problem
from clearpath.forums.planning.sentences import Sentence, say


def left_out(problem: Problem, answer: Answer) -> list[list[object]]:
    """Name, meetings, how many there should be, and a sentence: for who has none, or fewer than their least."""
    if answer.plan is None:
        return []
    could: dict[int, list[int]] = defaultdict(list)
    for meeting, pair in enumerate(zip(problem.first.tolist(), problem.second.tolist(), strict=True)):
        for delegate in pair:
            could[delegate].append(meeting)
    found: list[list[object]] = []
    for delegate, name in enumerate(problem.delegates):
        has = sum(int(answer.plan.slot[meeting]) != NOWHERE for meeting in could[delegate])
        least = int(problem.least[delegate])
        if has < max(least, 1) and int(problem.most[delegate]) > 0:
            found.append([name, has, max(least, 1), _why(problem, delegate, len(could[delegate]))])
    return found


def _why(problem: Problem, delegate: int, could: int) -> Sentence:
    if could == 0:
        return say("nobody_could")
    slots = int(problem.free[delegate].sum())
    if slots == 0:
        return say("always_away")
    if could < max(1, int(problem.least[delegate])):
        return say("few_possible", n=could)
    return say("others_busy")
